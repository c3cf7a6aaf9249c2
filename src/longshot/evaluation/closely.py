"""One learner at one number of examples: class by class, and how far to trust it."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from longshot.evaluation.intervals import Spread, share_interval, spreads
from longshot.evaluation.measures import (
    Judged,
    Weights,
    class_scores,
    confusion,
    reliability,
    risk_coverage,
)
from longshot.evaluation.protocol import Trials
from longshot.evaluation.results import ClassFigures, Closely
from longshot.evaluation.splits import Plan, pool_share


def look_closely(
    trials: Trials, planned: Plan, draws: Float[np.ndarray, "resample row"]
) -> Closely:
    """Give the figures of each class, the confusions, and the curves of confidence.

    Parameters
    ----------
    trials
        Of the learner and number of examples in question.
    planned
        The classes.
    draws
        Samples of the documents.
    """
    n_classes = len(planned.classes)

    def of_classes(
        judged: Judged, weights: Weights
    ) -> Float[np.ndarray, "sample figure"]:
        scores = class_scores(judged, weights, n_classes)
        return np.concatenate([scores.recall, scores.precision, scores.f1], axis=1)

    found = spreads(
        of_classes,
        trials.splits,
        draws,
        pool_share(planned.counts, trials.shots),
        _documents_behind(trials.splits, n_classes),
    )
    pooled = _pooled(trials.splits)
    return Closely(
        learner=trials.learner,
        shots=trials.shots,
        classes=tuple(_class_figures(planned, found)),
        confusion=confusion(pooled, n_classes) / len(trials.splits),
        reliability=reliability(pooled),
        risk_coverage=risk_coverage(pooled),
    )


def _class_figures(planned: Plan, found: Sequence[Spread]) -> list[ClassFigures]:
    n_classes = len(planned.classes)
    return [
        ClassFigures(
            label=label,
            n_documents=count,
            recall=share_interval(found[c]),
            precision=share_interval(found[n_classes + c]),
            f1=share_interval(found[2 * n_classes + c]),
        )
        for c, (label, count) in enumerate(
            zip(planned.classes, planned.counts, strict=True)
        )
    ]


def _documents_behind(splits: Sequence[Judged], n_classes: int) -> list[int]:
    """Count the different documents that recalls, precisions and F1 rest on."""
    pooled = _pooled(splits)
    true = _different(pooled.rows, pooled.true, n_classes)
    predicted = _different(pooled.rows, pooled.predicted, n_classes)
    return [*true, *predicted, *true]


def _different(rows: np.ndarray, classes: np.ndarray, n_classes: int) -> list[int]:
    pairs = np.unique(np.stack([rows, classes]), axis=1)
    return [int(n) for n in np.bincount(pairs[1], minlength=n_classes)]


def _pooled(splits: Sequence[Judged]) -> Judged:
    """Put the judged documents of all splits together."""
    names = ("rows", "true", "predicted", "confidence", "squared_error", "surprise")
    return Judged(
        **{
            name: np.concatenate([getattr(one, name) for one in splits])
            for name in names
        }
    )
