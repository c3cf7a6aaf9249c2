import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longshot.classify.evidence.contributions import contributions
from longshot.pooling import pool_windows, window_weights
from longshot.similarity import cosine

windows_of_five = arrays(np.float64, (4, 5), elements=st.floats(-10, 10))
references = arrays(np.float64, 5, elements=st.floats(-10, 10))
counts = st.lists(st.integers(1, 510), min_size=4, max_size=4).map(np.array)


@given(windows_of_five, references, counts)
def test_shares_add_up_to_the_documents_cosine(
    windows: np.ndarray, reference: np.ndarray, n_tokens: np.ndarray
) -> None:
    weights = window_weights(n_tokens)
    shares = contributions(windows, weights, reference)
    expected = cosine(weights @ windows, reference)
    assert shares.sum() == pytest.approx(expected, abs=1e-9)


def test_shares_belong_to_the_vector_that_pooling_gives() -> None:
    windows = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    n_tokens, reference = np.array([510, 510, 80]), np.ones(8)
    shares = contributions(windows, window_weights(n_tokens), reference)
    document = pool_windows(windows, n_tokens).astype(np.float64)
    assert shares.sum() == pytest.approx(cosine(document, reference), abs=1e-6)


def test_window_that_speaks_against_has_a_negative_share() -> None:
    windows = np.array([[2.0, 1.0], [-1.0, 1.0]])
    shares = contributions(windows, np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    assert shares[0] > 0 > shares[1]


def test_reference_of_zeros_gives_no_share() -> None:
    shares = contributions(np.ones((2, 3)), np.array([0.5, 0.5]), np.zeros(3))
    assert shares.tolist() == [0.0, 0.0]
