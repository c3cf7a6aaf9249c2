import numpy as np
import pytest
from scipy import stats

from longshot.evaluation.intervals import (
    Spread,
    document_draws,
    share_interval,
    signed_interval,
    spreads,
)
from longshot.evaluation.measures import Judged, Weights, accuracy, judge
from longshot.evaluation.splits import draw, pool_share


def _accuracy(judged: Judged, weights: Weights) -> np.ndarray:
    return accuracy(judged, weights)[:, None]


def _judged(rows: np.ndarray, correct: np.ndarray) -> Judged:
    true = np.zeros(len(rows), dtype=np.int64)
    probabilities = np.where(correct[:, None], [[0.9, 0.1]], [[0.1, 0.9]])
    return judge(rows, true, probabilities)


def test_one_judgement_of_each_document_is_a_plain_share() -> None:
    """With nothing between splits, the variance is the binomial's."""
    correct = np.arange(200) < 150
    splits = [_judged(np.arange(200), correct)] * 20
    (found,) = spreads(_accuracy, splits, document_draws(200, 4000, 0), 0.0)

    assert found.variance == pytest.approx(0.75 * 0.25 / 200, rel=0.1)
    expected = stats.binomtest(150, 200).proportion_ci(method="wilson")
    figure = share_interval(found)
    assert figure.low == pytest.approx(expected.low, abs=0.01)
    assert figure.high == pytest.approx(expected.high, abs=0.01)


def test_all_right_is_not_certain() -> None:
    splits = [_judged(np.arange(20), np.ones(20, dtype=bool))] * 10
    (found,) = spreads(_accuracy, splits, document_draws(20, 50, 0), 0.1)
    figure = share_interval(found)

    assert (1.0, 1.0) == (figure.value, figure.high)
    assert 0.75 < figure.low < 0.9


def test_what_varies_between_splits_widens() -> None:
    steady = Spread(
        per_split=np.full(10, 0.5),
        per_resample=np.full(10, 0.5),
        n_documents=1000,
        pool_share=0.5,
    )
    varying = Spread(
        per_split=np.tile([0.4, 0.6], 5),
        per_resample=np.full(10, 0.5),
        n_documents=1000,
        pool_share=0.5,
    )

    assert 0.0 == signed_interval(steady).high - signed_interval(steady).low
    half = stats.t.ppf(0.975, 9) * np.sqrt(varying.per_split.var(ddof=1) * 0.6)
    assert signed_interval(varying).high == pytest.approx(0.5 + half)


def test_what_is_defined_nowhere_has_no_interval() -> None:
    nowhere = Spread(
        per_split=np.full(3, np.nan),
        per_resample=np.full(3, np.nan),
        n_documents=1,
        pool_share=0.0,
    )

    assert np.isnan(share_interval(nowhere).value)


@pytest.mark.slow
def test_intervals_hold_what_they_promise() -> None:
    """Small labelled sets come from a known world, and the truth is mostly within.

    A document is a point; a class is a normal distribution; the learner takes the
    closer mean of the examples. Its expected accuracy is measured on thousands of
    documents, which the intervals never see.
    """

    def sample(n: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        classes = np.repeat([0, 1], n)
        return classes, random.normal(size=(2 * n, 5)) + 0.7 * classes[:, None]

    def right(points: np.ndarray, classes: np.ndarray, train: np.ndarray) -> np.ndarray:
        means = [points[train][classes[train] == c].mean(axis=0) for c in (0, 1)]
        distances = [np.linalg.norm(points - mean, axis=1) for mean in means]
        return np.asarray((distances[1] < distances[0]) == classes)

    random = np.random.default_rng(0)
    shots, n, n_splits = 4, 12, 10
    truths = []
    for _ in range(2000):
        classes, points = sample(40, random)
        train = np.concatenate([np.arange(shots), 40 + np.arange(shots)])
        rest = np.setdiff1d(np.arange(80), train)
        truths.append(right(points, classes, train)[rest].mean())
    truth = np.mean(truths)
    within = []
    for seed in range(200):
        classes, points = sample(n, random)
        splits = [
            _judged(
                one.test_rows, right(points, classes, one.train_rows)[one.test_rows]
            )
            for one in draw(classes, shots=shots, n_splits=n_splits, seed=seed)
        ]
        draws = document_draws(2 * n, 60, seed)
        share = pool_share([n, n], shots)
        (found,) = spreads(_accuracy, splits, draws, share)
        figure = share_interval(found)
        within.append(figure.low <= truth <= figure.high)

    assert 0.92 <= np.mean(within) <= 1.0
