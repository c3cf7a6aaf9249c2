"""The pile as a mixture: one direction for each class, moved by documents like it.

A mixture of von Mises-Fisher distributions (Banerjee et al. 2005), fitted by
expectation and maximisation. It begins with what is said of each document alone, which
goes on counting in every round. Classes may be of any size: their shares are estimated
too (with a Dirichlet prior), so that a large class is not cut up to fill small ones.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import log_softmax, softmax

from longshot.classify.features.document_features import DocumentFeatures
from longshot.similarity import unit

Scores = Float[np.ndarray, "document class"]

_CONCENTRATION = 2.0
"""Of the classes, over the usual cosine of two documents; twenty for MiniLM's vectors,
as in Banerjee et al.'s spherical clusterings. From 1.5 to 3 differs by a point."""

_LEAST_CONCENTRATION = 20.0
"""Where documents lie in few clear clusters, their usual cosine is large: the clusters
must still tell them apart."""

_ROUNDS = 12
_PRIOR_DOCUMENTS = 5.0
"""Of each class, beside those that are seen."""

_MOST_COMPARED = 500


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A direction and a share for each class.

    Attributes
    ----------
    means
        The directions, times the concentration.
    log_shares
        The logarithm of each class's share of the pile.
    """

    means: Float[np.ndarray, "class dim"]
    log_shares: Float[np.ndarray, " class"]

    @classmethod
    def fit(
        cls,
        rows: Float[np.ndarray, "document dim"],
        alone: Scores,
        known: Float[np.ndarray, "class dim"],
        *,
        concentration: float,
        n_rounds: int = _ROUNDS,
    ) -> "Mixture":
        """Fit it to documents.

        Parameters
        ----------
        rows
            The documents, centred, of length one.
        alone
            What is said of each by itself: logarithms, up to a constant.
        known
            The sum of each class's examples; their class is certain.
        concentration
            How closely the documents of a class lie together.
        n_rounds
            Of expectation and maximisation.
        """
        n_documents, n_classes = alone.shape
        total = n_documents + n_classes * _PRIOR_DOCUMENTS
        posterior = softmax(alone, axis=1)
        for _ in range(n_rounds):
            shares = (posterior.sum(axis=0) + _PRIOR_DOCUMENTS) / total
            sums = posterior.T.astype(np.float32) @ rows + known
            mixture = cls(concentration * unit(sums, np.float32), np.log(shares))
            posterior = np.exp(mixture.log_posterior(rows, alone))
        return mixture

    def scores(self, rows: Float[np.ndarray, "document dim"]) -> Scores:
        """Give how near each document is to each class."""
        return np.asarray(rows @ self.means.T)

    def log_posterior(
        self, rows: Float[np.ndarray, "document dim"], alone: Scores
    ) -> Scores:
        """Give the logarithm of the probability of each class for each document."""
        both = alone + self.scores(rows) + self.log_shares
        return np.asarray(log_softmax(both, axis=1))


def concentration_of(rows: Float[np.ndarray, "document dim"]) -> float:
    """Give the concentration of classes, measured in the usual cosine of documents.

    So that it depends neither on the model's dimensions nor on how alike documents are.
    """
    return max(_LEAST_CONCENTRATION, _CONCENTRATION / usual_cosine(rows))


def usual_cosine(rows: Float[np.ndarray, "document dim"]) -> float:
    """Give the root of the mean square of the cosines of pairs of documents.

    Examples
    --------
    >>> round(usual_cosine(np.eye(3)[[0, 0, 1]]), 3)
    0.577
    """
    some = rows[:_MOST_COMPARED]
    if len(some) < 2:
        return 1.0
    squares = float(((some @ some.T) ** 2).sum() - ((some**2).sum(axis=1) ** 2).sum())
    return float(np.sqrt(max(squares / (len(some) * (len(some) - 1)), 1e-12)))


def halves_agree(
    rows: Float[np.ndarray, "document dim"],
    alone: Scores,
    is_first: np.ndarray,
    concentration: float,
) -> tuple[float, float]:
    """Fit each half of the pile, to see whether both find the same classes.

    Returns
    -------
    tuple
        The share of documents that both put into the same class, and of those close to
        a border: within a quarter of the median margin; 0.13 to 0.16 for one cluster
        that was merely cut, less where there are valleys.
    """
    nothing = np.zeros((alone.shape[1], rows.shape[1]), dtype=np.float32)
    found, borders = [], []
    for half in (is_first, ~is_first):
        fitted = Mixture.fit(
            rows[half], alone[half], nothing, concentration=concentration
        )
        scores = fitted.scores(rows)
        found.append(scores.argmax(axis=1))
        best = np.partition(scores[~half], -2, axis=1)[:, -2:]
        margins = best[:, 1] - best[:, 0]
        borders.append((margins < 0.25 * np.median(margins)).mean())
    return float((found[0] == found[1]).mean()), float(np.mean(borders))


def class_balanced_weights(
    pile: DocumentFeatures, known: Float[np.ndarray, "class dim"]
) -> Float[np.ndarray, " document"]:
    """Weigh documents so that each class counts nearly alike in a mean.

    A pile of unequal classes would else be centred on the largest. What a document is
    is not known yet: a few rounds of a mixture in the last layer tell roughly.

    Parameters
    ----------
    pile
        The documents.
    known
        For each class the sum of its examples and its name, in the last layer.
    """
    centre = pile.last.mean(axis=0)
    rows = unit(pile.last - centre, np.float32)
    known = unit(known - centre, np.float32)
    concentration = concentration_of(rows)
    alone = concentration * rows @ known.T
    fitted = Mixture.fit(rows, alone, known, concentration=concentration, n_rounds=5)
    # as rows of `alone` have said what they can in the first round
    posterior = np.exp(fitted.log_posterior(rows, np.zeros_like(alone)))
    sizes = posterior.sum(axis=0)
    return np.asarray(posterior @ (1 / (sizes + max(1.0, 0.1 * sizes.mean()))))
