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
from jaxtyping import Float

from longshot.packets.chain import ChainScores
from longshot.packets.cues import CUES
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
        What each of :data:`~longshot.packets.cues.CUES` is multiplied by.
    first, inner
        What labels' log-probabilities are multiplied by: of a unit that a document
        begins with, and of one in which it goes on. Neighbours say much the same, so
        that each counts less than one.
    same
        How many times likelier a document has the label of the one before it, as a
        logarithm.
    """

    cues: Float[np.ndarray, " cue"]
    first: float
    inner: float
    same: float

    def scores(
        self,
        cues: Float[np.ndarray, "unit cue"],
        log_probabilities: Float[np.ndarray, "unit class"],
    ) -> ChainScores:
        """Give the scores of a file's units.

        Parameters
        ----------
        cues
            What speaks for a beginning.
        log_probabilities
            Of each label, as the classifier gives them for each unit by itself.
        """
        likelier = log_probabilities + np.log(log_probabilities.shape[1])
        return ChainScores(
            boundary=cues @ self.cues,
            first=self.first * likelier,
            inner=self.inner * likelier,
            same=self.same,
        )


@cache
def fitted_weights(kind: UnitKind) -> Weights:
    """Read the weights that were fitted on many sets."""
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"][kind]
    return Weights(
        cues=np.array([read["cues"][name] for name in CUES]),
        first=float(read["first"]),
        inner=float(read["inner"]),
        same=float(read["same"]),
    )
