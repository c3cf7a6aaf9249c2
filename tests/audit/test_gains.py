import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.audit import expected_gain

CONFIDENCES = st.lists(st.floats(0, 1), min_size=1, max_size=60).map(np.array)


@given(CONFIDENCES, st.data(), st.integers(0, 200), st.integers(1, 20))
@settings(max_examples=50, deadline=None)
def test_a_gain_is_possible(
    confidences: np.ndarray, data: st.DataObject, n_examples: int, n_classes: int
) -> None:
    """No more can become right than is wrong, no more wrong than is right."""
    places = st.integers(0, len(confidences) - 1)
    rows = np.array(data.draw(st.lists(places, unique=True)), dtype=np.int64)
    found = expected_gain(confidences, rows, n_examples=n_examples, n_classes=n_classes)

    assert found.low <= found.value <= found.high
    assert found.high <= 1.0 - confidences.mean() + 1e-9
    assert found.low >= -confidences.mean() - 1e-9


def test_labelling_everything_makes_everything_right() -> None:
    confidences = np.linspace(0.5, 0.9, 10)
    found = expected_gain(confidences, np.arange(10), n_examples=3, n_classes=3)

    assert found.value == found.low == found.high == pytest.approx(0.3)


def test_labelling_nothing_brings_nothing() -> None:
    found = expected_gain(
        np.full(9, 0.5), np.empty(0, dtype=np.int64), n_examples=3, n_classes=3
    )

    assert (0, 0.0, 0.0, 0.0) == (found.n_labels, found.value, found.low, found.high)


def test_the_more_is_known_the_less_a_label_brings() -> None:
    few, many = (
        expected_gain(np.full(500, 0.8), np.arange(5), n_examples=n, n_classes=5)
        for n in (5, 100)
    )

    assert many.value < few.value
    assert many.high - many.low < few.high - few.low
