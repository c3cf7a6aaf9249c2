"""The pile as a mixture: one direction for each class, moved by documents like it.

A mixture of von Mises-Fisher distributions (Banerjee et al. 2005), fitted by
expectation and maximisation. It begins with what is said of each document alone, which
goes on counting in every round. Classes may be of any size: their shares are estimated
too (with a Dirichlet prior), so that a large class is not cut up to fill small ones.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.probabilities import log_softmax, softmax
from longshot.similarity import unit

Scores = Float[np.ndarray, "document class"]

_ALONE_COUNTS = 2.0
"""How often what documents say alone counts in each round: the directions beside it
were made of it. With 1, names alone lose half a point (docs/research/003)."""

_OF_LIKELIEST = 0.3
"""Of the concentration of greatest likelihood: the coordinates of a document are not as
independent of each other as the distribution has them."""

UNWEIGHED = 2.0
"""What a score counts where nothing has told yet how much it is worth, measured in its
spread; a likeness to a class, in the usual cosine of two documents, as spherical
clusterings have it for MiniLM. From 1.5 to 3 differs little."""

_ROUNDS = 12
_PRIOR_DOCUMENTS = 5.0
"""Of each class, beside those that are seen."""

_USUAL_COSINE = 0.13
"""Of two documents that have little to do with each other, as sentence models read
them: 0.12 to 0.14 with MiniLM and MPNet, in all sets of the suite."""

N_NEIGHBOURS = 10
"""Of a document in a pile; from 7 to 15 differs little (docs/research/005)."""

_LEAST_LENGTH = 1e-3


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
    ) -> "Mixture":
        """Fit it to documents.

        How closely the documents of a class lie together is estimated as well.

        Parameters
        ----------
        rows
            The documents, centred, of length one.
        alone
            What is said of each by itself: logarithms, up to a constant.
        known
            The sum of each class's examples; their class is certain.
        """
        alone = alone.astype(np.float32)
        n_documents, n_classes = alone.shape
        total = n_documents + n_classes * _PRIOR_DOCUMENTS
        dimensions = 0.0
        posterior = softmax(alone, axis=1)
        for _ in range(_ROUNDS):
            shares = (posterior.sum(axis=0) + _PRIOR_DOCUMENTS) / total
            directions = unit(posterior.T @ rows + known, np.float32)
            dimensions = dimensions or _dimensions_around(
                directions[posterior.argmax(axis=1)], rows
            )
            length = float((posterior * (rows @ directions.T)).sum() / n_documents)
            concentration = _OF_LIKELIEST * likeliest_concentration(length, dimensions)
            mixture = cls(concentration * directions, np.log(shares))
            posterior = np.exp(mixture.log_posterior(rows, _ALONE_COUNTS * alone))
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


def likeliest_concentration(length: float, dimensions: float) -> float:
    """Estimate how closely directions lie around their mean, from its length.

    Banerjee et al.'s approximation of the greatest likelihood (2005, equation 4.4).

    Parameters
    ----------
    length
        Of the mean of the directions, each of length one.
    dimensions
        In which they differ.

    Examples
    --------
    >>> round(likeliest_concentration(0.5, 100.0), 1)
    66.5
    """
    length = min(max(length, _LEAST_LENGTH), 1 - _LEAST_LENGTH)
    return length * (dimensions - length**2) / (1 - length**2)


def _dimensions_around(
    directions: Float[np.ndarray, "document dim"],
    rows: Float[np.ndarray, "document dim"],
) -> float:
    """Count the dimensions in which documents differ from their class's direction.

    One over the mean square of cosines: the number of coordinates where all are alike.
    """
    along = (rows * directions).sum(axis=1, keepdims=True)
    return 1 / usual_cosine(unit(rows - along * directions, np.float32)) ** 2


def usual_cosine(rows: Float[np.ndarray, "document dim"]) -> float:
    """Give the root of the mean square of the cosines of pairs of documents.

    Documents that were centred on their own mean point away from each other, the fewer
    the more: two are opposite, whatever they say. That is taken out, and what is usual
    counts as one pair more.

    Examples
    --------
    >>> round(usual_cosine(np.array([[1.0, 0.0], [-1.0, 0.0]])), 3)
    0.092
    """
    n_documents = len(rows)
    if n_documents < 2:
        return _USUAL_COSINE
    # The smaller of the two products, whose squares have the same sum.
    products = rows @ rows.T if n_documents < rows.shape[1] else rows.T @ rows
    squares = float((products.astype(np.float64) ** 2).sum())
    lengths = np.einsum("ij,ij->i", rows, rows).astype(np.float64)
    squares -= float((lengths**2).sum())
    pairs = n_documents * (n_documents - 1) / 2
    opposite = pairs / (n_documents - 1) ** 2
    squares = max(squares / 2 - opposite, 0.0) + _USUAL_COSINE**2
    return float(np.sqrt(squares / (pairs + 1)))


def neighbours_say(
    rows: Float[np.ndarray, "document dim"], posterior: Scores
) -> Scores:
    """Give the mean of what is said of the documents nearest to each."""
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -np.inf)
    n_nearest = min(N_NEIGHBOURS, len(rows) - 1)
    nearest = np.argpartition(-cosines, n_nearest - 1, axis=1)[:, :n_nearest]
    return np.asarray(posterior[nearest].mean(axis=1))


def class_balanced_weights(
    last: Float[np.ndarray, "document dim"], known: Float[np.ndarray, "class dim"]
) -> Float[np.ndarray, " document"]:
    """Weigh documents so that each class counts nearly alike in a mean.

    A pile of unequal classes would else be centred on the largest. What a document is
    is not known yet: a mixture in the last layer tells roughly.

    Parameters
    ----------
    last
        The documents, in the last layer.
    known
        For each class the sum of its examples and its name, in the last layer.
    """
    centre = last.mean(axis=0)
    rows = unit(last - centre, np.float32)
    known = unit(known - centre, np.float32)
    alone = UNWEIGHED / usual_cosine(rows) * rows @ known.T
    fitted = Mixture.fit(rows, alone, known)
    # as rows of `alone` have said what they can in the first round
    posterior = np.exp(fitted.log_posterior(rows, np.zeros_like(alone)))
    return np.asarray(posterior @ (1 / (posterior.sum(axis=0) + _PRIOR_DOCUMENTS)))
