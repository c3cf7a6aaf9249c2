"""What happens while training goes on: measuring, keeping the best, stopping."""

from collections.abc import Callable
from typing import Any

from longshot.tuning.measuring import HeldOutMeasure

OnMeasure = Callable[[HeldOutMeasure], None]
"""Told of each measure of the held-out documents, the first one before training."""

MEASURE_STEPS = 25
PATIENCE = 3
"""Measures without progress after which it stops."""


class Watch:
    """Measures every ``MEASURE_STEPS`` batches and keeps the best weights.

    Parameters
    ----------
    measure
        Judges the held-out documents after a number of batches.
    weights
        Copies the weights.
    n_steps
        Batches at most; after the last one it measures too.
    on_measure
        Told of each measure.
    """

    def __init__(
        self,
        measure: Callable[[int], HeldOutMeasure],
        weights: Callable[[], dict[str, Any]],
        n_steps: int,
        on_measure: OnMeasure | None = None,
    ) -> None:
        self._measure, self._weights = measure, weights
        self._n_steps, self._on_measure = n_steps, on_measure
        self.before = self.best = measure(0)
        self.best_weights = weights()
        self._n_without_progress = 0
        self._tell(self.before)

    def after_step(self, n_done: int) -> bool:
        """Measure if it is time, and tell whether to stop."""
        if n_done % MEASURE_STEPS and n_done < self._n_steps:
            return False
        found = self._measure(n_done)
        self._n_without_progress += 1
        if found.is_better_than(self.best):
            self.best, self.best_weights = found, self._weights()
            self._n_without_progress = 0
        self._tell(found)
        return self._n_without_progress >= PATIENCE

    def _tell(self, found: HeldOutMeasure) -> None:
        if self._on_measure is not None:
            self._on_measure(found)
