"""Every measure against scikit-learn's own, with and without weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.calibration import calibration_curve

from longshot.evaluation import measures
from tests.evaluation.conftest import Judging


@pytest.fixture(params=["even", "drawn"])
def weights(request: pytest.FixtureRequest) -> np.ndarray:
    """Give weights of 1, and those of a sample drawn with replacement."""
    if request.param == "even":
        return np.ones(300)
    return (
        np.random.default_rng(5).multinomial(300, np.full(300, 1 / 300)).astype(float)
    )


def test_accuracy_and_macro_f1(judging: Judging, weights: np.ndarray) -> None:
    judged, true, probabilities = judging()
    predicted = probabilities.argmax(axis=1)

    assert measures.accuracy(judged, weights[None]) == pytest.approx(
        metrics.accuracy_score(true, predicted, sample_weight=weights)
    )
    assert measures.macro_f1(judged, weights[None]) == pytest.approx(
        metrics.f1_score(true, predicted, average="macro", sample_weight=weights)
    )


def test_figures_of_each_class(judging: Judging, weights: np.ndarray) -> None:
    judged, true, probabilities = judging()
    expected = metrics.precision_recall_fscore_support(
        true, probabilities.argmax(axis=1), sample_weight=weights
    )
    scores = measures.class_scores(judged, weights[None], 4)

    np.testing.assert_allclose(scores.precision[0], expected[0])
    np.testing.assert_allclose(scores.recall[0], expected[1])
    np.testing.assert_allclose(scores.f1[0], expected[2])


def test_confusions(judging: Judging) -> None:
    judged, true, probabilities = judging()

    np.testing.assert_array_equal(
        measures.confusion(judged, 4),
        metrics.confusion_matrix(true, probabilities.argmax(axis=1)),
    )


def test_class_that_is_not_there_has_no_recall(judging: Judging) -> None:
    judged, _, _ = judging()
    scores = measures.class_scores(judged, None, 5)

    for values in (scores.recall, scores.precision, scores.f1):
        assert np.isnan(values[0, 4])


def test_losses(judging: Judging, weights: np.ndarray) -> None:
    judged, true, probabilities = judging()

    assert measures.log_loss(judged, weights[None]) == pytest.approx(
        metrics.log_loss(true, probabilities, sample_weight=weights)
    )
    assert measures.brier_score(judged, weights[None]) == pytest.approx(
        metrics.brier_score_loss(
            true, probabilities, sample_weight=weights, scale_by_half=False
        )
    )


def test_a_wrong_certainty_has_a_finite_log_loss() -> None:
    judged = measures.judge(np.array([0]), np.array([1]), np.array([[1.0, 0.0]]))

    assert measures.log_loss(judged) == pytest.approx(
        metrics.log_loss([1], [[1.0, 0.0]], labels=[0, 1])
    )


def test_reliability_curve(judging: Judging) -> None:
    judged, true, probabilities = judging()
    accuracy, confidence = calibration_curve(
        probabilities.argmax(axis=1) == true, probabilities.max(axis=1), n_bins=15
    )
    curve = measures.reliability(judged)

    np.testing.assert_allclose(curve.accuracy, accuracy)
    np.testing.assert_allclose(curve.confidence, confidence)
    assert 1.0 == pytest.approx(curve.share.sum())


def test_calibration_error_worked_by_hand() -> None:
    """Two bins: 0.9 twice, both right (gap 0.1); 0.6 twice, one right (gap 0.1)."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    judged = measures.judge(np.arange(4), np.array([0, 0, 0, 1]), probabilities)

    assert measures.calibration_error(judged) == pytest.approx(0.1)
    doubled = np.array([1.0, 1.0, 2.0, 0.0])  # now 0.6 is right both times: gap 0.4
    assert measures.calibration_error(judged, doubled[None]) == pytest.approx(0.25)


def test_risk_and_coverage_worked_by_hand() -> None:
    """Right, wrong, right from the surest on: risks 0, 1/2, 1/3."""
    probabilities = np.array([[0.7, 0.3], [0.9, 0.1], [0.8, 0.2]])
    judged = measures.judge(np.arange(3), np.array([0, 0, 1]), probabilities)
    curve = measures.risk_coverage(judged)

    np.testing.assert_allclose(curve.coverage, [1 / 3, 2 / 3, 1])
    np.testing.assert_allclose(curve.risk, [0, 1 / 2, 1 / 3])
    assert measures.area_under_risk_coverage(judged) == pytest.approx(
        (0 + 1 / 2 + 1 / 3) / 3
    )


def test_confidence_that_says_nothing_has_the_common_risk() -> None:
    probabilities = np.tile([0.6, 0.4], (4, 1))
    judged = measures.judge(np.arange(4), np.array([0, 1, 0, 0]), probabilities)

    assert [0.25] == measures.area_under_risk_coverage(judged).tolist()


@given(st.lists(st.integers(0, 3), min_size=30, max_size=30), st.integers(0, 99))
def test_a_weight_of_two_is_a_document_twice(times: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    if not sum(times):
        times[0] = 1
    true = random.integers(3, size=30)
    probabilities = random.dirichlet(np.ones(3), size=30)
    repeated = np.repeat(np.arange(30), times)
    weighted = measures.judge(np.arange(30), true, probabilities)
    copied = measures.judge(repeated, true[repeated], probabilities[repeated])
    for measure in (
        measures.accuracy,
        measures.macro_f1,
        measures.brier_score,
        measures.log_loss,
        measures.calibration_error,
        measures.area_under_risk_coverage,
    ):
        assert measure(weighted, np.array([times], dtype=float)) == pytest.approx(
            measure(copied, None)
        )
