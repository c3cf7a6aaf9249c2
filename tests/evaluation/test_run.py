import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from longshot.errors import SettingError
from longshot.evaluation import Learner, Settings, evaluate
from longshot.evaluation.learners import LogisticLearner
from longshot.evaluation.splits import draw
from tests.evaluation.learners import NearestMean

CLASSES = np.repeat([0, 1, 2], 20)
LABELS = [f"class {c}" for c in CLASSES]
POINTS = np.random.default_rng(0).normal(size=(60, 6)) + 1.2 * np.eye(6)[CLASSES]
LEARNERS: dict[str, Learner] = {
    "longshot": NearestMean(documents=POINTS),
    "logistic": LogisticLearner(documents=POINTS),
}
SETTINGS = Settings(shots=(1, 2, 4), n_splits=4, n_resamples=20)


def test_curve_is_the_mean_over_splits() -> None:
    found = evaluate(LABELS, LEARNERS, settings=SETTINGS)
    learner = LEARNERS["longshot"]
    expected, confusions = [], []
    for split in draw(CLASSES, shots=4, n_splits=4):
        train, test = split.train_rows, split.test_rows
        predicted = learner(train, CLASSES[train], test).argmax(axis=1)
        expected.append(accuracy_score(CLASSES[test], predicted))
        confusions.append(confusion_matrix(CLASSES[test], predicted))
    point = found.points[2]

    assert ("longshot", 4, 12) == (point.learner, point.shots, point.n_examples)
    assert point.accuracy.value == pytest.approx(np.mean(expected))
    assert point.accuracy.low < point.accuracy.value < point.accuracy.high
    np.testing.assert_allclose(found.closely.confusion, np.mean(confusions, axis=0))


def test_every_learner_has_every_point_and_is_compared() -> None:
    found = evaluate(LABELS, LEARNERS, settings=SETTINGS)

    assert [(n, k) for n in LEARNERS for k in (1, 2, 4)] == [
        (point.learner, point.shots) for point in found.points
    ]
    assert [("longshot", "logistic", k) for k in (1, 2, 4)] == [
        (one.learner, one.other, one.shots) for one in found.comparisons
    ]
    assert found.forecast is not None
    assert (8, 16) == found.forecast.shots
    assert 4 == len(found.answers)


def test_same_seed_gives_the_same() -> None:
    first, again = (evaluate(LABELS, LEARNERS, settings=SETTINGS) for _ in range(2))

    assert first.points == again.points
    assert first.answers == again.answers


def test_a_label_shown_once_takes_no_part() -> None:
    found = evaluate(
        [*LABELS, "lone"],
        {"longshot": NearestMean(documents=np.ones((61, 2)))},
        settings=SETTINGS,
    )

    assert 60 == found.n_documents
    assert "lone" in found.notes[0]


def test_steps_are_told() -> None:
    told: list[tuple[int, int]] = []
    evaluate(
        LABELS, LEARNERS, settings=SETTINGS, on_step=lambda *step: told.append(step)
    )

    assert [(i + 1, 24) for i in range(24)] == told


def test_no_splits_are_no_setting() -> None:
    with pytest.raises(SettingError, match="splits must be 1 or more"):
        evaluate(LABELS, LEARNERS, settings=Settings(n_splits=0))


def test_no_learner_is_no_setting() -> None:
    with pytest.raises(SettingError, match="learners must name at least one"):
        evaluate(LABELS, {})
