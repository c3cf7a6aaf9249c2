"""Text to the words of a vocabulary, with character offsets.

Static embeddings and ELMo read words, not pieces of them. A text enters; its words
leave as runs of letters, digits and the marks inside of them, and every other visible
sign by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import regex

from longshot.tokens import MISSING_ID, SpecialTokens, Tokens

_LETTERS = r"[\p{L}\p{M}\p{N}_]+"
_WORD_OR_SIGN = regex.compile(rf"{_LETTERS}(?:['’.\-&@/]{_LETTERS})*|\S")
_PART = regex.compile(rf"{_LETTERS}|\S")
_LETTER = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A word, or a single sign, and the characters that it spans."""

    text: str
    start: int
    end: int


def iter_words(text: str) -> Iterator[Word]:
    """Cut a text into words and signs; marks inside of a word belong to it.

    Examples
    --------
    >>> [word.text for word in iter_words("Mice don't click (yet).")]
    ['Mice', "don't", 'click', '(', 'yet', ')', '.']
    """
    for match in _WORD_OR_SIGN.finditer(text):
        yield Word(text=match.group(), start=match.start(), end=match.end())


class VocabularyTokenizer:
    """Looks words up in a vocabulary: as written, else in lower case.

    A compound that the vocabulary lacks ("mouse-click", "it's") is read by its parts if
    it has one of them. A word without an entry has ``MISSING_ID``; a sign without one
    (most vocabularies hold no commas) is no token.

    Parameters
    ----------
    row_of
        Gives a word's row, or None.
    """

    def __init__(self, row_of: Callable[[str], int | None]) -> None:
        self._row_of = row_of

    @property
    def special(self) -> SpecialTokens:
        """None: words stand by themselves."""
        return SpecialTokens()

    @property
    def unknown_id(self) -> int | None:
        """None: what the vocabulary lacks is missing, not unknown."""
        return None

    def encode(self, text: str) -> Tokens:
        """Tokenise a text."""
        found = [
            (row, start, end)
            for match in _WORD_OR_SIGN.finditer(text)
            for row, start, end in self._rows(match.group(), match.start())
        ]
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        return Tokens(ids=table[:, 0], starts=table[:, 1], ends=table[:, 2])

    def row(self, word: str) -> int:
        """Give a word's row: as written, else in lower case, else ``MISSING_ID``."""
        row = self._row_of(word)
        if row is None:
            row = self._row_of(word.lower())
        return MISSING_ID if row is None else row

    def _rows(self, word: str, start: int) -> list[tuple[int, int, int]]:
        row = self.row(word)
        if row != MISSING_ID:
            return [(row, start, start + len(word))]
        if not _LETTER.search(word):
            return []
        parts = [
            (self.row(part.group()), start + part.start(), start + part.end())
            for part in _PART.finditer(word)
            if _LETTER.search(part.group())
        ]
        if any(row != MISSING_ID for row, _, _ in parts):
            return parts
        return [(MISSING_ID, start, start + len(word))]
