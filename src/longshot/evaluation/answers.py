"""What an evaluation means, in plain sentences."""

from collections.abc import Iterator, Sequence
from itertools import count

from longshot.evaluation.comparison import Comparison, least_p_value
from longshot.evaluation.forecast import LEAST_POINTS, Forecast
from longshot.evaluation.intervals import Figure
from longshot.evaluation.results import Point

SAYS_LITTLE = 0.25
"""Width of an interval from which on a forecast tells nothing that one could act on."""

_SIGNIFICANT = 0.05


def answers(
    points: Sequence[Point],
    n_documents: int,
    n_classes: int,
    comparisons: Sequence[Comparison],
    forecast: Forecast | None,
) -> Iterator[str]:
    """Report accuracy, its certainty, what is better, and what labels would bring.

    Parameters
    ----------
    points
        Of the learner in question, by ascending shots.
    n_documents, n_classes
        Of the labelled set.
    comparisons
        At the greatest number of shots.
    forecast
        None where nothing can be told.
    """
    last = points[-1]
    yield (
        f"Accuracy with {_examples(last.shots)} per class: {share(last.accuracy)} of "
        "the other documents."
    )
    yield how_sure(last.accuracy, n_documents)
    for one in comparisons:
        yield compared(one)
    yield more_labels(points, n_classes, forecast)


def how_sure(accuracy: Figure, n_documents: int) -> str:
    """Say how wide the interval is, and why.

    Examples
    --------
    >>> print(how_sure(Figure(value=0.9, low=0.75, high=0.97), 40))
    Measured on 40 labelled documents, this is accurate to within 22 points: roughly.
    """
    width = accuracy.high - accuracy.low
    told = next(
        word
        for limit, word in (
            (0.03, "precise"),
            (0.10, "enough to compare settings that differ much"),
            (0.25, "roughly"),
            (2.0, "too rough to rely on; label more"),
        )
        if width <= limit
    )
    return (
        f"Measured on {n_documents:,} labelled documents, this is accurate to within "
        f"{100 * width:.0f} points: {told}."
    )


def compared(one: Comparison) -> str:
    """Say which of two is better, if either.

    Examples
    --------
    >>> compared(Comparison(learner="longshot", other="tf-idf", shots=8,
    ...     difference=Figure(value=0.05, low=0.01, high=0.09), p_value=0.004,
    ...     n_splits=20))
    'longshot is better than tf-idf by 5.0 points (1.0 to 9.0; p = 0.004).'
    """
    difference, chance = one.difference, f"p = {one.p_value:.2g}"
    if one.least_p_value > _SIGNIFICANT and difference.value:
        return (
            f"{one.n_splits} splits are too few to tell whether {one.learner} is "
            f"better than {one.other} ({_signed(difference)}): with so few, chance "
            "alone often gives the same sign on all of them. Use at least "
            f"{_fewest_splits()} (--splits)."
        )
    is_clear = difference.low > 0 or difference.high < 0
    if not is_clear or one.p_value > _SIGNIFICANT:
        return (
            f"No clear difference between {one.learner} and {one.other} "
            f"({_signed(difference)}; {chance})."
        )
    size = Figure(
        value=abs(difference.value),
        low=min(abs(difference.low), abs(difference.high)),
        high=max(abs(difference.low), abs(difference.high)),
    )
    word = "better" if difference.value > 0 else "worse"
    return (
        f"{one.learner} is {word} than {one.other} by {100 * size.value:.1f} points "
        f"({100 * size.low:.1f} to {100 * size.high:.1f}; {chance})."
    )


def _fewest_splits() -> int:
    """Give the fewest splits from which a test can tell anything."""
    return next(n for n in count(1) if least_p_value(n) <= _SIGNIFICANT)


def more_labels(
    points: Sequence[Point], n_classes: int, forecast: Forecast | None
) -> str:
    """Answer how many more labels would help, or say that it cannot be told."""
    if forecast is None:
        return (
            f"To learn how much more labels would help, measure at {LEAST_POINTS} or "
            "more numbers of examples per class, for instance --shots 1,2,4."
        )
    near, far = forecast.accuracy
    k = forecast.shots[0]
    labels = f"{k} examples per class ({k * n_classes:,} labels in all)"
    if near.high - near.low > SAYS_LITTLE:
        return (
            f"How much more labels would help is uncertain: {labels} could give "
            f"anything from {_percent(near.low)} to {_percent(near.high)}."
        )
    return (
        f"{labels} would give about {share(near)}; doubling again about "
        f"{_points(forecast.gain[1].value)} more ({_percent(far.low)} to "
        f"{_percent(far.high)})."
    )


def share(figure: Figure) -> str:
    """Write a share with its limits.

    Examples
    --------
    >>> share(Figure(value=0.934, low=0.9, high=0.95))
    '93 % (90 to 95)'
    """
    return (
        f"{_percent(figure.value)} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"
    )


def _signed(figure: Figure) -> str:
    return (
        f"{100 * figure.value:+.1f} points, {100 * figure.low:+.1f} to "
        f"{100 * figure.high:+.1f}"
    )


def _points(value: float) -> str:
    points = f"{100 * value:.0f}"
    return "1 point" if points == "1" else f"{points} points"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _examples(n: int) -> str:
    return "1 example" if n == 1 else f"{n} examples"
