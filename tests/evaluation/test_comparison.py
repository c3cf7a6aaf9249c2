import numpy as np
import pytest
from scipy import stats

from longshot.evaluation.comparison import compare, sign_test
from longshot.evaluation.intervals import Spread, document_draws, spreads
from longshot.evaluation.measures import Judged, Weights, accuracy, judge
from longshot.evaluation.protocol import Trials


def _trials(name: str, correct: np.ndarray) -> tuple[Trials, Spread]:
    rows = np.arange(correct.shape[1])
    splits = tuple(
        judge(
            rows,
            np.zeros(len(rows), dtype=np.int64),
            np.where(one[:, None], [[0.9, 0.1]], [[0.1, 0.9]]),
        )
        for one in correct
    )

    def measure(judged: Judged, weights: Weights) -> np.ndarray:
        return accuracy(judged, weights)[:, None]

    (found,) = spreads(measure, splits, document_draws(len(rows), 100, 0), 0.05)
    return Trials(learner=name, shots=1, splits=splits), found


def test_sign_test_agrees_with_all_signs() -> None:
    differences = np.array([0.3, 0.1, 0.4, -0.1, 0.2, 0.5, 0.05, 0.3])
    exact = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf
    )

    assert sign_test(differences) == pytest.approx(exact.pvalue, abs=0.02)


def test_a_learner_is_not_better_than_itself() -> None:
    correct = np.random.default_rng(0).random((8, 50)) < 0.7
    one, spread = _trials("one", correct)
    found = compare(one, one, spread, spread)

    assert (0.0, 0.0, 0.0) == (
        found.difference.value,
        found.difference.low,
        found.difference.high,
    )
    assert 1.0 == found.p_value


def test_a_clear_difference_is_found() -> None:
    random = np.random.default_rng(0)
    better = _trials("better", random.random((10, 200)) < 0.9)
    worse = _trials("worse", random.random((10, 200)) < 0.6)
    found = compare(better[0], worse[0], better[1], worse[1])

    assert found.difference.value == pytest.approx(0.3, abs=0.05)
    assert found.difference.low > 0.2
    assert found.p_value < 0.01


def test_chance_is_seldom_taken_for_a_difference() -> None:
    """Two learners that are right as often, each on documents of its own kind."""
    random = np.random.default_rng(1)
    p_values = []
    for _ in range(40):
        easy = random.random((2, 30))
        one = _trials("one", random.random((10, 30)) < easy[0])
        other = _trials("other", random.random((10, 30)) < easy[1])
        p_values.append(compare(one[0], other[0], one[1], other[1]).p_value)

    assert np.mean(np.array(p_values) < 0.05) <= 0.125
