"""Which uses are read: all of a rare word's, a random sample of a common one's.

Sentences stream by once and only what was drawn is kept, so that a corpus of any size
takes the memory of the samples (Vitter's Algorithm R).
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import regex

from longshot.contextuality.occurrences.sentences import Sentence
from longshot.contextuality.occurrences.uses import Use, WordFinder

T = TypeVar("T")

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What was drawn from a corpus.

    Attributes
    ----------
    uses
        By word, one use per sentence: two in one sentence share their context.
    n_found
        Sentences in which each word was found.
    random_uses
        Words drawn uniformly from all occurrences, to tell how alike any two are.
    n_sentences
        Sentences that were read.
    """

    uses: dict[str, list[Use]]
    n_found: dict[str, int]
    random_uses: list[Use]
    n_sentences: int


class Reservoir(Generic[T]):
    """Keeps a uniform random sample of what it is shown.

    Examples
    --------
    >>> reservoir = Reservoir(3, random.Random(0))
    >>> for number in range(3):
    ...     reservoir.offer(number)
    >>> sorted(reservoir.kept)
    [0, 1, 2]
    """

    def __init__(self, size: int, source: random.Random) -> None:
        self.kept: list[T] = []
        self.n_offered = 0
        self._size = size
        self._source = source

    def offer(self, item: T) -> None:
        """Show it an item."""
        self.n_offered += 1
        if len(self.kept) < self._size:
            self.kept.append(item)
            return
        place = int(self._source.random() * self.n_offered)
        if place < self._size:
            self.kept[place] = item


def draw(
    sentences: Iterable[Sentence],
    finder: WordFinder,
    *,
    max_uses: int = 1000,
    n_random: int = 1000,
    seed: int = 0,
) -> Sample:
    """Read sentences once and draw uses from them.

    Parameters
    ----------
    sentences
        Of any number.
    finder
        Finds the words.
    max_uses
        Uses kept of each word.
    n_random
        Words kept to tell how alike any two are; Ethayarajh takes 1,000.
    seed
        Of the draw.
    """
    source = random.Random(seed)
    by_word = {word: Reservoir[Use](max_uses, source) for word in finder.words}
    anything = Reservoir[tuple[Sentence, int, int]](n_random, source)
    n_sentences = 0
    for sentence in sentences:
        n_sentences += 1
        firsts: dict[str, Use] = {}
        for use in finder.find(sentence):
            firsts.setdefault(use.word, use)
        for word, use in firsts.items():
            by_word[word].offer(use)
        for match in _WORD.finditer(sentence.text):
            anything.offer((sentence, match.start(), match.end()))
    return Sample(
        uses={word: reservoir.kept for word, reservoir in by_word.items()},
        n_found={word: reservoir.n_offered for word, reservoir in by_word.items()},
        random_uses=[
            Use(sentence=sentence, word="", start=start, end=end)
            for sentence, start, end in anything.kept
        ],
        n_sentences=n_sentences,
    )
