"""Probabilities and their logarithms, held against scipy's."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import special

from longshot import probabilities

SCORES = arrays.arrays(
    np.float64,
    arrays.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=6),
    elements=st.floats(-1e4, 1e4),
)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
@settings(deadline=None, max_examples=40)
@given(scores=SCORES, axis=st.integers(-2, 1))
def test_what_adds_up_along_an_axis_is_as_scipy_gives_it(
    name: str, scores: np.ndarray, axis: int
) -> None:
    expected = getattr(special, name)(scores, axis=axis)

    found = getattr(probabilities, name)(scores, axis=axis)

    assert expected.shape == found.shape
    assert np.allclose(expected, found, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("function", [special.expit, special.log_expit])
@settings(deadline=None, max_examples=40)
@given(odds=SCORES)
def test_log_odds_are_as_scipy_gives_them(
    function: Callable[[np.ndarray], np.ndarray], odds: np.ndarray
) -> None:
    found = getattr(probabilities, function.__name__)(odds)

    assert np.allclose(function(odds), found, rtol=1e-12, atol=1e-300)


def test_what_is_impossible_has_no_probability() -> None:
    scores = np.array([[0.0, -np.inf], [-np.inf, -np.inf]])

    assert [0.0, -np.inf] == probabilities.log_softmax(scores[0]).tolist()
    assert [0.0, -np.inf] == probabilities.logsumexp(scores, axis=1).tolist()
