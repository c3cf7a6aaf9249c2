import numpy as np
import pytest

from longshot.errors import ModelOutputError
from longshot.evaluation.protocol import run_trials

CLASSES = np.repeat([0, 1, 2], 6)


def oracle(
    train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
) -> np.ndarray:
    """Know all labels."""
    return np.asarray(np.eye(3)[CLASSES[test_rows]])


def test_who_knows_all_is_always_right() -> None:
    trials = run_trials("oracle", oracle, CLASSES, shots=2, n_splits=4)

    assert 4 == len(trials.splits)
    assert all(split.correct.all() for split in trials.splits)
    assert [12] * 4 == [len(split.rows) for split in trials.splits]


def test_a_learner_sees_the_labels_of_its_rows_only() -> None:
    def learner(
        train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> np.ndarray:
        np.testing.assert_array_equal(CLASSES[train_rows], train_labels)
        assert not set(train_rows) & set(test_rows)
        return oracle(train_rows, train_labels, test_rows)

    run_trials("learner", learner, CLASSES, shots=2, n_splits=3)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (np.full((15, 2), 0.5), "an array of shape"),
        (np.full((15, 3), np.nan), "negative or not finite"),
        (np.full((15, 3), 0.5), "do not add up to 1"),
    ],
)
def test_what_are_no_probabilities_is_told(given: np.ndarray, told: str) -> None:
    with pytest.raises(ModelOutputError, match=told):
        run_trials("odd", lambda *_: given, CLASSES, shots=1, n_splits=1)
