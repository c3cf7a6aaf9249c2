"""The measures beside a plain computation of the paper's formulas."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.contextuality.measures import (
    cosines_within,
    different,
    intra_sentence_similarity,
    max_explainable_variance,
    mean_over_pairs,
    self_similarity,
)


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)))


def some_vectors(n_uses: int, dim: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(loc=0.3, size=(n_uses, dim))


shapes = (st.integers(2, 12), st.integers(1, 40), st.integers(0, 99))


@given(*shapes)
def test_self_similarity_is_the_mean_cosine_over_pairs(n: int, d: int, s: int) -> None:
    vectors = some_vectors(n, d, s)
    expected = np.mean([cosine(a, b) for a, b in combinations(vectors, 2)])
    assert self_similarity(vectors) == pytest.approx(expected, abs=1e-6)


@given(*shapes)
def test_intra_sentence_similarity_is_the_mean_cosine_to_the_mean(
    n: int, d: int, s: int
) -> None:
    words = some_vectors(n, d, s)
    expected = np.mean([cosine(word, words.mean(axis=0)) for word in words])
    assert intra_sentence_similarity(words) == pytest.approx(expected, abs=1e-6)


@given(*shapes)
def test_explainable_variance_is_the_first_singular_value_squared(
    n: int, d: int, s: int
) -> None:
    vectors = some_vectors(n, d, s)
    values = np.linalg.svd(vectors, compute_uv=False)
    expected = values[0] ** 2 / (values**2).sum()
    assert max_explainable_variance(vectors) == pytest.approx(expected, abs=1e-6)


@given(*shapes)
def test_random_words_are_compared_across_sentences(n: int, d: int, s: int) -> None:
    vectors = some_vectors(n, d, s)
    sentences = np.arange(n) // 2
    pairs = [
        cosine(vectors[i], vectors[j])
        for i, j in combinations(range(n), 2)
        if sentences[i] != sentences[j]
    ]
    expected = np.mean(pairs) if pairs else np.nan
    found = mean_over_pairs(cosines_within(vectors), different(sentences))
    assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_static_vectors_are_wholly_alike() -> None:
    vectors = np.tile(some_vectors(1, 5, 0), (4, 1))
    assert self_similarity(vectors) == pytest.approx(1.0)
    assert max_explainable_variance(vectors) == pytest.approx(1.0)


@given(*shapes, st.floats(0.1, 100))
def test_measures_do_not_depend_on_scale(n: int, d: int, s: int, scale: float) -> None:
    vectors = some_vectors(n, d, s)
    for measure in (self_similarity, max_explainable_variance):
        assert measure(scale * vectors) == pytest.approx(measure(vectors), abs=1e-6)
