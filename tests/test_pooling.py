import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longshot.errors import EmptyDocumentError
from longshot.pooling import (
    RunningMean,
    max_over_tokens,
    pool_windows,
    token_weights,
    window_weights,
)
from longshot.recipe import WindowPooling

counts = st.lists(st.integers(1, 600), min_size=1, max_size=12).map(np.array)


def vectors_of(n_windows: int) -> np.ndarray:
    return np.random.default_rng(n_windows).normal(size=(n_windows, 5))


@given(counts)
def test_windows_weigh_by_their_tokens(n_tokens: np.ndarray) -> None:
    windows = vectors_of(len(n_tokens))
    expected = np.average(windows, axis=0, weights=n_tokens)
    assert np.allclose(expected, pool_windows(windows, n_tokens), atol=1e-6)


@given(counts)
def test_plain_mean_of_windows(n_tokens: np.ndarray) -> None:
    windows = vectors_of(len(n_tokens))
    pooled = pool_windows(windows, n_tokens, "windows")
    assert np.allclose(windows.mean(axis=0), pooled, atol=1e-6)


def test_document_vector_is_the_mean_over_all_its_tokens() -> None:
    tokens = vectors_of(23)
    cuts = [tokens[:10], tokens[10:20], tokens[20:]]
    windows = np.stack([cut.mean(axis=0) for cut in cuts])
    pooled = pool_windows(windows, np.array([10, 10, 3]))
    assert np.allclose(tokens.mean(axis=0), pooled, atol=1e-6)


@given(counts, st.sampled_from(["tokens", "windows"]))
def test_window_weights_make_the_document(
    n_tokens: np.ndarray, pooling: WindowPooling
) -> None:
    windows = vectors_of(len(n_tokens))
    weights = window_weights(n_tokens, pooling)
    assert weights.sum() == pytest.approx(1.0)
    pooled = pool_windows(windows, n_tokens, pooling)
    assert np.allclose(weights @ windows, pooled, atol=1e-6)


@pytest.mark.parametrize("pooling", ["tokens", "windows"])
def test_window_without_tokens_does_not_count(pooling: WindowPooling) -> None:
    windows = np.array([[1.0, 2.0], [9.0, 9.0]])
    pooled = pool_windows(windows, np.array([4, 0]), pooling)
    assert pooled.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("pooling", ["tokens", "windows"])
def test_no_token_at_all_is_an_error(pooling: WindowPooling) -> None:
    with pytest.raises(EmptyDocumentError, match="must hold at least one token"):
        pool_windows(np.zeros((2, 3)), np.array([0, 0]), pooling)


def test_sum_of_very_many_windows_keeps_its_precision() -> None:
    """A sum in float32 stops growing at 2**24."""
    mean = RunningMean(1)
    for _ in range(200):
        mean.add(np.array([1.1], dtype=np.float32), n_tokens=10**6)
    assert mean.vector().tolist() == np.array([1.1], dtype=np.float32).tolist()


@given(st.integers(0, 5), st.integers(1, 40), st.integers(0, 3))
def test_special_tokens_weigh_nothing(before: int, real: int, after: int) -> None:
    weights = token_weights(
        n_before=before, n_tokens=real, n_after=after, pooling="mean"
    )
    assert len(weights) == before + real + after
    assert np.flatnonzero(weights).tolist() == list(range(before, before + real))
    assert weights.sum() == pytest.approx(1.0, abs=1e-6)


def test_cls_takes_the_first_token_of_the_frame() -> None:
    weights = token_weights(n_before=1, n_tokens=2, n_after=1, pooling="cls")
    assert weights.tolist() == [1.0, 0.0, 0.0, 0.0]


@given(arrays(np.float32, (2, 3, 6, 4), elements=st.floats(-9, 9, width=32)))
def test_greatest_values_are_those_of_real_tokens(states: np.ndarray) -> None:
    states[:, :, [0, 1, 5]] = 99.0
    greatest = max_over_tokens(states, n_before=2, n_tokens=3)
    assert np.array_equal(states[:, :, 2:5].max(axis=2), greatest)
