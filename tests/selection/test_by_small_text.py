import sys
from typing import get_args

import numpy as np
import pytest
from scipy.stats import entropy

from longshot.errors import MissingExtraError, SettingError
from longshot.selection.names import SmallTextStrategy
from longshot.selection.strategies import select, uncertainty

pytest.importorskip("small_text")
RANDOM = np.random.default_rng(0)
PILE, LABELLED = RANDOM.normal(size=(20, 6)), RANDOM.normal(size=(3, 6))
PROBABILITIES = RANDOM.dirichlet(np.ones(4), size=20)


def _state() -> list[int]:
    state = np.random.get_state(legacy=True)  # noqa: NPY002
    assert isinstance(state, tuple)
    return list(state[1])


@pytest.mark.parametrize("strategy", get_args(SmallTextStrategy))
@pytest.mark.parametrize("n", [1, 5, 20, 30])
def test_chosen_are_different_documents_and_the_seed_decides(
    strategy: SmallTextStrategy, n: int
) -> None:
    before = _state()

    first, again = (
        select(strategy, PILE, LABELLED, PROBABILITIES, n, seed=1).tolist()
        for _ in "ab"
    )

    assert first == again
    assert min(n, 20) == len(set(first)) == len(first)
    assert set(first) <= set(range(20))
    assert before == _state()


def test_the_unsure_ones_are_those_that_the_figures_name() -> None:
    scores = {
        "breaking-ties": uncertainty(PROBABILITIES),
        "least-confidence": -PROBABILITIES.max(axis=1),
        "entropy": entropy(PROBABILITIES, axis=1),
    }
    for strategy, score in scores.items():
        chosen = select(strategy, PILE, LABELLED, PROBABILITIES, 4)  # type: ignore[arg-type]

        assert set(np.argsort(-score)[:4].tolist()) == set(chosen.tolist())


def test_kmeans_takes_one_of_each_group() -> None:
    centres = 5 * np.eye(6)[:4]
    pile = np.repeat(centres, 5, axis=0) + 0.01 * PILE

    chosen = select("kmeans", pile, np.empty((0, 6)), None, 4)

    assert {0, 1, 2, 3} == set((chosen // 5).tolist())


def test_without_a_classifier_nothing_is_unsure() -> None:
    with pytest.raises(SettingError, match="entropy needs examples of at"):
        select("entropy", PILE, LABELLED, None, 3)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "small_text", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'longshot\[suggest\]'"):
        select("kmeans", PILE, LABELLED, None, 3)
