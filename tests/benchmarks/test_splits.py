import numpy as np
import pytest

from benchmarks.data.corpora import Corpus
from benchmarks.data.splits import MOST, draw, repeats

LABELS = ("a",) * 10 + ("b",) * 6 + ("c",) * 3


def corpus(*splits: str) -> Corpus:
    return Corpus(
        name="made",
        texts=tuple(f"text {number}" for number in range(len(LABELS))),
        labels=LABELS,
        splits=splits or ("",) * len(LABELS),
    )


def test_examples_of_a_smaller_number_are_among_those_of_a_greater_one() -> None:
    few, many = draw(corpus(), 1, 3), draw(corpus(), 4, 3)
    assert set(few.examples) < set(many.examples)


def test_no_document_is_both_example_and_judged_and_none_is_left_out() -> None:
    split = draw(corpus(), 2, 0)
    assert sorted([*split.examples, *split.judged]) == list(range(len(LABELS)))


def test_a_class_with_too_few_documents_gives_half_of_them() -> None:
    examples = draw(corpus(), 8, 0).examples
    assert np.unique(np.array(LABELS)[examples], return_counts=True)[1].tolist() == [
        5,
        3,
        1,
    ]


def test_four_fifths_of_each_class() -> None:
    split = draw(corpus(), MOST, 0)
    judged = np.array(LABELS)[split.judged].tolist()
    assert judged == ["a", "a", "b", "c"]


def test_where_there_is_a_test_split_it_alone_is_judged() -> None:
    split = draw(corpus(*(["train", "test"] * 9), "val"), 2, 0)
    assert split.judged.tolist() == list(range(1, 18, 2))
    assert set(split.examples) <= set(range(0, 18, 2))


@pytest.mark.parametrize(("shots", "expected"), [(0, 1), (1, 20), (MOST, 20)])
def test_splits_repeat_only_where_something_is_drawn(shots: int, expected: int) -> None:
    assert repeats(corpus(), shots, 20) == expected
