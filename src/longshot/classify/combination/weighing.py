"""How much each piece of evidence is worth, learned from held-out examples.

A feature is one way to score every class for a document: the examples in one view, or
the labels' names in one place. Its weight is ``prior · exp(u)``, where u adds a term
that all features share, one of its place (the whole document, its head, its title), one
of its kind (examples, names) and one of its own. What the names say about where to look
is so believed of the examples as well, and names that mislead are distrusted everywhere
at once. A Gaussian prior draws each term to zero: without held-out examples the weights
are the prior's. They are never negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import log_softmax

ViewName = Literal["last", "body", "spans", "head", "title", "words", "title_words"]
Place = Literal["document", "head", "title"]
Kind = Literal["examples", "names"]
_PRECISIONS = {"shared": 2.0, "place": 2.0, "kind": 2.0, "own": 4.0}
BOUNDS = (-8.0, 2.0)


@dataclass(frozen=True, slots=True)
class Feature:
    """One way to score every class for a document.

    Attributes
    ----------
    view
        What of the document it reads.
    place, kind
        Where that stands, and what it is compared with.
    prior
        Its weight where nothing is known.
    """

    view: ViewName
    place: Place
    kind: Kind
    prior: float


def fit_weights(
    scores: Float[np.ndarray, "example feature class"],
    class_indices: Int[np.ndarray, " example"],
    features: Sequence[Feature],
    *,
    n_deals: int = 1,
) -> Float[np.ndarray, " feature"]:
    """Find the weights under which held-out examples' labels are most likely.

    Parameters
    ----------
    scores
        Of each example, from what was learned without it.
    class_indices
        The true classes.
    features
        What the scores are of.
    n_deals
        How many times each example is among them: together they count once.

    Returns
    -------
    ndarray
        The maximum a posteriori estimate.
    """
    priors = np.array([feature.prior for feature in features])
    if not len(class_indices) or not len(features):
        return priors
    design, precisions = weight_terms(features)
    examples = np.arange(len(class_indices))
    of_truth = scores[examples, :, class_indices]

    def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
        weights = priors * np.exp(np.clip(design @ terms, *BOUNDS))
        fitted = log_softmax(np.einsum("efc,f->ec", scores, weights), axis=1)
        expected = np.einsum("efc,ec->ef", scores, np.exp(fitted))
        surplus = (expected - of_truth).sum(axis=0) / n_deals
        slopes = design.T @ (weights * surplus)
        surprise = -fitted[examples, class_indices].sum() / n_deals
        penalty = (precisions * terms**2).sum() / 2
        return float(surprise + penalty), slopes + precisions * terms

    start = np.zeros(design.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return np.asarray(priors * np.exp(np.clip(design @ found.x, *BOUNDS)))


def weight_terms(
    features: Sequence[Feature],
) -> tuple[Float[np.ndarray, "feature term"], Float[np.ndarray, " term"]]:
    """Tell which terms each feature's weight has, and how tightly each is held."""
    shared = np.ones((len(features), 1))
    by_place = _indicators([feature.place for feature in features])
    by_kind = _indicators([feature.kind for feature in features])
    own = np.eye(len(features))
    groups = zip((shared, by_place, by_kind, own), _PRECISIONS.values(), strict=True)
    precisions = [np.full(group.shape[1], precision) for group, precision in groups]
    return np.hstack([shared, by_place, by_kind, own]), np.concatenate(precisions)


def _indicators(values: Sequence[str]) -> Float[np.ndarray, "value distinct"]:
    distinct = np.unique(values)
    return np.asarray(np.array(values)[:, None] == distinct, dtype=np.float64)
