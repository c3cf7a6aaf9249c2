import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, silhouette_samples
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from longshot.contextuality.measures import cosines_within
from longshot.contextuality.senses import (
    as_numbers,
    find_senses,
    most_typical,
    neighbour_hits,
    silhouettes,
)

sizes = st.lists(st.integers(1, 6), min_size=2, max_size=4)


def senses_of(counts: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


def vectors_of(senses: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(len(senses))
    return np.asarray(np.eye(5)[senses] + 0.5 * random.normal(size=(len(senses), 5)))


@given(sizes)
def test_silhouettes_are_scikit_learns(counts: list[int]) -> None:
    senses = senses_of(counts)
    if len(senses) == len(counts):
        senses = np.append(senses, 0)
    vectors = vectors_of(senses)
    expected = silhouette_samples(vectors, senses, metric="cosine")
    found = silhouettes(cosines_within(vectors), senses)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_neighbour_accuracy_is_scikit_learns_leave_one_out() -> None:
    senses = senses_of([9, 14, 5])
    vectors = vectors_of(senses)
    nearest = KNeighborsClassifier(1, metric="cosine", algorithm="brute")
    guessed = cross_val_predict(nearest, vectors, senses, cv=LeaveOneOut())
    hits = neighbour_hits(cosines_within(vectors), senses)
    assert hits.mean() == pytest.approx(accuracy_score(senses, guessed), abs=1e-6)


def test_static_vectors_score_what_chance_would() -> None:
    hits = neighbour_hits(np.ones((4, 4)), np.array([0, 0, 0, 1]))
    np.testing.assert_allclose(hits, [2 / 3, 2 / 3, 2 / 3, 0])


def test_senses_that_lie_apart_are_found() -> None:
    told = senses_of([12, 9])
    random = np.random.default_rng(0)
    vectors = np.eye(6)[told] + 0.1 * random.normal(size=(21, 6))
    found = find_senses(vectors)
    assert len(set(zip(told, found.tolist(), strict=True))) == 2


@pytest.mark.parametrize("n_uses", [1, 2, 5])
def test_uses_that_are_all_alike_are_one_sense(n_uses: int) -> None:
    assert find_senses(np.ones((n_uses, 3))).tolist() == [0] * n_uses


def test_most_typical_uses_lie_nearest_to_the_middle() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [9.0, 9.0]])
    assert most_typical(vectors, np.array([0, 0, 0, 1]), 0, n_uses=2) == [2, 0]


def test_senses_are_numbered_by_name() -> None:
    numbers, names = as_numbers(["device", "animal"])
    assert (numbers.tolist(), names) == ([1, 0], ["animal", "device"])
