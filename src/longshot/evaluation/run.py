"""The evaluation from beginning to end: plan, trials, figures, comparison, forecast."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import SettingError
from longshot.evaluation.answers import answers
from longshot.evaluation.closely import look_closely
from longshot.evaluation.comparison import Comparison, compare
from longshot.evaluation.forecast import forecast
from longshot.evaluation.intervals import (
    Figure,
    Spread,
    document_draws,
    mean_interval,
    share_interval,
    spreads,
)
from longshot.evaluation.measures import (
    Judged,
    Weights,
    accuracy,
    area_under_risk_coverage,
    brier_score,
    calibration_error,
    log_loss,
    macro_f1,
)
from longshot.evaluation.protocol import Learner, OnStep, Trials, run_trials
from longshot.evaluation.results import MEASURES, Evaluation, Point, Settings
from longshot.evaluation.splits import Plan, plan, pool_share

_LOSSES = ("brier", "log_loss")
_Key = tuple[str, int]


def evaluate(
    labels: Sequence[str],
    learners: Mapping[str, Learner],
    *,
    settings: Settings | None = None,
    on_step: OnStep | None = None,
) -> Evaluation:
    """Measure how good learners are on a labelled set, and how sure that is.

    Parameters
    ----------
    labels
        One per row of the labelled set.
    learners
        By name: the one in question first, then what it is compared with. All of them
        learn from and judge the same rows.
    settings
        How to measure.
    on_step
        Told how many splits are done.

    Raises
    ------
    SettingError
        If a setting lies outside of what it may be.
    ExamplesError
        If there are too few labelled documents to measure anything.
    ModelOutputError
        If a learner gives no probabilities.
    """
    settings = settings or Settings()
    _check(settings, learners)
    planned = plan(labels, settings.shots)
    rows = _class_indices(labels, planned)
    trials = _trials(rows, learners, planned, settings, on_step)
    draws = document_draws(len(rows), settings.n_resamples, settings.seed)
    found = {
        key: spreads(_overall, one.splits, draws, pool_share(planned.counts, key[1]))
        for key, one in trials.items()
    }
    points = tuple(
        _point(name, shots, planned, found[name, shots])
        for name in learners
        for shots in planned.shots
    )
    accuracies = {key: spread[0] for key, spread in found.items()}
    first, greatest = next(iter(learners)), planned.shots[-1]
    comparisons = tuple(_comparisons(trials, accuracies, first, settings.seed))
    ahead = forecast(
        planned.shots,
        [accuracies[first, k] for k in planned.shots],
        seed=settings.seed,
    )
    return Evaluation(
        n_documents=sum(planned.counts),
        settings=settings,
        points=points,
        closely=look_closely(trials[first, greatest], planned, draws),
        comparisons=comparisons,
        forecast=ahead,
        answers=tuple(
            answers(
                [one for one in points if one.learner == first],
                sum(planned.counts),
                len(planned.classes),
                [one for one in comparisons if one.shots == greatest],
                ahead,
            )
        ),
        notes=planned.notes,
    )


def _check(settings: Settings, learners: Mapping[str, Learner]) -> None:
    if settings.n_splits < 1:
        raise SettingError(
            f"splits must be 1 or more; got {settings.n_splits}. Raise --splits."
        )
    if not learners:
        raise SettingError("learners must name at least one; got none. Give one.")


def _class_indices(labels: Sequence[str], planned: Plan) -> Int[np.ndarray, " row"]:
    numbers = {label: number for number, label in enumerate(planned.classes)}
    return np.array([numbers.get(label, -1) for label in labels], dtype=np.int64)


def _trials(
    rows: Int[np.ndarray, " row"],
    learners: Mapping[str, Learner],
    planned: Plan,
    settings: Settings,
    on_step: OnStep | None,
) -> dict[_Key, Trials]:
    n_steps = len(learners) * len(planned.shots) * settings.n_splits
    n_done = 0

    def count() -> None:
        nonlocal n_done
        n_done += 1
        if on_step is not None:
            on_step(n_done, n_steps)

    run = partial(
        run_trials,
        class_indices=rows,
        n_splits=settings.n_splits,
        seed=settings.seed,
        on_split=count,
    )
    return {
        (name, shots): run(name, learner, shots=shots)
        for name, learner in learners.items()
        for shots in planned.shots
    }


def _overall(judged: Judged, weights: Weights) -> Float[np.ndarray, "sample figure"]:
    """Give all figures of a point, in the order of :data:`MEASURES`."""
    measures = (
        accuracy,
        macro_f1,
        calibration_error,
        area_under_risk_coverage,
        brier_score,
        log_loss,
    )
    return np.stack([measure(judged, weights) for measure in measures], axis=1)


def _point(name: str, shots: int, planned: Plan, found: Sequence[Spread]) -> Point:
    figures: dict[str, Figure] = {
        measure: (mean_interval if measure in _LOSSES else share_interval)(spread)
        for measure, spread in zip(MEASURES, found, strict=True)
    }
    n_examples = sum(min(shots, count - 1) for count in planned.counts)
    return Point(learner=name, shots=shots, n_examples=n_examples, **figures)


def _comparisons(
    trials: Mapping[_Key, Trials],
    accuracies: Mapping[_Key, Spread],
    first: str,
    seed: int,
) -> "list[Comparison]":
    return [
        compare(
            trials[first, shots],
            one,
            accuracies[first, shots],
            accuracies[name, shots],
            seed=seed,
        )
        for (name, shots), one in trials.items()
        if name != first
    ]
