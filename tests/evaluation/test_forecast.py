import numpy as np
import pytest

from longshot.evaluation.forecast import extrapolate, forecast
from longshot.evaluation.intervals import Spread

SHOTS = np.array([1.0, 2.0, 4.0, 8.0])


def _point(value: float, spread: float = 0.01) -> Spread:
    random = np.random.default_rng(int(1000 * value))
    return Spread(
        per_split=value + spread * random.normal(size=20),
        per_resample=value + spread / 4 * random.normal(size=50),
        n_documents=500,
        pool_share=0.02,
    )


def test_a_power_law_is_drawn_further() -> None:
    """Many points of a known curve fix it, whatever the prior."""
    shots = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0])
    curve = 0.95 - 0.4 * shots**-0.5
    at = extrapolate(
        shots,
        np.tile(curve, (50, 1)),
        np.full(7, 1e-6),
        np.array([128.0]),
        np.random.default_rng(0),
    )

    np.testing.assert_allclose(at, 0.95 - 0.4 * 128**-0.5, atol=0.005)


def test_nothing_is_forecast_above_one_nor_falling() -> None:
    curves = np.random.default_rng(0).random((200, 4))
    at = extrapolate(
        SHOTS,
        curves,
        np.full(4, 1e-4),
        np.array([8.0, 16.0, 1e6]),
        np.random.default_rng(1),
    )

    assert at.max() <= 1.0
    assert (np.diff(at, axis=1) >= -1e-12).all()


def test_forecast_holds_the_truth_and_widens() -> None:
    points = [_point(0.95 - 0.4 * k**-0.6) for k in SHOTS]
    found = forecast([1, 2, 4, 8], points)

    assert found is not None
    assert (16, 32) == found.shots
    for shots, figure in zip(found.shots, found.accuracy, strict=True):
        assert figure.low < 0.95 - 0.4 * shots**-0.6 < figure.high
    near, far = (figure.high - figure.low for figure in found.accuracy)
    assert near < far
    assert found.gain[0].value == pytest.approx(0.4 * (8**-0.6 - 16**-0.6), abs=0.02)


def test_two_points_tell_nothing() -> None:
    assert forecast([1, 2], [_point(0.5), _point(0.6)]) is None
