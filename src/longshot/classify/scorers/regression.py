"""Softmax regression from a few examples, on arrays.

Multinomial logistic regression with an L2 penalty. scikit-learn's is not used: it takes
no soft targets and no classes without examples.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.lbfgs import minimise
from longshot.probabilities import log_softmax

_INTERCEPT_PENALTY = 0.01
MAX_COMPONENTS = 300


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxRegression:
    """Coefficients and intercepts that give a logit for every class."""

    coefficients: Float[np.ndarray, "dim class"]
    intercepts: Float[np.ndarray, " class"]

    def logits(self, rows: Float[np.ndarray, "row dim"]) -> np.ndarray:
        """Give the logit of every class for every row."""
        return np.asarray(rows @ self.coefficients + self.intercepts)

    def log_probabilities(self, rows: Float[np.ndarray, "row dim"]) -> np.ndarray:
        """Give the logarithm of the probability of every class for every row."""
        return np.asarray(log_softmax(self.logits(rows), axis=1))


def fit_softmax(
    rows: Float[np.ndarray, "row dim"],
    targets: Float[np.ndarray, "row class"],
    weights: Float[np.ndarray, " row"],
    *,
    penalty: float = 0.1,
    max_rounds: int = 40,
    basis: Float[np.ndarray, "dim component"] | None = None,
) -> SoftmaxRegression:
    """Fit a softmax regression.

    Parameters
    ----------
    rows
        The examples.
    targets
        The probability of each class for each of them.
    weights
        What each of them counts.
    penalty
        Half of it times the sum of squared coefficients is added to the loss.
    max_rounds
        Of L-BFGS.
    basis
        The directions within which the coefficients are sought; all, by default.
    """
    rows = np.asarray(rows, dtype=np.float32)
    if basis is not None:
        rows = rows @ basis
    column = weights.astype(np.float32)[:, None]
    loss = PenalisedCrossEntropy(rows, targets * column, column, penalty)
    start = np.zeros((rows.shape[1] + 1) * targets.shape[1])
    found = minimise(loss, start, max_rounds=max_rounds)
    solution = found.reshape(-1, targets.shape[1]).astype(np.float32)
    coefficients = solution[:-1] if basis is None else basis @ solution[:-1]
    return SoftmaxRegression(coefficients, solution[-1])


def without_effect_of_counts(
    learned: SoftmaxRegression, counts: Float[np.ndarray, " class"]
) -> SoftmaxRegression:
    """Take away what classes gain by having more examples than others.

    An example is more like itself than any other document of its class will be. So a
    class with one example is told by small coefficients and a low intercept, which
    suits the example and hardly ever another document: with 8 examples in one half of
    the classes and 1 in the other, BBC fell from 85 % (1 example in all) to 43 %. What
    grows with the logarithm of the count is taken from the intercepts, and from the
    logarithms of the coefficients' lengths (which Kang et al. 2020, "Decoupling
    representation and classifier for long-tailed recognition", make all alike). Where
    all classes have as many examples, nothing changes.

    Parameters
    ----------
    learned
        What was fitted, each class weighing the same.
    counts
        Of the rows of each class.
    """
    seen = np.flatnonzero(counts)
    if np.ptp(counts[seen]) == 0:
        return learned
    growth = np.log(counts[seen])
    growth -= growth.mean()
    lengths = np.linalg.norm(learned.coefficients[:, seen], axis=0)
    told = np.stack([learned.intercepts[seen], np.log(np.maximum(lengths, 1e-9))])
    slopes = told @ growth / (growth @ growth)
    of_intercepts, of_lengths = slopes[:, None] * growth
    coefficients, intercepts = learned.coefficients.copy(), learned.intercepts.copy()
    coefficients[:, seen] *= np.exp(-of_lengths).astype(np.float32)
    intercepts[seen] -= of_intercepts.astype(np.float32)
    return SoftmaxRegression(coefficients, intercepts)


def search_space(
    rows: Float[np.ndarray, "row dim"],
) -> Float[np.ndarray, "dim component"] | None:
    """Give the directions within which coefficients are to be sought; None for all.

    Of rows that are fewer than the dimensions, the space that they span: the solution
    lies in it, that of some of them too. Of many rows, the directions in which they
    differ most: what lies outside of them is little, and leaving it out makes fitting a
    hundred classes several times as fast.
    """
    wide = rows.astype(np.float32)
    if min(rows.shape) <= MAX_COMPONENTS:
        return np.linalg.qr(wide.T)[0] if len(rows) < rows.shape[1] else None
    if len(rows) < rows.shape[1]:  # the smaller of the two products
        squares, sides = np.linalg.eigh(wide @ wide.T)
        kept = slice(-MAX_COMPONENTS, None)
        return np.asarray(wide.T @ sides[:, kept] / np.sqrt(squares[kept]))
    _, vectors = np.linalg.eigh(wide.T @ wide)
    return np.asarray(vectors[:, -MAX_COMPONENTS:])


def balanced_weights(
    targets: Float[np.ndarray, "row class"],
) -> Float[np.ndarray, " row"]:
    """Weigh rows so that each class weighs the same, and a row 1 on average."""
    per_class = 1 / np.maximum(targets.sum(axis=0), 1e-9)
    weights = targets @ per_class
    return np.asarray(weights / weights.mean(), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class PenalisedCrossEntropy:
    """What a softmax regression makes least, as a function of its coefficients.

    Attributes
    ----------
    rows, weights
        The examples, and what each of them counts.
    weighted_targets
        The probability of each class for each of them, times that.
    penalty
        Half of it times the sum of squared coefficients is added.
    """

    rows: Float[np.ndarray, "row dim"]
    weighted_targets: Float[np.ndarray, "row class"]
    weights: Float[np.ndarray, "row 1"]
    penalty: float

    def __call__(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        """Give its value and its gradient; the intercepts stand last in `flat`."""
        both = flat.reshape(self.rows.shape[1] + 1, -1).astype(np.float32)
        coefficients, intercepts = both[:-1], both[-1]
        # log_softmax and its exponential, without reckoning the exponentials twice
        fitted = self.rows @ coefficients + intercepts
        fitted -= fitted.max(axis=1, keepdims=True)
        likely = np.exp(fitted)
        sums = likely.sum(axis=1, keepdims=True)
        fitted -= np.log(sums)
        residuals = likely * (self.weights / sums) - self.weighted_targets
        slopes = self.rows.T @ residuals + self.penalty * coefficients
        level = residuals.sum(axis=0) + _INTERCEPT_PENALTY * intercepts
        loss = (
            -(self.weighted_targets * fitted).sum()
            + self.penalty / 2 * (coefficients**2).sum()
            + _INTERCEPT_PENALTY / 2 * (intercepts**2).sum()
        )
        return float(loss), np.vstack([slopes, level]).ravel().astype(np.float64)
