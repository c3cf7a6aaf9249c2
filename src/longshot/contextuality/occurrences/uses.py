"""Words in sentences, by the characters that they span.

Everything downstream goes by character offsets, so that a word is followed through any
tokenizer: WordPiece, byte-level BPE, SentencePiece or characters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from longshot.contextuality.occurrences.inflection import inflections
from longshot.contextuality.occurrences.sentences import Sentence
from longshot.errors import SettingError

_BLANK_SEPARATED = regex.compile(r"\S+")
_RUN = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
_WRITTEN_WITHOUT_BLANKS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A word in a sentence: ``sentence.text[start:end]``.

    Attributes
    ----------
    sentence
        The sentence.
    word
        The word that was looked for; the text may hold another form of it.
    start, end
        Its characters.
    """

    sentence: Sentence
    word: str
    start: int
    end: int


class WordFinder:
    """Finds words in sentences.

    Parameters
    ----------
    words
        The words, each with other forms of it behind strokes if wanted: ``mouse/mice``.
        Upper and lower case are the same.
    inflected
        Whether regular English forms count too.

    Raises
    ------
    SettingError
        If there is no word, or one is empty or given twice.
    """

    def __init__(self, words: Sequence[str], *, inflected: bool = False) -> None:
        self._forms = _forms(words, inflected=inflected)
        self.words = tuple(dict.fromkeys(self._forms.values()))
        bounded = [
            _bounded(form) for form in sorted(self._forms, key=len, reverse=True)
        ]
        self._pattern = regex.compile("|".join(bounded), regex.IGNORECASE)

    def find(self, sentence: Sentence) -> Iterator[Use]:
        """Give the uses of the words in a sentence, in reading order.

        Raises
        ------
        SettingError
            If the sentence tells a place that it does not have.
        """
        if sentence.word is None:
            yield from self._search(sentence)
            return
        word = self._forms.get(sentence.word.casefold())
        if word is None:
            return
        if sentence.start is None and sentence.index is None:
            yield from (use for use in self._search(sentence) if use.word == word)
            return
        start, end = _place(sentence)
        yield Use(sentence=sentence, word=word, start=start, end=end)

    def _search(self, sentence: Sentence) -> Iterator[Use]:
        for match in self._pattern.finditer(sentence.text):
            word = self._forms[match.group().casefold()]
            yield Use(
                sentence=sentence, word=word, start=match.start(), end=match.end()
            )


def _forms(words: Sequence[str], *, inflected: bool) -> Mapping[str, str]:
    """Map each form to the word that it is of."""
    forms: dict[str, str] = {}
    for given in words:
        word, *others = (part.strip().casefold() for part in given.split("/"))
        if not word or word in forms:
            raise SettingError(
                f"words must be given, each once; got {', '.join(words) or 'none'}. "
                "Write --words mouse,bank or --words mouse/mice."
            )
        own = (word, *others, *(inflections(word) if inflected else ()))
        for form in own:
            forms.setdefault(form, word)
    if not forms:
        raise SettingError("words must name at least one word; got none. Give --words.")
    forms.pop("", None)
    return forms


def _bounded(form: str) -> str:
    """Match a form only as a whole word, where its script marks words by blanks."""
    escaped = str(regex.escape(form))
    if _WRITTEN_WITHOUT_BLANKS.search(form):
        return escaped
    return rf"(?<![\p{{L}}\p{{M}}\p{{N}}]){escaped}(?![\p{{L}}\p{{M}}\p{{N}}])"


def _place(sentence: Sentence) -> tuple[int, int]:
    """Find the characters of the place that a sentence tells."""
    if sentence.start is not None:
        found = (
            _RUN.match(sentence.text, sentence.start) if sentence.start >= 0 else None
        )
        if found is None:
            raise SettingError(
                f"a word must stand where start says; sentence {sentence.id} has none "
                f"at character {sentence.start}. Correct its start."
            )
        return found.start(), found.end()
    blank_separated = list(_BLANK_SEPARATED.finditer(sentence.text))
    index = sentence.index or 0
    if not 0 <= index < len(blank_separated):
        raise SettingError(
            f"position must be in [0, {len(blank_separated) - 1}] for sentence "
            f"{sentence.id}; got {index}. Correct it: words are counted from 0."
        )
    start, end = blank_separated[index].span()
    runs = list(_RUN.finditer(sentence.text, start, end))
    return (runs[0].start(), runs[-1].end()) if runs else (start, end)
