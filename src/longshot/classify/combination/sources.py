"""Sources of evidence, and what each is worth.

A source is one way to score every class for a document: by the examples in one view, by
the labels' names in one view, or by something of the pile. Its scores are measured in
their own spread, so that no weight knows a model's dimensions or temperature. The
logarithm of a source's weight is a linear function of what can be seen without a label:
how many examples there are, how far the source's scores lie apart, whether it agrees
with the others. Its coefficients were fitted on episodes of many data sets by maximum
likelihood (``python -m benchmarks.suite fit``) and stand in ``priors.json``. A person's
own examples, held out, then draw the weights to where they are likelier, against a
Gaussian prior.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.features.views import View
from longshot.lbfgs import minimise
from longshot.probabilities import log_softmax

Kind = Literal["names", "examples"]
PRIORS = Path(__file__).with_name("priors.json")
LOG_WEIGHTS = (-7.0, 4.0)
"""Bounds of the logarithm of a weight, in the fit as here: what is less is nothing, and
documents unlike all that was fitted on make no source count without bounds."""

_MOST_ROUNDS, _TOLERANCE = 50, 1e-10
"""Of finding weights: until nothing is gained that could be seen in a probability."""


@dataclass(frozen=True, slots=True)
class Source:
    """One way to score every class for a document.

    Attributes
    ----------
    kind
        What documents are compared with.
    view
        What of a document is compared.
    """

    kind: Kind
    view: View

    def __str__(self) -> str:
        return f"{self.kind} in {self.view}"


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """How the weight of each source depends on what is observed.

    Attributes
    ----------
    observables
        What is observed, in the order of the coefficients.
    coefficients
        Of each source.
    precision
        How tightly held-out examples are held to the weights.
    """

    observables: tuple[str, ...]
    coefficients: dict[str, Float[np.ndarray, " observable"]]
    precision: float

    def log_weights(
        self,
        sources: Sequence[str],
        observed: Sequence[dict[str, float]],
    ) -> Float[np.ndarray, " source"]:
        """Give the logarithm of each source's weight.

        Parameters
        ----------
        sources
            Their names.
        observed
            What is observed of each.
        """
        places = [place for place, one in enumerate(sources) if one != NOT_FITTED]
        found = np.empty(len(sources))
        found[places] = self._fitted(sources, observed, places)
        if NOT_FITTED in sources:
            place = list(sources).index(NOT_FITTED)
            found[place] = self._of_entailment(sources, observed, observed[place])
        return found

    def _fitted(
        self,
        sources: Sequence[str],
        observed: Sequence[dict[str, float]],
        places: Sequence[int],
    ) -> Float[np.ndarray, " source"]:
        rows = [[observed[one][name] for name in self.observables] for one in places]
        table = [self.coefficients[sources[one]] for one in places]
        products = np.array(rows) * np.array(table)
        logs = products.reshape(len(places), -1).sum(axis=1)
        return np.asarray(np.clip(logs, *LOG_WEIGHTS))

    def _of_entailment(
        self,
        sources: Sequence[str],
        observed: Sequence[dict[str, float]],
        own: dict[str, float],
    ) -> float:
        """Give the logarithm of what a model of natural-language inference is worth.

        That was not fitted: no such model was at hand beside the data sets. Until
        examples tell more, it is believed as much as the model that gives the vectors:
        its one source is worth as much as the names in all other views together, if
        these agreed with the rest, and with the examples, as it does. They are worth
        less beside many examples, whose vectors say much of it again; what another
        model says they do not. But it is worth no more than the odds that it gives: of
        one that says nothing, nothing is made.
        """
        in_views = [
            place
            for place, one in enumerate(sources)
            if one.startswith("names ") and one != NOT_FITTED
        ]
        of_it = {name: own[name] for name in ("agreement", "likelihood")}
        like_it = [{**one, **of_it, "shots": 0.0} for one in observed]
        believed = np.logaddexp.reduce(self._fitted(sources, like_it, in_views))
        return float(np.clip(min(believed, own["spread"]), *LOG_WEIGHTS))


NOT_FITTED = str(Source("names", "entailment"))
"""The source whose coefficients are not among the fitted ones."""


@cache
def fitted_priors(part: Literal["alone", "pile"]) -> Priors:
    """Read the priors that were fitted on many data sets."""
    return read_priors(PRIORS, part)


def read_priors(path: Path, part: Literal["alone", "pile"]) -> Priors:
    """Read priors from a file: of the sources alone, or of those of a pile."""
    read = json.loads(path.read_text(encoding="utf-8"))[part]
    return Priors(
        observables=tuple(read["observables"]),
        coefficients={
            source: np.array(row) for source, row in read["coefficients"].items()
        },
        precision=float(read["precision"]),
    )


def updated(
    log_weights: Float[np.ndarray, " source"],
    kinds: Sequence[str],
    scores: Float[np.ndarray, "held_out source class"],
    class_indices: Int[np.ndarray, " held_out"],
    precision: float,
) -> Float[np.ndarray, " source"]:
    """Find the weights under which held-out examples are likelier.

    The logarithm of each weight moves by a term that all sources share, one of its kind
    and one of its own, each drawn to zero: the maximum a posteriori estimate. So what
    names say in one view is believed, or not, in the others.

    Each class of the examples counts the same, however many of them it has. Classes of
    which none could be held out are left out of the comparison: whatever favours the
    others would seem right.

    Parameters
    ----------
    log_weights, kinds
        What is expected of each source, and which belong together.
    scores, class_indices
        Of the examples, from what was learned without them, and their true classes.
    precision
        Of the prior.

    Returns
    -------
    ndarray
        The weights.
    """
    weights = np.asarray(np.exp(log_weights))
    if not len(class_indices) or not len(weights):
        return weights
    shown, places, counts = np.unique(
        class_indices, return_inverse=True, return_counts=True
    )
    among, rows = scores[..., shown], np.arange(len(places))
    counted = len(places) / (len(shown) * counts[places])
    of_truth = among[rows, :, places]
    design = weight_terms(kinds)

    def moved(terms: np.ndarray) -> np.ndarray:
        found = np.clip(log_weights + design @ terms, *LOG_WEIGHTS)
        return np.asarray(np.exp(found))

    def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
        now = moved(terms)
        fitted = log_softmax(np.einsum("efc,f->ec", among, now), axis=1)
        expected = np.einsum("efc,ec->ef", among, np.exp(fitted))
        slopes = design.T @ (now * (counted @ (expected - of_truth)))
        surprise = -counted @ fitted[rows, places]
        penalty = precision / 2 * (terms**2).sum()
        return float(surprise + penalty), slopes + precision * terms

    start = np.zeros(design.shape[1])
    return moved(minimise(loss, start, max_rounds=_MOST_ROUNDS, tolerance=_TOLERANCE))


def weight_terms(kinds: Sequence[str]) -> Float[np.ndarray, "source term"]:
    """Tell which terms move each weight: a shared one, its kind's, and its own."""
    of_kind = np.array(kinds)[:, None] == np.unique(list(kinds))
    own = np.eye(len(kinds))
    return np.hstack([np.ones((len(kinds), 1)), of_kind, own])
