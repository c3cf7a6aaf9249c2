import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.errors import ExamplesError, SettingError
from longshot.evaluation.splits import draw, plan, pool_share

CLASSES = np.repeat([0, 1, 2], [10, 6, 3])


@given(
    st.lists(st.integers(2, 12), min_size=2, max_size=5),
    st.integers(1, 10),
    st.integers(0, 5),
)
def test_every_row_is_an_example_or_judged(
    sizes: list[int], shots: int, seed: int
) -> None:
    classes = np.repeat(np.arange(len(sizes)), sizes)
    (split,) = draw(classes, shots=shots, n_splits=1, seed=seed)
    both = np.concatenate([split.train_rows, split.test_rows])

    np.testing.assert_array_equal(np.sort(both), np.arange(len(classes)))
    assert [min(shots, size - 1) for size in sizes] == np.bincount(
        classes[split.train_rows]
    ).tolist()


def test_fewer_examples_are_among_more() -> None:
    few = draw(CLASSES, shots=1, n_splits=5)
    more = draw(CLASSES, shots=4, n_splits=5)
    for one, other in zip(few, more, strict=True):
        assert set(one.train_rows) <= set(other.train_rows)


def test_the_seed_decides() -> None:
    first, again, other = (
        [
            split.train_rows.tolist()
            for split in draw(CLASSES, shots=2, n_splits=4, seed=s)
        ]
        for s in (0, 0, 1)
    )

    assert first == again
    assert first != other


def test_rows_that_take_no_part_are_neither() -> None:
    classes = np.array([0, 0, -1, 1, 1])
    (split,) = draw(classes, shots=1, n_splits=1)

    assert 2 not in split.train_rows
    assert 2 not in split.test_rows


def test_a_single_document_takes_no_part_and_is_told() -> None:
    planned = plan([*"aaabbbc"], [1])

    assert ("a", "b") == planned.classes
    assert (3, 3) == planned.counts
    assert ("1 class with a single document left out: c",) == planned.notes


def test_numbers_of_examples_that_most_classes_lack_are_left_out_and_told() -> None:
    planned = plan([*"aaaabbbb"], [8, 1, 2])

    assert (1, 2) == planned.shots
    assert (
        "8 examples per class left out: 0 of 2 classes have 9 documents or more",
    ) == planned.notes


def test_small_classes_are_told() -> None:
    planned = plan([*"aaaaaabbbbbbcc"], [4])

    assert (
        "1 class of 3 with fewer than 5 documents used all but one as examples",
    ) == planned.notes


@pytest.mark.parametrize(
    ("labels", "shots", "told"),
    [
        ("aab", [1], "at least two labels must have 2 documents or more"),
        ("aabb", [2], "half of the classes must have 3 documents or more"),
    ],
)
def test_too_few_labels_are_told(labels: str, shots: list[int], told: str) -> None:
    with pytest.raises(ExamplesError, match=told):
        plan([*labels], shots)


def test_no_shots_are_no_setting() -> None:
    with pytest.raises(SettingError, match="shots must be whole numbers of at least 1"):
        plan([*"aabb"], [0])


def test_pool_share_is_examples_over_judged() -> None:
    assert 8 / 92 == pytest.approx(pool_share([100, 100], 8))
    assert 2.0 == pytest.approx(pool_share([3, 3], 8))  # all but one of three
