"""Measures of decisions and confidence: pure functions on arrays.

Every measure takes samples of the judged documents, drawn with replacement, as weights:
a row for each sample, in which a document that was drawn twice weighs 2. A measure of
all samples is then a matrix product, and ``None`` is the one sample that holds each
document once.

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

Weights = Float[np.ndarray, "sample document"] | None
Values = Float[np.ndarray, " sample"]
ClassValues = Float[np.ndarray, "sample class"]


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


def confusion(
    judged: Judged, n_classes: int
) -> Float[np.ndarray, "true_class predicted_class"]:
    """Count documents by true class (row) and predicted class (column)."""
    cells = judged.true * n_classes + judged.predicted
    counts = np.bincount(cells, minlength=n_classes**2).astype(np.float64)
    return counts.reshape(n_classes, n_classes)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClassScores:
    """Of each class in each sample, nan where it is not defined.

    Attributes
    ----------
    recall
        The share of the class that was found; nan where there is none of it.
    precision
        Of what was called so, the share that is; nan where nothing was.
    f1
        The harmonic mean of both; nan for a class neither there nor predicted.
    """

    recall: ClassValues
    precision: ClassValues
    f1: ClassValues


def class_scores(judged: Judged, weights: Weights, n_classes: int) -> ClassScores:
    """Give recall, precision and F1 of each class."""
    samples = _samples(judged, weights)
    members = _one_hot(judged.true, n_classes)
    there = samples @ members
    called = samples @ _one_hot(judged.predicted, n_classes)
    right = samples @ (members * judged.correct[:, None])
    return ClassScores(
        recall=_ratio(right, there),
        precision=_ratio(right, called),
        f1=_ratio(2 * right, there + called),
    )


def accuracy(judged: Judged, weights: Weights = None) -> Values:
    """Give the share of right decisions."""
    return _means(judged, judged.correct, weights)


def macro_f1(judged: Judged, weights: Weights = None) -> Values:
    """Give the mean F1 over the classes that are there or were predicted."""
    n_classes = int(max(judged.true.max(), judged.predicted.max())) + 1
    scores = class_scores(judged, weights, n_classes).f1
    known = np.isfinite(scores)
    return _ratio(np.where(known, scores, 0.0).sum(axis=1), known.sum(axis=1))


def brier_score(judged: Judged, weights: Weights = None) -> Values:
    """Give the mean squared error of all probabilities, between 0 and 2."""
    return _means(judged, judged.squared_error, weights)


def log_loss(judged: Judged, weights: Weights = None) -> Values:
    """Give the mean surprise, in nats."""
    return _means(judged, judged.surprise, weights)


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


def reliability(judged: Judged) -> Reliability:
    """Compare how sure decisions were with how often they were right.

    Bins are open below and closed above: (0, 1/15], (1/15, 2/15], ...
    """
    bins = _bins(judged)
    mass = np.bincount(bins, minlength=N_BINS)
    there = mass > 0
    sure = np.bincount(bins, judged.confidence, N_BINS)[there]
    right = np.bincount(bins, judged.correct, N_BINS)[there]
    return Reliability(
        confidence=sure / mass[there],
        accuracy=right / mass[there],
        share=mass[there] / mass.sum(),
    )


def calibration_error(judged: Judged, weights: Weights = None) -> Values:
    """Give the expected calibration error of the top label, 15 bins (Guo et al. 2017).

    The mean distance between confidence and accuracy over bins. It is never negative,
    so that with few documents chance alone keeps it above zero.
    """
    samples = _samples(judged, weights)
    gaps = _one_hot(_bins(judged), N_BINS)
    gaps *= (judged.confidence - judged.correct)[:, None]
    return _ratio(np.abs(samples @ gaps).sum(axis=1), samples.sum(axis=1))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RiskCoverage:
    """The share of mistakes when only the surest share of decisions is taken."""

    coverage: Float[np.ndarray, " step"]
    risk: Float[np.ndarray, " step"]


def risk_coverage(judged: Judged) -> RiskCoverage:
    """Take decisions from the surest on; those that are as sure come together."""
    order, last = _surest_first(judged)
    n_taken = 1.0 + np.flatnonzero(last)
    wrong = (1.0 - judged.correct[order]).cumsum()[last]
    return RiskCoverage(coverage=n_taken / len(order), risk=wrong / n_taken)


def area_under_risk_coverage(judged: Judged, weights: Weights = None) -> Values:
    """Give the mean risk over all coverages (AURC; Geifman et al. 2019).

    0 would be no mistake at all; as much as the share of mistakes is confidence that
    says nothing. Decisions that are equally sure count at their common risk.
    """
    order, last = _surest_first(judged)
    samples = _samples(judged, weights)[:, order]
    taken = samples.cumsum(axis=1)[:, last]
    wrong = (samples * (1.0 - judged.correct[order])).cumsum(axis=1)[:, last]
    risk = np.divide(wrong, taken, out=np.zeros_like(wrong), where=taken > 0)
    steps = np.diff(taken, axis=1, prepend=0.0)
    return _ratio((steps * risk).sum(axis=1), samples.sum(axis=1))


def _samples(judged: Judged, weights: Weights) -> np.ndarray:
    return np.ones((1, len(judged.rows))) if weights is None else weights


def _means(judged: Judged, values: np.ndarray, weights: Weights) -> np.ndarray:
    samples = _samples(judged, weights)
    return _ratio(samples @ values, samples.sum(axis=1))


def _bins(judged: Judged) -> np.ndarray:
    edges = np.linspace(0.0, 1.0, N_BINS + 1)[1:-1]
    return np.searchsorted(edges, judged.confidence, side="left")


def _surest_first(judged: Judged) -> tuple[np.ndarray, np.ndarray]:
    """Give the order, and which places in it are the last of an equal confidence."""
    order = np.argsort(-judged.confidence, kind="stable")
    sure = judged.confidence[order]
    return order, np.append(sure[1:] != sure[:-1], True)


def _one_hot(values: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(values[:, None] == np.arange(n), dtype=np.float64)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide where there is something to divide by; nan elsewhere."""
    empty = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=empty, where=whole > 0))
