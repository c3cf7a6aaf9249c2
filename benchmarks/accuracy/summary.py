"""Many splits to one figure: the mean, and how sure it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.accuracy.results import Result

LEVEL = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One way with one number of examples per class; shares in percent.

    Attributes
    ----------
    accuracy, half_width
        The mean over splits, and the half of Student's 95 % interval of it: how sure
        the mean is over draws of the examples. Zero where there was one split.
    calibration_error
        The mean over splits.
    seconds
        The median.
    n_splits
        How many there are.
    """

    accuracy: float
    half_width: float
    calibration_error: float
    seconds: float
    n_splits: int


Cells = Mapping[tuple[str, int], Cell]
"""By way and examples per class."""


def cells_of(results: Iterable[Result], set_name: str) -> Cells:
    """Summarise the results of a data set."""
    groups: dict[tuple[str, int], list[Result]] = {}
    for one in results:
        if one.set_name == set_name:
            groups.setdefault((one.way, one.shots), []).append(one)
    return {key: _cell(found) for key, found in groups.items()}


def differences(
    results: Iterable[Result], set_name: str, shots: int, ours: str, theirs: str
) -> tuple[float, float] | None:
    """Give how far one way is ahead of another on the same splits, in points."""
    found: dict[str, dict[int, float]] = {ours: {}, theirs: {}}
    for one in results:
        if (one.set_name, one.shots) == (set_name, shots) and one.way in found:
            found[one.way][one.seed] = one.accuracy
    both = sorted(found[ours].keys() & found[theirs].keys())
    if not both:
        return None
    gaps = [100 * (found[ours][seed] - found[theirs][seed]) for seed in both]
    return float(np.mean(gaps)), half_width(gaps)


def half_width(values: Sequence[float]) -> float:
    """Give half of Student's 95 % interval of the mean; zero for a single value.

    Examples
    --------
    >>> round(half_width([1.0, 3.0]), 2)
    12.71
    """
    n = len(values)
    if n < 2:
        return 0.0
    deviation = float(np.std(values, ddof=1))
    quantile = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1))
    return float(quantile * deviation / np.sqrt(n))


def _cell(found: Sequence[Result]) -> Cell:
    accuracies = [100 * one.accuracy for one in found]
    return Cell(
        accuracy=float(np.mean(accuracies)),
        half_width=half_width(accuracies),
        calibration_error=100 * float(np.mean([r.calibration_error for r in found])),
        seconds=float(np.median([one.seconds for one in found])),
        n_splits=len(found),
    )
