from collections.abc import Callable
from typing import Any

import pytest

from longshot.tuning.measuring import HeldOutMeasure
from longshot.tuning.watching import MEASURE_STEPS, PATIENCE, Watch


def measures(*surprises: float) -> Callable[[int], HeldOutMeasure]:
    values = iter(surprises)
    return lambda step: HeldOutMeasure(step=step, accuracy=0.5, surprise=next(values))


def last_step(watch: Watch, n_steps: int) -> int:
    """Go on until it says to stop."""
    for n_done in range(1, n_steps + 1):
        if watch.after_step(n_done):
            return n_done
    return n_steps


@pytest.mark.parametrize(
    ("surprises", "best", "last"),
    [
        ((1.0, 1.5, 1.5, 1.5), 0, PATIENCE * MEASURE_STEPS),
        ((1.0, 0.9, 1.5, 0.8, 1.5, 1.5, 1.5), 75, (3 + PATIENCE) * MEASURE_STEPS),
        ((1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2), 180, 180),
    ],
)
def test_it_stops_without_progress_and_keeps_the_best_weights(
    surprises: tuple[float, ...], best: int, last: int
) -> None:
    told: list[HeldOutMeasure] = []

    def weights() -> dict[str, Any]:
        return {"after": len(told)}

    watch = Watch(measures(*surprises), weights, 180, told.append)
    assert last_step(watch, 180) == last
    assert watch.best.step == best
    assert watch.before == told[0]
    assert told[watch.best_weights["after"]].step == best
