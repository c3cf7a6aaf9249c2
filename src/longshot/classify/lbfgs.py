"""Minimising a smooth function of many numbers: L-BFGS, with scipy's line search.

scipy's own L-BFGS-B is made for bounds. Where a hundred classes have three hundred
coefficients each, what it does for them is many small products of matrices, which take
several times as long as the function itself once they are shared out to processors
(benchmarks/optimiser.py).
"""

import warnings
from collections import deque
from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from scipy.optimize import line_search

Vector = Float[np.ndarray, " number"]
Function = Callable[[Vector], tuple[float, Vector]]
"""Gives its value and its gradient."""

_MEMORY = 6
"""Steps that the curvature is told from."""


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
    known = _Known(function)
    curvature = _Curvature()
    point = start
    value, gradient = known(point)
    for _ in range(max_rounds):
        direction = -curvature.inverse_times(gradient)
        length = _step_length(known, point, direction)
        if length is None:
            break
        step = length * direction
        point = point + step
        new_value, new_gradient = known(point)
        curvature.learn(step, new_gradient - gradient)
        gain = value - new_value
        value, gradient = new_value, new_gradient
        if gain <= tolerance * abs(value):
            break
    return point


def _step_length(known: "_Known", point: Vector, direction: Vector) -> float | None:
    """Tell how far to go (strong Wolfe conditions); None where nothing is gained."""
    value, gradient = known(point)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it found none is told by None
        length, *_ = line_search(
            lambda at: known(at)[0],
            lambda at: known(at)[1],
            point,
            direction,
            gfk=gradient,
            old_fval=value,
        )
    return None if length is None else float(length)


class _Known:
    """A function that knows the last point again: value and gradient come together."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._point: Vector | None = None

    def __call__(self, point: Vector) -> tuple[float, Vector]:
        if self._point is None or not np.array_equal(self._point, point):
            self._point, self._found = point, self._function(point)
        return self._found


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
