import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from longshot.similarity import best_matches, cosine, cosines, unit

vectors = arrays(np.float32, 6, elements=st.floats(-100, 100, width=32))
matrices = arrays(np.float64, (3, 4), elements=st.floats(-10, 10))


@given(vectors, vectors)
def test_cosine_equals_torchs(a: np.ndarray, b: np.ndarray) -> None:
    tensors = (torch.from_numpy(vector.astype(np.float64)) for vector in (a, b))
    expected = torch.nn.CosineSimilarity(dim=0, eps=1e-6)(*tensors).item()
    assert cosine(a, b) == pytest.approx(expected, abs=1e-6)


@given(vectors, vectors, st.floats(1e-2, 1e3))
def test_cosine_does_not_depend_on_scale(
    a: np.ndarray, b: np.ndarray, scale: float
) -> None:
    assume(min(np.linalg.norm(a), np.linalg.norm(b)) > 1e-3)
    scaled = (scale * a).astype(np.float64)
    assert cosine(scaled, b.astype(np.float64)) == pytest.approx(cosine(a, b), abs=1e-5)


@given(vectors, vectors)
def test_cosine_is_symmetric_and_bounded(a: np.ndarray, b: np.ndarray) -> None:
    assert cosine(a, b) == cosine(b, a)
    assert abs(cosine(a, b)) <= 1 + 1e-12


def test_zeros_are_similar_to_nothing() -> None:
    assert cosine(np.zeros(3), np.array([1.0, 2.0, 3.0])) == 0.0
    assert cosine(np.zeros(3), np.zeros(3)) == 0.0


@given(matrices, matrices)
def test_cosines_hold_every_pair(a: np.ndarray, b: np.ndarray) -> None:
    expected = [[cosine(row, column) for column in b] for row in a]
    assert np.allclose(expected, cosines(a, b), atol=1e-12)


@given(matrices)
def test_unit_vectors_have_length_one(a: np.ndarray) -> None:
    assume(np.linalg.norm(a, axis=1).min() > 1e-3)
    assert np.allclose(np.linalg.norm(unit(a), axis=1), 1.0)


def test_best_match_of_each_row() -> None:
    a = np.array([[1.0, 0.0], [1.0, 1.0]])
    b = np.array([[0.0, 5.0], [3.0, 0.0], [2.0, 2.0]])
    best, similarities = best_matches(a, b)
    assert best.tolist() == [1, 2]
    assert similarities == pytest.approx([1.0, 1.0])
