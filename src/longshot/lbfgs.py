"""Minimising a smooth function of many numbers: L-BFGS.

scipy's L-BFGS-B is made for bounds. Where a hundred classes have three hundred
coefficients each, what it does for them is many small products of matrices, which take
several times as long as the function itself once they are shared out to processors
(benchmarks/learning/optimiser.py).
"""

from collections import deque
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

Vector = Float[np.ndarray, " number"]
Function = Callable[[Vector], tuple[float, Vector]]
"""Gives its value and its gradient."""

_MEMORY = 6
"""Steps that the curvature is told from."""

_SUFFICIENT = 1e-4
"""Share of the decrease that the slope promises, with which a step is taken."""

_SHORTEST_STEP = 1e-6


def minimise(
    function: Function, start: Vector, *, max_rounds: int, tolerance: float = 1e-7
) -> Vector:
    """Find where a function is least (Nocedal and Wright 2006, algorithm 7.5).

    Parameters
    ----------
    function
        What is to become least.
    start
        Where to begin.
    max_rounds
        Steps at most.
    tolerance
        It ends where a step gains less than this share of the value.
    """
    curvature = _Curvature()
    point = start
    value, gradient = function(point)
    for _ in range(max_rounds):
        direction = -curvature.inverse_times(gradient)
        slope = float(gradient @ direction)
        found = _step(function, point, value, direction, slope)
        if found is None:
            break
        moved, new_value, new_gradient = found
        curvature.learn(moved - point, new_gradient - gradient)
        gain = value - new_value
        point, value, gradient = found
        if gain <= tolerance * abs(value):
            break
    return point


def _step(
    function: Function, point: Vector, value: float, direction: Vector, slope: float
) -> tuple[Vector, float, Vector] | None:
    """Go in a direction until enough is gained; None where nothing is.

    A step that went too far is followed by one to the bottom of the parabola that the
    value, the slope and what was found describe (the same, section 3.5).
    """
    length = 1.0
    while length > _SHORTEST_STEP:
        moved = point + length * direction
        new_value, gradient = function(moved)
        if new_value <= value + _SUFFICIENT * length * slope:
            return moved, new_value, gradient
        surplus = new_value - value - length * slope
        bottom = -slope * length**2 / (2 * surplus)
        length = float(np.clip(bottom, 0.1 * length, 0.5 * length))
    return None


class _Curvature:
    """What the last steps told of how the gradient changes."""

    def __init__(self) -> None:
        self._steps: deque[tuple[Vector, Vector, float]] = deque(maxlen=_MEMORY)

    def learn(self, step: Vector, change: Vector) -> None:
        """Remember a step and how the gradient changed, if it tells of a valley."""
        product = float(step @ change)
        if product > 0:
            self._steps.append((step, change, product))

    def inverse_times(self, gradient: Vector) -> Vector:
        """Divide a gradient by the curvature (the same, algorithm 7.4)."""
        if not self._steps:
            return gradient / max(float(np.linalg.norm(gradient)), 1.0)
        found = gradient.copy()
        shares = []
        for step, change, product in reversed(self._steps):
            share = float(step @ found) / product
            shares.append(share)
            found -= share * change
        _, change, product = self._steps[-1]
        found *= product / float(change @ change)
        for step, change, product in self._steps:
            share = shares.pop()
            found += (share - float(change @ found) / product) * step
        return found
