import random

import pytest

from longshot.errors import EmptyDocumentError, ExamplesError
from longshot.records import Document, Example
from longshot.tuning.windows import TuningSet, tuning_set
from tests.fakes import WordTokenizer
from tests.tuning.conftest import make_examples


def cut(examples: list[Example], *, seed: int = 0) -> TuningSet:
    return tuning_set(examples, WordTokenizer(), window_tokens=8, seed=seed)


def test_windows_hold_every_word_of_every_example_once() -> None:
    examples = make_examples(per_label=8)
    material = cut(examples)
    documents = [*material.trained, *material.held_out]
    read = sorted(" ".join(document.texts).split() for document in documents)
    assert read == sorted(example.document.text.split() for example in examples)
    assert all(document.tokens_per_window == (8, 8, 8, 6) for document in documents)


def test_a_quarter_of_each_label_is_held_out() -> None:
    material = cut(make_examples(per_label=9))
    assert [d.class_index for d in material.held_out] == [0, 0, 1, 1]
    assert [d.class_index for d in material.trained] == [0] * 7 + [1] * 7
    assert material.classes == ("law", "talk")
    assert material.n_windows == 14 * 4


def test_the_order_of_the_examples_does_not_matter_and_twice_counts_once() -> None:
    examples = make_examples(per_label=8)
    mixed = random.Random(1).sample(examples, len(examples)) + examples[:3]
    assert cut(mixed) == cut(examples)
    assert cut(examples, seed=1) != cut(examples)


def test_too_few_examples_are_told_with_their_numbers() -> None:
    with pytest.raises(ExamplesError, match=r"two labels .* 4 .* law 3, talk 3"):
        cut(make_examples(per_label=3))


def test_a_label_of_few_examples_is_trained_on_and_not_held_out() -> None:
    rare = Example(document=Document(id="rare", text="Minutes."), label="minutes")
    material = cut([*make_examples(per_label=4), rare])
    assert [d.class_index for d in material.trained].count(1) == 1
    assert {d.class_index for d in material.held_out} == {0, 2}


def test_an_empty_example_is_named() -> None:
    empty = Example(document=Document(id="blank.txt", text=" "), label="law")
    with pytest.raises(EmptyDocumentError, match=r"blank\.txt holds none"):
        cut([*make_examples(per_label=4), empty])
