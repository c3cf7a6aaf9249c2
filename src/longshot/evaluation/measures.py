"""Measures of decisions and confidence: pure functions on arrays.

Every measure takes a weight for each judged document, so that it can be computed again
on samples drawn with replacement: a document that was drawn twice weighs 2.

What is kept of each judged document is :class:`Judged`: a few numbers, however many
classes there are.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

N_BINS = 15
"""Of the expected calibration error, as Guo et al. (2017) have it."""

LEAST_PROBABILITY = float(np.finfo(np.float64).eps)
"""What the log loss takes for smaller ones, as scikit-learn does."""

Weights = Float[np.ndarray, " document"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Judged:
    """What became of the judged documents of one split.

    Attributes
    ----------
    rows
        The documents, as rows of the labelled set.
    true, predicted
        Their classes.
    confidence
        In the predicted one.
    squared_error
        The sum over classes of the squared difference between probability and truth
        (Brier 1950).
    surprise
        Minus the logarithm of the true class's probability.
    """

    rows: Int[np.ndarray, " document"]
    true: Int[np.ndarray, " document"]
    predicted: Int[np.ndarray, " document"]
    confidence: Float[np.ndarray, " document"]
    squared_error: Float[np.ndarray, " document"]
    surprise: Float[np.ndarray, " document"]

    @property
    def correct(self) -> Float[np.ndarray, " document"]:
        """1 where the prediction is right, else 0."""
        return np.asarray(self.true == self.predicted, dtype=np.float64)


def judge(
    rows: Int[np.ndarray, " document"],
    true: Int[np.ndarray, " document"],
    probabilities: Float[np.ndarray, "document class"],
) -> Judged:
    """Compare probabilities with the truth.

    Examples
    --------
    >>> judged = judge(np.array([7]), np.array([1]), np.array([[0.25, 0.75]]))
    >>> judged.predicted.tolist(), judged.squared_error.tolist()
    ([1], [0.125])
    """
    wide = probabilities.astype(np.float64)
    each = np.arange(len(rows))
    predicted = wide.argmax(axis=1)
    of_true = wide[each, true]
    squared_error = (wide**2).sum(axis=1) - of_true**2 + (1.0 - of_true) ** 2
    return Judged(
        rows=rows,
        true=true,
        predicted=predicted,
        confidence=wide[each, predicted],
        squared_error=squared_error,
        surprise=-np.log(np.clip(of_true, LEAST_PROBABILITY, 1.0)),
    )


def confusion(judged: Judged, weights: Weights, n_classes: int) -> np.ndarray:
    """Count documents by true class (row) and predicted class (column)."""
    cells = judged.true * n_classes + judged.predicted
    counts = np.bincount(cells, weights=weights, minlength=n_classes**2)
    return np.asarray(counts.reshape(n_classes, n_classes))


def recalls(counts: np.ndarray) -> Float[np.ndarray, " class"]:
    """Give, of each class, the share that was found; nan where there is none."""
    return _ratio(np.diagonal(counts), counts.sum(axis=1))


def precisions(counts: np.ndarray) -> Float[np.ndarray, " class"]:
    """Give, of what was called a class, the share that is; nan where nothing was."""
    return _ratio(np.diagonal(counts), counts.sum(axis=0))


def f1_scores(counts: np.ndarray) -> Float[np.ndarray, " class"]:
    """Give the harmonic mean of both; nan for a class neither there nor predicted."""
    return _ratio(2 * np.diagonal(counts), counts.sum(axis=0) + counts.sum(axis=1))


def accuracy(judged: Judged, weights: Weights) -> float:
    """Give the share of right decisions."""
    return _mean(judged.correct, weights)


def macro_f1(judged: Judged, weights: Weights) -> float:
    """Give the mean F1 over the classes that are there or were predicted."""
    n_classes = int(max(judged.true.max(), judged.predicted.max())) + 1
    scores = f1_scores(confusion(judged, weights, n_classes))
    return float(np.nanmean(scores)) if np.isfinite(scores).any() else float("nan")


def brier_score(judged: Judged, weights: Weights) -> float:
    """Give the mean squared error of all probabilities, between 0 and 2."""
    return _mean(judged.squared_error, weights)


def log_loss(judged: Judged, weights: Weights) -> float:
    """Give the mean surprise, in nats."""
    return _mean(judged.surprise, weights)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Reliability:
    """Confidence against truth, in bins of equal width; empty ones are left out.

    Attributes
    ----------
    confidence, accuracy
        The mean of each in a bin.
    share
        Of the documents that fell into it.
    """

    confidence: Float[np.ndarray, " bin"]
    accuracy: Float[np.ndarray, " bin"]
    share: Float[np.ndarray, " bin"]


def reliability(judged: Judged, weights: Weights, n_bins: int = N_BINS) -> Reliability:
    """Compare how sure decisions were with how often they were right.

    Bins are open below and closed above: (0, 1/15], (1/15, 2/15], ...
    """
    edges = np.linspace(0.0, 1.0, n_bins + 1)[1:-1]
    bins = np.searchsorted(edges, judged.confidence, side="left")
    mass = np.bincount(bins, weights, n_bins)
    there = mass > 0
    sure = np.bincount(bins, weights * judged.confidence, n_bins)[there]
    right = np.bincount(bins, weights * judged.correct, n_bins)[there]
    return Reliability(
        confidence=sure / mass[there],
        accuracy=right / mass[there],
        share=mass[there] / mass.sum(),
    )


def calibration_error(judged: Judged, weights: Weights) -> float:
    """Give the expected calibration error of the top label, 15 bins (Guo et al. 2017).

    The mean distance between confidence and accuracy over bins. It is never negative,
    so that with few documents chance alone keeps it above zero.
    """
    curve = reliability(judged, weights)
    return float((curve.share * np.abs(curve.confidence - curve.accuracy)).sum())


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RiskCoverage:
    """The share of mistakes when only the surest share of decisions is taken."""

    coverage: Float[np.ndarray, " step"]
    risk: Float[np.ndarray, " step"]


def risk_coverage(judged: Judged, weights: Weights) -> RiskCoverage:
    """Take decisions from the surest on; those that are as sure come together."""
    order = np.argsort(-judged.confidence, kind="stable")
    order = order[weights[order] > 0]
    mass = weights[order].cumsum()
    wrong = (weights[order] * (1.0 - judged.correct[order])).cumsum()
    sure = judged.confidence[order]
    last = np.append(sure[1:] != sure[:-1], True)
    return RiskCoverage(coverage=mass[last] / mass[-1], risk=wrong[last] / mass[last])


def area_under_risk_coverage(judged: Judged, weights: Weights) -> float:
    """Give the mean risk over all coverages (AURC; Geifman et al. 2019).

    0 would be no mistake at all; as much as the share of mistakes is confidence that
    says nothing. Decisions that are equally sure count at their common risk.
    """
    curve = risk_coverage(judged, weights)
    steps = np.diff(curve.coverage, prepend=0.0)
    return float((steps * curve.risk).sum())


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ values / weights.sum())


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    empty = np.full(len(part), np.nan)
    return np.asarray(np.divide(part, whole, out=empty, where=whole > 0))
