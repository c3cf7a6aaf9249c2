"""Several units against several: by hand, and whatever the number of units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from longshot.packets.change_points import (
    are_lowest,
    dense_likeness,
    depths,
    relative,
    sparse_likeness,
)


@given(st.integers(2, 30), st.integers(1, 9), st.integers(0, 1_000))
def test_likeness_is_the_cosine_of_the_sums_on_both_sides(
    n_units: int, n_around: int, seed: int
) -> None:
    rows = np.random.default_rng(seed).random((n_units, 4))
    expected = []
    for seam in range(1, n_units):
        before = rows[max(seam - n_around, 0) : seam].sum(axis=0)
        after = rows[seam : seam + n_around].sum(axis=0)
        lengths = np.linalg.norm(before) * np.linalg.norm(after)
        expected.append(before @ after / lengths)
    dense = dense_likeness(rows, n_around)
    of_counts = sparse_likeness(sparse.csr_matrix(rows), n_around)
    np.testing.assert_allclose(dense, expected, atol=1e-9)
    np.testing.assert_allclose(of_counts, expected, atol=1e-9)


def test_a_long_file_is_compared_block_by_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = np.random.default_rng(0).random((50, 4))
    whole = dense_likeness(rows, 8)
    monkeypatch.setattr("longshot.packets.change_points._BLOCK_SEAMS", 7)
    np.testing.assert_allclose(dense_likeness(rows, 8), whole)


def test_a_valley_is_deep_and_lowest() -> None:
    likeness = np.array([0.8, 0.9, 0.7, 0.1, 0.6, 0.8, 0.75, 0.7, 0.9])
    assert depths(likeness).argmax() == 3
    assert depths(likeness)[3] == pytest.approx(0.8 + 0.7)
    assert np.flatnonzero(are_lowest(likeness)).tolist() == [3]
    assert relative(likeness).argmin() == 3
    assert not relative(np.full(5, 0.3)).any()
