"""What each cue is worth, as learned from files whose documents are known.

``python -m benchmarks.packets fit`` joins documents of many sets, and finds the weights
under which the true divisions are likeliest; they stand in ``weights.json``, once for
pages and once for passages.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.packets.chain import ChainScores, nearby_boundaries
from longshot.packets.cues import CUES
from longshot.packets.lengths import Lengths
from longshot.packets.units import UnitKind

LEAST_PROBABILITY = 1e-6
"""Of a label; whatever is less likely counts as this much, here and in the fit."""

WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Weights:
    """How cues and labels make scores.

    Attributes
    ----------
    cues
        What each of the kind's :data:`~longshot.packets.cues.CUES` is multiplied by.
    first, inner
        What labels' log-probabilities are multiplied by: of a unit that a document
        begins with, and of one in which it goes on. Neighbours say much the same, so
        that each counts less than one.
    same
        How many times likelier a document has the label of the one before it, as a
        logarithm.
    doubt
        The share of units that are taken to say nothing of their label, so that one of
        which the classifier is sure, and wrong, does not outweigh all others.
    price
        See :func:`~longshot.packets.chain.nearby_boundaries`; None where a boundary is
        told at the very unit that one is likelier at than not.
    """

    cues: Float[np.ndarray, " cue"]
    first: float
    inner: float
    same: float
    doubt: float = 0.0
    price: float | None = None

    def scores(
        self,
        cues: Float[np.ndarray, "unit cue"],
        log_probabilities: Float[np.ndarray, "unit class"],
        n_tokens: Int[np.ndarray, " unit"],
        lengths: Lengths | None,
    ) -> ChainScores:
        """Give the scores of a file's units.

        Parameters
        ----------
        cues
            What speaks for a beginning.
        log_probabilities
            Of each label, as the classifier gives them for each unit by itself.
        n_tokens
            Of each unit.
        lengths
            How long documents are; None where nobody knows.
        """
        likelier = log_likelier(log_probabilities, self.doubt)
        return ChainScores(
            boundary=cues @ self.cues,
            first=self.first * likelier,
            inner=self.inner * likelier,
            same=self.same,
            n_tokens=n_tokens,
            lengths=lengths,
        )

    def boundaries(
        self, probabilities: Float[np.ndarray, " unit"]
    ) -> Bool[np.ndarray, " unit"]:
        """Decide with which units documents begin, by how likely that is of each."""
        if self.price is None:
            begins = probabilities > 1 / 2
            begins[0] = True
            return begins
        return nearby_boundaries(probabilities, self.price)


def log_likelier(
    log_probabilities: Float[np.ndarray, "unit class"], doubt: float = 0.0
) -> Float[np.ndarray, "unit class"]:
    """Tell how many times likelier each label makes a unit than all do on the mean."""
    n_classes = log_probabilities.shape[1]
    if not doubt:
        return np.asarray(log_probabilities + np.log(n_classes))
    likelier = n_classes * np.exp(log_probabilities)
    return np.asarray(np.log((1 - doubt) * likelier + doubt))


@cache
def fitted_weights(kind: UnitKind) -> Weights:
    """Read the weights that were fitted on many sets."""
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"][kind]
    return Weights(
        cues=np.array([read["cues"][name] for name in CUES[kind]]),
        first=float(read["first"]),
        inner=float(read["inner"]),
        same=float(read["same"]),
        doubt=read["doubt"],
        price=read["price"],
    )
