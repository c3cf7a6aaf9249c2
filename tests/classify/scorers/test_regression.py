import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from longshot.classify.scorers import regression
from longshot.classify.scorers.regression import (
    balanced_weights,
    fit_softmax,
    search_space,
    without_effect_of_counts,
)
from longshot.similarity import unit


@pytest.mark.parametrize(("n_rows", "dim"), [(60, 5), (12, 40)])
def test_it_finds_what_scikit_learn_finds(n_rows: int, dim: int) -> None:
    """Few rows are fitted in their row space; the solution is the same."""
    random = np.random.default_rng(0)
    rows, classes = unit(random.normal(size=(n_rows, dim))), np.arange(n_rows) % 3
    oracle = LogisticRegression(C=1 / 0.1, max_iter=2000, tol=1e-9).fit(rows, classes)

    found = fit_softmax(
        rows,
        np.eye(3)[classes],
        np.ones(n_rows),
        max_rounds=500,
        basis=search_space(rows),
    )

    new = unit(random.normal(size=(20, dim)))
    expected = oracle.predict_proba(new)
    assert expected == pytest.approx(np.exp(found.log_probabilities(new)), abs=0.01)


@pytest.mark.parametrize("n_rows", [12, 80])
def test_many_rows_are_searched_where_they_differ_most(
    n_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against the singular value decomposition, from either of the two products."""
    monkeypatch.setattr(regression, "MAX_COMPONENTS", 5)
    rows = np.random.default_rng(0).normal(size=(n_rows, 30))

    basis = search_space(rows)

    assert basis is not None
    _, _, directions = np.linalg.svd(rows, full_matrices=False)
    expected = directions[:5].T @ directions[:5]
    assert np.allclose(expected, basis @ basis.T, atol=1e-4)


def learned_from(counts: list[int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the shares of each of three classes that are decided so, and are right."""
    random = np.random.default_rng(seed)
    directions = unit(random.normal(size=(3, 60)))

    def drawn(classes: np.ndarray) -> np.ndarray:
        return unit(directions[classes] + 0.2 * random.normal(size=(len(classes), 60)))

    classes = np.repeat(np.arange(3), counts)
    targets = np.eye(3)[classes]
    fitted = fit_softmax(drawn(classes), targets, balanced_weights(targets))
    evened = without_effect_of_counts(fitted, targets.sum(axis=0))
    truth = np.repeat(np.arange(3), 200)
    decided = evened.logits(drawn(truth)).argmax(axis=1)
    shares = np.bincount(decided, minlength=3) / 600
    return shares, (decided == truth).mean()


@settings(max_examples=20, deadline=None)
@given(st.permutations([1, 4, 16]), st.integers(0, 99))
def test_a_class_with_few_examples_is_chosen_as_often_as_others(
    counts: list[int], seed: int
) -> None:
    shares, right = learned_from(counts, seed)

    assert shares.min() > 0.15
    assert right > 0.7


def test_nothing_is_taken_away_where_all_classes_have_as_many() -> None:
    targets = np.eye(3)[[0, 1, 2, 0, 1, 2]]
    rows = np.random.default_rng(0).normal(size=(6, 4))
    fitted = fit_softmax(rows, targets, balanced_weights(targets))

    assert without_effect_of_counts(fitted, targets.sum(axis=0)) is fitted


def test_a_weight_is_as_good_as_a_repetition() -> None:
    random = np.random.default_rng(1)
    rows, targets = random.normal(size=(6, 3)), np.eye(2)[[0, 1, 0, 1, 1, 0]]
    twice = np.vstack([rows, rows[:1]]), np.vstack([targets, targets[:1]])

    weighed = fit_softmax(rows, targets, np.array([2.0, 1, 1, 1, 1, 1]))
    repeated = fit_softmax(*twice, np.ones(7))

    expected = repeated.logits(rows)
    assert expected == pytest.approx(weighed.logits(rows), abs=1e-2)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_every_class_weighs_the_same(classes: list[int]) -> None:
    weights = balanced_weights(np.eye(4)[classes])

    per_class = np.bincount(classes, weights, minlength=4)
    assert np.allclose(per_class[per_class > 0], per_class.max(), rtol=1e-5)
    assert weights.mean() == pytest.approx(1.0, rel=1e-5)
