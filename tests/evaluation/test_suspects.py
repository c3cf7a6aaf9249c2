import numpy as np
import pytest

from longshot.evaluation.suspects import find_suspects, held_out_probabilities
from tests.evaluation.learners import NearestMean

pytest.importorskip("cleanlab")

CLASSES = np.repeat([0, 1, 2], 15)
POINTS = 4 * np.eye(5)[CLASSES] + np.random.default_rng(0).normal(size=(45, 5))
LEARNER = NearestMean(documents=POINTS)
TEXTS = [f"text number {i} about thing {i} and {i * i}" for i in range(45)]


def _labels(classes: np.ndarray) -> list[str]:
    return [f"class {c}" for c in classes]


def test_swapped_labels_are_named() -> None:
    wrong = CLASSES.copy()
    wrong[[3, 20, 40]] = [1, 2, 0]
    found = find_suspects(TEXTS, _labels(wrong), LEARNER)

    assert {3, 20, 40} == {one.row for one in found}
    assert {(3, "class 1", "class 0")} <= {
        (one.row, one.given, one.likely) for one in found
    }
    assert {"label"} == {one.why for one in found}


def test_clean_labels_are_left_alone() -> None:
    assert [] == find_suspects(TEXTS, _labels(CLASSES), LEARNER)


def test_no_example_is_judged_by_itself() -> None:
    seen: list[int] = []

    def learner(
        train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> np.ndarray:
        assert not set(train_rows) & set(test_rows)
        assert {0, 1, 2} == set(train_labels.tolist())
        seen.extend(test_rows.tolist())
        return np.full((len(test_rows), 3), 1 / 3)

    rows, probabilities = held_out_probabilities(learner, np.array([0, 0, 1, 1, 1, 2]))

    assert [0, 1, 2, 3, 4] == sorted(seen) == sorted(rows.tolist())
    assert (5, 3) == probabilities.shape


def test_copies_and_contradictions_are_named() -> None:
    texts = [*TEXTS[:4], "Text  NUMBER 0 about thing 0 and 0", TEXTS[1]]
    found = find_suspects(texts, [*"aabbba"], NearestMean(documents=np.ones((6, 2))))
    told = {(one.row, one.other, one.why) for one in found if one.why != "label"}

    assert {(4, 0, "contradiction"), (5, 1, "copy")} == told


def test_near_copies_under_different_labels_are_named() -> None:
    words = [f"word{i}" for i in range(60)]
    texts = [" ".join(words), " ".join([*words[:-1], "other"]), " ".join(words[::-1])]
    texts.append("something else altogether")
    learner = NearestMean(documents=np.ones((4, 2)))
    near = [
        one
        for one in find_suspects(texts, [*"abab"], learner)
        if one.why == "near_copy"
    ]

    assert [(1, 0)] == [(one.row, one.other) for one in near]
    # of 59 different runs 57 are common: 58 runs each
    assert near[0].confidence == pytest.approx(57 / 59)


def test_one_example_of_each_class_says_nothing_of_labels() -> None:
    learner = NearestMean(documents=np.eye(2))

    assert [] == find_suspects(["one text", "other text"], ["a", "b"], learner)
