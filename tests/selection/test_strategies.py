import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.errors import SettingError
from longshot.selection import strategies
from longshot.selection.names import Strategy
from longshot.selection.strategies import check_strategy, locate, select, uncertainty
from longshot.similarity import unit

NONE = np.empty((0, 6))
EVERY: list[Strategy] = ["both", "coverage", "uncertainty", "random"]


def _pile(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 6))


@pytest.mark.parametrize("strategy", EVERY)
@given(st.integers(1, 12), st.integers(1, 15), st.integers(0, 3), st.booleans())
def test_chosen_are_different_documents_of_the_pile(
    strategy: Strategy, n_documents: int, n: int, n_labelled: int, is_known: bool
) -> None:
    found = np.full((n_documents, 3), 1 / 3) if is_known else None
    chosen = select(strategy, _pile(n_documents), _pile(n_labelled, 1), found, n)

    assert min(n, n_documents) == len(chosen)
    assert len(chosen) == len(set(chosen.tolist()))
    assert set(chosen.tolist()) <= set(range(n_documents))


@pytest.mark.parametrize("strategy", EVERY)
def test_the_seed_decides(strategy: Strategy) -> None:
    first, again = (select(strategy, _pile(30), NONE, None, 5, seed=1) for _ in "ab")

    assert first.tolist() == again.tolist()


def test_without_a_label_each_group_is_asked_once() -> None:
    """Four groups of documents: the first four choices are one of each."""
    groups = np.repeat(np.arange(4), 10)
    pile = 5 * np.eye(6)[groups] + 0.3 * _pile(40)

    assert {0, 1, 2, 3} == set(groups[select("both", pile, NONE, None, 4)].tolist())


def test_a_group_that_has_labels_is_not_asked_again() -> None:
    groups = np.repeat(np.arange(3), 10)
    pile = 5 * np.eye(6)[groups] + 0.3 * _pile(30)
    labelled = 5 * np.eye(6)[[0, 0]] + 0.3 * _pile(2, 1)

    assert {1, 2} == set(groups[select("coverage", pile, labelled, None, 2)].tolist())


def test_among_alike_groups_the_unsure_one_is_asked() -> None:
    groups = np.repeat([0, 1], 10)
    pile = 5 * np.eye(6)[groups] + 0.3 * _pile(20)
    found = np.where(groups[:, None] == 1, [[0.5, 0.5]], [[0.99, 0.01]])
    (chosen,) = select("both", pile, NONE, found, 1)

    assert 1 == groups[chosen]


def test_uncertainty_asks_the_least_sure() -> None:
    found = np.array([[0.9, 0.1], [0.55, 0.45], [0.7, 0.3]])

    assert [1, 2] == select("uncertainty", _pile(3), NONE, found, 2).tolist()


def test_uncertainty_is_one_minus_the_margin() -> None:
    found = np.array([[0.6, 0.3, 0.1], [0.2, 0.4, 0.4]])

    np.testing.assert_allclose(uncertainty(found), [0.7, 1.0])
    assert [1.0] == uncertainty(np.array([[1.0]])).tolist()


def test_greedy_choice_is_nearly_the_best() -> None:
    """Against every possible pair: at least 1 - 1/e of the best."""
    vectors = unit(_pile(12))
    weights = np.random.default_rng(2).random(12)
    closeness = np.maximum(vectors @ vectors.T, 0.0) ** strategies.SHARPNESS

    def served(rows: tuple[int, ...]) -> float:
        return float(weights @ closeness[:, list(rows)].max(axis=1))

    best = max(served(pair) for pair in itertools.combinations(range(12), 2))
    chosen = tuple(locate(vectors, NONE, weights, 2).tolist())

    assert served(chosen) >= (1 - 1 / np.e) * best
    assert served(chosen[:1]) == max(served((row,)) for row in range(12))


def test_a_large_pile_is_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "MOST_COMPARED", 10)
    chosen = select("coverage", _pile(200), NONE, None, 3)

    assert 3 == len(set(chosen.tolist()))


def test_unknown_strategy_is_told() -> None:
    with pytest.raises(SettingError, match="strategy must be one of both, coverage"):
        check_strategy("luck")
