import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from longshot.encoders.elmo.characters import ElmoTokenizer
from longshot.errors import ModelError


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_characters_are_the_words_bytes_between_marks(word: str) -> None:
    assume(word not in ("<S>", "</S>"))  # the ends of a sentence, by AllenNLP's signs
    tokenizer = ElmoTokenizer()
    row = tokenizer.characters(tokenizer.ids([word])[None])[0, 0] - 1
    inner = list(word.encode()[:48])
    assert row[: len(inner) + 2].tolist() == [258, *inner, 259]
    assert set(row[len(inner) + 2 :].tolist()) <= {260}


def test_ids_are_the_same_in_every_process() -> None:
    assert ElmoTokenizer().ids(["mouse"]).tolist() == [8284092315581362438]


def test_word_of_another_tokenizer_is_told() -> None:
    ids = ElmoTokenizer().ids(["mouse"])
    with pytest.raises(ModelError, match="must be tokenised by the ELMo model"):
        ElmoTokenizer().characters(ids[None])


def test_no_word_has_no_characters() -> None:
    assert not ElmoTokenizer().characters(np.array([[2]])).any()
