"""How many of the words that a model is to read it knows.

A model reads a word that its vocabulary lacks in pieces, or as an unknown token.
all-MiniLM-L6-v2 lacks one word in twelve of English, but half of French, two thirds of
German and nearly all of Russian. What it makes of such a text looks like any other
vector, so this is measured on the words before.
"""

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import regex

from longshot.errors import LongshotWarning
from longshot.records import Document
from longshot.tokens import MISSING_ID, Tokenizer

MULTILINGUAL_MODEL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"

MOST_LACKING = 0.35
"""Of the words of several documents: in the middle between the worst of 26 sets of
English texts, manual pages with 0.20 (medical abstracts and Reuters' telegrams: 0.18),
and the best of 28 other languages, French with 0.49 (Django's translations)."""

MOST_LACKING_IN_ONE = 0.5
"""Of the words of one document: a single one strays further."""

FEWEST_WORDS, FEWEST_WORDS_IN_ONE = 40, 20
"""To tell anything from: a few names of labels in sentences hold fewer."""

FIRST_DOCUMENTS = 20
_READ_CHARACTERS = 500  # of a document's beginning: enough to tell its language

# Chinese characters are words by themselves; kana, Thai, Lao, Khmer and Burmese run on.
_RUNNING = r"\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = regex.compile(
    rf"\p{{Han}}|(?P<run>(?:[{_RUNNING}]\p{{M}}*)+)"
    rf"|(?:(?![\p{{Han}}{_RUNNING}])\p{{L}}\p{{M}}*)+"
)
_LETTERS_OF_A_RUN = 3  # a shorter one may well be read letter by letter

# Common words of eleven languages, none of them English: a multilingual vocabulary has
# them whole, so that longer words in pieces are nothing to warn of (Finnish, Turkish).
_PROBE = (
    "zwischen werden können gegen pourquoi toujours beaucoup également también después "
    "entonces siempre perché sempre ancora quando também muito ainda altijd tussen "
    "waarom który tylko bardzo который только можно için olarak daha mellan efter"
)
_KNOWN_OF_PROBE = 2 / 3


@dataclass(slots=True)
class WordCount:
    """Words that were met, and how many of them the vocabulary lacks."""

    n_words: int = 0
    n_lacking: int = 0

    def __iadd__(self, other: "WordCount") -> "WordCount":
        self.n_words += other.n_words
        self.n_lacking += other.n_lacking
        return self

    @property
    def share(self) -> float:
        """The share of words that the vocabulary lacks."""
        return self.n_lacking / self.n_words if self.n_words else 0.0

    def exceeds(self, most: float, *, fewest: int) -> bool:
        """Tell whether more than a share is lacking, of enough words to tell."""
        return self.n_words >= fewest and self.share > most


Kept = Callable[[Callable[[], WordCount]], WordCount]
"""Gives what was counted before; else calls what counts, and keeps what that gives."""


@dataclass(slots=True)
class Vocabulary:
    """What a tokenizer has whole.

    Attributes
    ----------
    tokenizer
        The model's.
    """

    tokenizer: Tokenizer
    _is_multilingual: bool | None = field(default=None, init=False)

    @property
    def is_multilingual(self) -> bool:
        """Whether it has common words of many languages."""
        if self._is_multilingual is None:
            self._is_multilingual = self.count(_PROBE).share <= 1 - _KNOWN_OF_PROBE
        return self._is_multilingual

    def count(self, text: str) -> WordCount:
        """Count the words at a text's beginning, and those that are lacking."""
        piece = text[:_READ_CHARACTERS].encode(errors="replace").decode()
        tokens = self.tokenizer.encode(piece)
        found = WordCount()
        starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
        is_unknown = np.isin(tokens.ids, self._unknown).tolist()
        for word in _WORD.finditer(piece):
            # The tokens with a character inside of the word.
            first = bisect_right(ends, word.start())
            last = bisect_left(starts, word.end())
            found.n_words += 1
            found.n_lacking += any(is_unknown[first:last]) or _is_in_pieces(
                last - first, word.end() - word.start(), runs=word["run"] is not None
            )
        return found

    @property
    def _unknown(self) -> list[int]:
        unknown = self.tokenizer.unknown_id
        return [MISSING_ID] if unknown is None else [MISSING_ID, unknown]


class VocabularyCheck:
    """Holds the first documents of a run against what a model can read.

    Parameters
    ----------
    vocabulary
        The model's.
    model
        Its name, for people.
    """

    def __init__(self, vocabulary: Vocabulary, model: str) -> None:
        self._vocabulary = vocabulary
        self._model = model
        self._has_warned = False
        self.begin()

    def begin(self) -> None:
        """Begin with other documents."""
        self._found = WordCount()
        self._n_documents = 0

    def noted(self, document: Document, kept: Kept) -> Document:
        """Count a document's words, and note on it that most are lacking.

        After the first documents it warns where their words are lacking, too.

        Parameters
        ----------
        document
            The document.
        kept
            Gives what was counted of it before, or has it counted.
        """
        if self._vocabulary.is_multilingual:
            return document
        count = kept(lambda: self._vocabulary.count(document.text))
        self._found += count
        self._n_documents += 1
        if self._n_documents == FIRST_DOCUMENTS:
            self.warn()
        if not count.exceeds(MOST_LACKING_IN_ONE, fewest=FEWEST_WORDS_IN_ONE):
            return document
        note = f"{count.share:.0%} of its words are not in the model's vocabulary"
        return replace(document, notes=(*document.notes, note))

    def warn(self) -> None:
        """Warn once, where the words that were met so far are lacking."""
        if self._has_warned or not self._found.exceeds(
            MOST_LACKING, fewest=FEWEST_WORDS
        ):
            return
        self._has_warned = True
        n = min(self._n_documents, FIRST_DOCUMENTS)
        documents = "the document" if n == 1 else f"the first {n} documents"
        warnings.warn(
            f"a model must know the words that it reads; {self._found.share:.0%} of "
            f"the words at the beginning of {documents} are not "
            f"in the vocabulary of {self._model} (another language?). Many labels "
            "will be wrong, and confidence too high. Use a model for the language, "
            f"such as {MULTILINGUAL_MODEL}, with --model.",
            LongshotWarning,
            stacklevel=2,
        )


def _is_in_pieces(n_tokens: int, n_letters: int, *, runs: bool) -> bool:
    if not runs:
        return n_tokens > 1
    return n_letters >= _LETTERS_OF_A_RUN and n_tokens >= n_letters
