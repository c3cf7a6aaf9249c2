import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, rosen, rosen_der

from longshot.lbfgs import minimise


@settings(max_examples=50, deadline=None)
@given(dim=st.integers(1, 20), seed=st.integers(0, 1000), spread=st.floats(0, 3))
@example(dim=6, seed=153, spread=2.234375)
def test_it_finds_the_bottom_of_a_bowl(dim: int, seed: int, spread: float) -> None:
    """However it is stretched; a linear system has the same solution."""
    random = np.random.default_rng(seed)
    axes = np.linalg.qr(random.normal(size=(dim, dim)))[0]
    matrix = axes * np.logspace(0, spread, dim) @ axes.T
    aim = random.normal(size=dim)

    def bowl(point: np.ndarray) -> tuple[float, np.ndarray]:
        return float(point @ matrix @ point / 2 - aim @ point), matrix @ point - aim

    found = minimise(bowl, np.zeros(dim), max_rounds=1000, tolerance=1e-14)

    assert np.linalg.solve(matrix, aim) == pytest.approx(found, abs=1e-3)


def test_a_crooked_valley_is_followed_as_far_as_by_scipy() -> None:
    start = np.array([-1.2, 1.0, -0.5, 0.8])

    found = minimise(
        lambda point: (float(rosen(point)), rosen_der(point)),
        start,
        max_rounds=500,
        tolerance=1e-15,
    )

    oracle = minimize(rosen, start, jac=rosen_der, method="L-BFGS-B")
    assert rosen(found) <= oracle.fun + 1e-6


def test_no_step_goes_up_and_none_is_one_too_many() -> None:
    values: list[float] = []

    def steep(point: np.ndarray) -> tuple[float, np.ndarray]:
        return float(np.cosh(point).sum()), np.sinh(point)

    for max_rounds in range(6):
        found = minimise(steep, np.full(3, 4.0), max_rounds=max_rounds)
        values.append(steep(found)[0])

    assert sorted(values, reverse=True) == values
    assert steep(np.full(3, 4.0))[0] == values[0] > values[1]


def test_at_the_minimum_it_stays() -> None:
    def flat(point: np.ndarray) -> tuple[float, np.ndarray]:
        return float(point @ point), 2 * point

    assert (minimise(flat, np.zeros(4), max_rounds=10) == 0).all()
