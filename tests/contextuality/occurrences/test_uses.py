import pytest

from longshot.contextuality.occurrences.inflection import inflections
from longshot.contextuality.occurrences.sentences import Sentence
from longshot.contextuality.occurrences.uses import WordFinder
from longshot.errors import SettingError


def found(words: list[str], sentence: Sentence, inflected: bool = False) -> list[str]:
    uses = WordFinder(words, inflected=inflected).find(sentence)
    return [f"{use.word}:{use.sentence.text[use.start : use.end]}" for use in uses]


def said(text: str, **places: int | str) -> Sentence:
    return Sentence(id="1", text=text, **places)  # type: ignore[arg-type]


def test_whole_words_of_any_case_are_found() -> None:
    text = "Mouse, mousetrap and the mouse's mouse-hole; no dormouse."
    assert found(["mouse"], said(text)) == ["mouse:Mouse", "mouse:mouse", "mouse:mouse"]


def test_forms_behind_strokes_count_as_the_word() -> None:
    sentence = said("A mouse and two mice.")
    assert found(["mouse/mice"], sentence) == ["mouse:mouse", "mouse:mice"]
    assert found(["mouse"], sentence, inflected=True) == ["mouse:mouse", "mouse:mice"]
    assert found(["mouse"], sentence) == ["mouse:mouse"]


def test_words_of_several_words_and_of_scripts_without_blanks_are_found() -> None:
    assert found(["ice cream", "ice"], said("Ice cream on ice")) == [
        "ice cream:Ice cream",
        "ice:ice",
    ]
    assert found(["鼠"], said("老鼠吃米")) == ["鼠:鼠"]


def test_place_by_index_counts_blank_separated_words_without_their_signs() -> None:
    sentence = said('the "mouse," a mouse', word="mouse", index=1)
    [use] = WordFinder(["mouse"]).find(sentence)
    assert (use.start, use.end) == (5, 10)


def test_place_by_character_goes_before_the_index() -> None:
    sentence = said("a mouse, a mouse", word="mouse", index=1, start=11)
    [use] = WordFinder(["mouse"]).find(sentence)
    assert use.start == 11


def test_row_about_another_word_is_passed_over() -> None:
    assert found(["mouse"], said("the mouse on the bank", word="bank")) == []
    assert found(["mouse"], said("a mouse", word="mouse")) == ["mouse:mouse"]


@pytest.mark.parametrize("index", [-1, 2])
def test_index_beyond_the_sentence_is_told(index: int) -> None:
    with pytest.raises(SettingError, match=r"position must be in \[0, 1\]"):
        found(["mouse"], said("a mouse", word="mouse", index=index))


@pytest.mark.parametrize("start", [-1, 1, 99])
def test_start_where_no_word_is_is_told(start: int) -> None:
    with pytest.raises(SettingError, match="has none at character"):
        found(["mouse"], said("a mouse", word="mouse", start=start))


@pytest.mark.parametrize("words", [[], [""], ["mouse", "Mouse"]])
def test_words_must_be_different_and_not_empty(words: list[str]) -> None:
    with pytest.raises(SettingError, match="words must"):
        WordFinder(words)


def test_regular_and_common_irregular_forms() -> None:
    assert inflections("city") == ("city", "cities", "citied", "citying")
    assert inflections("box") == ("box", "boxes", "boxed", "boxing")
    assert inflections("child")[1] == "children"
    assert inflections("play") == ("play", "plays", "played", "playing")
