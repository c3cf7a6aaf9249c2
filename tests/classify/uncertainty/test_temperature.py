import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.classify.uncertainty.temperature import (
    PRIOR_TEMPERATURE,
    confidences,
    fit_temperature,
)

SURE = np.array([[0.9, 0.5], [0.5, 0.9]] * 10)
RIGHT = np.array([0, 1] * 10)


def test_without_a_second_example_of_any_class_the_temperature_is_the_priors() -> None:
    temperature = fit_temperature(np.empty((0, 2)), np.empty(0, dtype=np.int64))

    assert PRIOR_TEMPERATURE == pytest.approx(temperature, rel=1e-3)


def test_examples_that_confirm_each_other_make_it_surer() -> None:
    mistaken = fit_temperature(SURE, 1 - RIGHT)

    assert fit_temperature(SURE, RIGHT) < PRIOR_TEMPERATURE < mistaken


def test_a_confidence_by_hand() -> None:
    """Odds of e to the (0.9 - 0.8) / 0.1 = 1."""
    expected = [[np.e / (np.e + 1), 1 / (np.e + 1)]]

    assert expected == pytest.approx(confidences(np.array([[0.9, 0.8]]), 0.1))


@given(
    st.lists(st.floats(-1, 1), min_size=2, max_size=6),
    st.floats(1e-3, 10.0),
)
def test_confidences_add_up_to_one_and_keep_the_order(
    similarities: list[float], temperature: float
) -> None:
    sure = confidences(np.array([similarities]), temperature)[0]

    assert pytest.approx(1.0) == sure.sum()
    assert (np.diff(sure[np.argsort(similarities)]) >= 0).all()
