"""The evaluation from beginning to end: plan, trials, figures, comparison, forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import SettingError
from longshot.evaluation.answers import answers
from longshot.evaluation.closely import look_closely
from longshot.evaluation.comparison import Comparison, compare
from longshot.evaluation.forecast import Forecast, forecast
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
from longshot.evaluation.results import MEASURES, Closely, Evaluation, Point, Settings
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
    measured = _Measured.of(labels, learners, settings, on_step)
    points, comparisons = measured.points(), measured.comparisons()
    ahead = measured.forecast()
    shots = measured.planned.shots[-1]
    return Evaluation(
        n_documents=measured.n_documents,
        settings=settings,
        points=points,
        closely=measured.closely(shots),
        comparisons=comparisons,
        forecast=ahead,
        answers=tuple(
            answers(
                [one for one in points if one.learner == measured.first],
                measured.n_documents,
                len(measured.planned.classes),
                [one for one in comparisons if one.shots == shots],
                ahead,
            )
        ),
        notes=measured.planned.notes,
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Measured:
    """What the trials gave, for each learner and number of examples per class.

    Attributes
    ----------
    planned, settings
        What could be measured, and how it was.
    first
        The learner in question.
    trials
        What was decided.
    draws
        Which documents each sample for the intervals holds.
    spreads
        All figures, in the order of :data:`MEASURES`.
    """

    planned: Plan
    settings: Settings
    first: str
    trials: Mapping[_Key, Trials]
    draws: Float[np.ndarray, "resample row"]
    spreads: Mapping[_Key, Sequence[Spread]]

    @classmethod
    def of(
        cls,
        labels: Sequence[str],
        learners: Mapping[str, Learner],
        settings: Settings,
        on_step: OnStep | None,
    ) -> "_Measured":
        """Plan, let every learner try, and compute the figures."""
        planned = plan(labels, settings.shots)
        rows = _class_indices(labels, planned)
        trials = _trials(rows, learners, planned, settings, on_step)
        draws = document_draws(len(rows), settings.n_resamples, settings.seed)
        found = {
            (name, shots): spreads(
                _overall, one.splits, draws, pool_share(planned.counts, shots)
            )
            for (name, shots), one in trials.items()
        }
        return cls(
            planned=planned,
            settings=settings,
            first=next(iter(learners)),
            trials=trials,
            draws=draws,
            spreads=found,
        )

    @property
    def n_documents(self) -> int:
        """How many documents take part."""
        return sum(self.planned.counts)

    def points(self) -> tuple[Point, ...]:
        """Give each learner's figures at each number of examples."""
        return tuple(
            _point(name, shots, self.planned, found)
            for (name, shots), found in self.spreads.items()
        )

    def comparisons(self) -> tuple[Comparison, ...]:
        """Compare the learner in question with each of the others."""
        return tuple(
            compare(
                self.trials[self.first, shots],
                one,
                self._accuracy(self.first, shots),
                self._accuracy(name, shots),
                seed=self.settings.seed,
            )
            for (name, shots), one in self.trials.items()
            if name != self.first
        )

    def forecast(self) -> Forecast | None:
        """Tell how good the learner in question would be with more examples."""
        shots = self.planned.shots
        accuracies = [self._accuracy(self.first, one) for one in shots]
        return forecast(shots, accuracies, seed=self.settings.seed)

    def closely(self, shots: int) -> Closely:
        """Look at the learner in question class by class."""
        return look_closely(self.trials[self.first, shots], self.planned, self.draws)

    def _accuracy(self, name: str, shots: int) -> Spread:
        return self.spreads[name, shots][0]


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
