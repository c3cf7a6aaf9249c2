from hypothesis import given
from hypothesis import strategies as st

from longshot.encoders.words import VocabularyTokenizer, iter_words
from longshot.tokens import MISSING_ID

VOCABULARY = {"the": 0, "mouse": 1, "click": 2, "Paris": 3, "don't": 4, ".": 5}
tokenizer = VocabularyTokenizer(VOCABULARY.get)


def read(text: str) -> list[tuple[int, str]]:
    tokens = tokenizer.encode(text)
    spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    pieces = [text[start:end] for start, end in spans]
    return list(zip(tokens.ids.tolist(), pieces, strict=True))


def test_words_are_looked_up_as_written_then_in_lower_case() -> None:
    assert [(3, "Paris"), (0, "The"), (MISSING_ID, "paris")] == read("Paris The paris")


def test_sign_without_a_vector_is_no_token() -> None:
    assert [(1, "mouse"), (5, ".")] == read("mouse, .")


def test_compound_is_read_whole_or_by_its_parts() -> None:
    assert [(4, "don't"), (1, "mouse"), (2, "click")] == read("don't mouse-click")
    assert [(1, "mouse"), (MISSING_ID, "s")] == read("mouse's")
    assert [(MISSING_ID, "x-ray")] == read("x-ray")


def test_text_without_words_has_no_tokens() -> None:
    assert [] == read(" ,;\n")


@given(st.text())
def test_words_are_cut_in_order_and_hold_every_visible_sign(text: str) -> None:
    words = list(iter_words(text))
    assert all(text[word.start : word.end] == word.text for word in words)
    assert "".join(text.split()) == "".join("".join(w.text.split()) for w in words)
