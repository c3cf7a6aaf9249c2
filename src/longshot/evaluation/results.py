"""What an evaluation found; frozen, and plain enough to be written as JSON."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from longshot.evaluation.comparison import Comparison
from longshot.evaluation.forecast import Forecast
from longshot.evaluation.intervals import Figure
from longshot.evaluation.measures import Reliability, RiskCoverage


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How to measure.

    Attributes
    ----------
    shots
        Examples per class.
    n_splits
        How often examples are drawn.
    n_resamples
        Samples of the documents, for the intervals.
    seed
        Of everything drawn at random.
    """

    shots: tuple[int, ...] = (1, 2, 4, 8)
    n_splits: int = 20
    n_resamples: int = 200
    seed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A learner's figures at one number of examples per class.

    Attributes
    ----------
    learner
        Its name.
    shots
        Examples per class.
    n_examples
        Examples of all classes together.
    accuracy, macro_f1
        Shares, between 0 and 1.
    calibration_error
        Expected, of the top label, 15 bins.
    aurc
        Area under the curve of risk against coverage.
    brier, log_loss
        Losses of the probabilities.
    """

    learner: str
    shots: int
    n_examples: int
    accuracy: Figure
    macro_f1: Figure
    calibration_error: Figure
    aurc: Figure
    brier: Figure
    log_loss: Figure


MEASURES = (
    "accuracy",
    "macro_f1",
    "calibration_error",
    "aurc",
    "brier",
    "log_loss",
)
"""The figures of a :class:`Point`, in their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassFigures:
    """How well one class is told apart.

    Attributes
    ----------
    label
        The class.
    n_documents
        Of this class in the labelled set.
    recall, precision, f1
        Over all splits.
    """

    label: str
    n_documents: int
    recall: Figure
    precision: Figure
    f1: Figure


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Closely:
    """A closer look at one learner at one number of examples per class.

    Attributes
    ----------
    learner, shots
        Which.
    classes
        Each class's figures, by label.
    confusion
        Documents by true (row) and predicted class (column), mean over splits.
    reliability, risk_coverage
        Over the judged documents of all splits together.
    """

    learner: str
    shots: int
    classes: tuple[ClassFigures, ...]
    confusion: Float[np.ndarray, "class class"]
    reliability: Reliability
    risk_coverage: RiskCoverage


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Evaluation:
    """All that was measured.

    Attributes
    ----------
    n_documents
        Labelled documents that took part.
    settings
        How it was measured, with the shots that were possible.
    points
        Figures of each learner (the first is the one in question) at each number of
        examples per class.
    closely
        The first learner at the greatest number of examples.
    comparisons
        The first learner against each other one, on the same splits.
    forecast
        What more labels would give; None where that cannot be told.
    answers
        What follows from all this, in plain sentences.
    notes
        What was left out, or done another way than asked.
    """

    n_documents: int
    settings: Settings
    points: tuple[Point, ...]
    closely: Closely
    comparisons: tuple[Comparison, ...]
    forecast: Forecast | None
    answers: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())
