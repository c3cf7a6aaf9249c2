"""Whether a model knows the language, and the words, that it is to read.

A model reads a word that its vocabulary lacks in pieces, or as an unknown token.
all-MiniLM-L6-v2 lacks one word in twelve of English, but half of French, two thirds of
German and nearly all of Russian. What it makes of such a text looks like any other
vector, so this is looked at before: the language of each document, and where that or
the model's languages are not known, its words.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import regex
from jaxtyping import Bool, Int

from longshot.errors import LongshotWarning
from longshot.languages import language_name, languages_of
from longshot.tokens import MISSING_ID, Tokenizer, Tokens

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

_MOST_FOREIGN = 0.1
"""Of the documents: a single one among them is noted on it, and is no reason to take
another model."""

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


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a document's beginning tells a model's check.

    Attributes
    ----------
    language
        The language that it is in; None where that cannot be told.
    words
        Its words; none, where the language says enough.
    """

    language: str | None
    words: WordCount


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
        return self.count_each([text], [None])[0]

    def count_each(
        self, texts: Sequence[str], tokens: Sequence[Tokens | None]
    ) -> list[WordCount]:
        """Count them for each of some texts; faster for many at once.

        Parameters
        ----------
        texts
            The texts.
        tokens
            All tokens of each, where they are at hand already.
        """
        if not texts:
            return []
        pieces = [text[:_READ_CHARACTERS] for text in texts]
        known = [self._of_piece(*one) for one in zip(pieces, tokens, strict=True)]
        # As if the pieces stood one after another: no word goes from one to the next.
        firsts = np.cumsum([0, *(len(piece) + 1 for piece in pieces)])
        ids, starts, ends = _joined(known, firsts)
        words = [
            (*word.span(), word.lastgroup is not None)
            for word in _WORD.finditer("\n".join(pieces))
        ]
        word_starts, word_ends, runs = np.array(words, dtype=np.int64).reshape(-1, 3).T
        # The tokens with a character inside of the word.
        first = np.searchsorted(ends, word_starts, "right")
        last = np.searchsorted(starts, word_ends, "left")
        n_unknown = np.concatenate([[0], np.cumsum(self._is_unknown(ids))])
        n_tokens, n_letters = last - first, word_ends - word_starts
        is_in_pieces = np.where(
            runs,
            (n_letters >= _LETTERS_OF_A_RUN) & (n_tokens >= n_letters),
            n_tokens > 1,
        )
        is_lacking = is_in_pieces | (n_unknown[last] > n_unknown[first])
        text_of = np.searchsorted(firsts, word_starts, "right") - 1
        goes_on = np.array([len(text) > _READ_CHARACTERS for text in texts])
        is_whole = ~(goes_on[text_of] & (word_ends == firsts[text_of + 1] - 1))
        n_words, n_lacking = (
            np.bincount(text_of[one], minlength=len(texts)).tolist()
            for one in (is_whole, is_whole & is_lacking)
        )
        return [WordCount(*one) for one in zip(n_words, n_lacking, strict=True)]

    def _of_piece(self, piece: str, tokens: Tokens | None) -> Tokens:
        """Give the tokens of a text's beginning."""
        if tokens is None:
            return self.tokenizer.encode(piece.encode(errors="replace").decode())
        return tokens[: int(np.searchsorted(tokens.starts, len(piece)))]

    def _is_unknown(self, ids: Int[np.ndarray, " token"]) -> Bool[np.ndarray, " token"]:
        is_unknown = ids == MISSING_ID
        if self.tokenizer.unknown_id is not None:
            is_unknown |= ids == self.tokenizer.unknown_id
        return np.asarray(is_unknown)


def _joined(
    tokens: Sequence[Tokens], firsts: Int[np.ndarray, " border"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give ids, starts and ends of texts that begin at these characters."""
    shift = np.repeat(firsts[:-1], [len(one) for one in tokens])
    return (
        np.concatenate([one.ids for one in tokens]),
        np.concatenate([one.starts for one in tokens]) + shift,
        np.concatenate([one.ends for one in tokens]) + shift,
    )


class LanguageCheck:
    """Holds the documents of a run against what a model can read.

    The language of a document is told where it can be, and so are a model's where its
    files tell them. Where one of the two is not known, words decide: those that the
    model's vocabulary lacks.

    Parameters
    ----------
    vocabulary
        The model's.
    model
        Its name, for people.
    languages
        Those that it is made for; None where that is not known.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        model: str,
        languages: frozenset[str] | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._model = model
        self._languages = languages
        self._has_warned = False
        self.begin()

    def begin(self) -> None:
        """Begin with other documents."""
        self._n_documents = 0
        self._n_known = 0  # in a language that the model knows
        self._foreign: Counter[str] = Counter()
        self._words = WordCount()

    def look(
        self, texts: Sequence[str], tokens: Sequence[Tokens | None]
    ) -> list[Beginning]:
        """Tell each text's language, and count its words where that is not enough.

        Parameters
        ----------
        texts
            The texts.
        tokens
            All tokens of each, where they are at hand already.
        """
        languages = languages_of(texts)
        words = [WordCount() for _ in texts]
        unclear = [n for n, one in enumerate(languages) if not self._says_enough(one)]
        counted = self._vocabulary.count_each(
            [texts[n] for n in unclear], [tokens[n] for n in unclear]
        )
        for n, count in zip(unclear, counted, strict=True):
            words[n] = count
        return [Beginning(*one) for one in zip(languages, words, strict=True)]

    def note(self, beginning: Beginning) -> str | None:
        """Tell why a document is not for the model; None where nothing says so.

        It warns as soon as enough of the first documents are in a language that the
        model does not know.
        """
        self._n_documents += 1
        note = self._note(beginning)
        if self._n_documents <= FIRST_DOCUMENTS:
            self._warn(least_foreign=_MOST_FOREIGN * FIRST_DOCUMENTS)
        if self._n_documents == FIRST_DOCUMENTS:
            self.warn()
        return note

    def warn(self) -> None:
        """Warn once, where the model does not know what was met so far."""
        self._warn(least_foreign=max(_MOST_FOREIGN * self._n_documents, 1.0))
        # Words are those of documents whose language could not be told. Beside many in
        # a language that the model knows, they are names, and no other language.
        is_mostly_known = 2 * self._n_known > self._n_documents
        if not is_mostly_known and self._words.exceeds(
            MOST_LACKING, fewest=FEWEST_WORDS
        ):
            self._say(
                f"{self._words.share:.0%} of the words at the beginning of "
                f"{_first(self._n_documents)} are not in its vocabulary"
            )

    def _says_enough(self, language: str | None) -> bool:
        is_known = language is not None and self._languages is not None
        return is_known or self._vocabulary.is_multilingual

    def _note(self, beginning: Beginning) -> str | None:
        language, words = beginning.language, beginning.words
        if language is not None and self._languages is not None:
            if language in self._languages:
                self._n_known += 1
                return None
            self._foreign[language] += 1
            return f"is in {language_name(language)}, which {self._model} does not know"
        self._words += words
        if not words.exceeds(MOST_LACKING_IN_ONE, fewest=FEWEST_WORDS_IN_ONE):
            return None
        if language is not None:
            self._foreign[language] += 1
        return f"{words.share:.0%} of its words are not in the model's vocabulary"

    def _warn(self, *, least_foreign: float) -> None:
        n_foreign = self._foreign.total()
        if n_foreign < least_foreign:
            return
        names = [language_name(code) for code, _ in self._foreign.most_common()]
        told = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
        self._say(f"{_some_of(n_foreign, self._n_documents)} in {told}")

    def _say(self, what: str) -> None:
        if self._has_warned:
            return
        self._has_warned = True
        known = ", ".join(sorted(map(language_name, self._languages or ())))
        knows = f"it knows {known}" if known else "it does not know these words"
        warnings.warn(
            f"{self._model} must know the language that it reads; {what}, and {knows}. "
            "Many labels will be wrong, and confidence too high. Use a model for the "
            f"language, such as {MULTILINGUAL_MODEL}, with --model.",
            LongshotWarning,
            stacklevel=2,
        )


def _first(n: int) -> str:
    return "the document" if n == 1 else f"the first {n:,} documents"


def _some_of(n: int, n_documents: int) -> str:
    if n == n_documents:
        return f"{_first(n)} {'is' if n == 1 else 'are'}"
    return f"{n:,} of {_first(n_documents)} {'is' if n == 1 else 'are'}"
