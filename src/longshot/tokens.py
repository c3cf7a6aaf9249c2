"""Text to token ids with character offsets.

A text enters; its tokens leave in chunks, without special tokens, exactly as if the
whole text had been tokenised at once. A tokenizer spends hundreds of bytes on a token
while it works, so that a text of millions of tokens is tokenised in overlapping pieces,
which are joined where both read the same.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Int

MISSING_ID = -1
"""The id of a word for which a model has no vector; it never enters a window."""

CHUNK_CHARACTERS = 1 << 18
CONTEXT_CHARACTERS = 1 << 10
SEAM_TOKENS = 8
KNOWN_COUNTS = 1 << 12
"""Of how many texts the number of tokens is kept."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tokens:
    """A run of tokens: ids, and the characters ``[start, end)`` of each."""

    ids: Int[np.ndarray, " token"]
    starts: Int[np.ndarray, " token"]
    ends: Int[np.ndarray, " token"]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, tokens: slice | Bool[np.ndarray, " token"]) -> "Tokens":
        return Tokens(
            ids=self.ids[tokens], starts=self.starts[tokens], ends=self.ends[tokens]
        )

    def shifted(self, characters: int) -> "Tokens":
        """Move all offsets by a number of characters."""
        return Tokens(
            ids=self.ids,
            starts=self.starts + characters,
            ends=self.ends + characters,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialTokens:
    """The ids that a model wants around a window: ``[CLS]`` and ``[SEP]`` for BERT."""

    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()

    @property
    def n_tokens(self) -> int:
        """How many tokens they add to a window."""
        return len(self.before) + len(self.after)

    def without(
        self, ids: Int[np.ndarray, " framed_token"]
    ) -> Int[np.ndarray, " token"]:
        """Take the special tokens away that stand around ids.

        Examples
        --------
        >>> SpecialTokens(before=(1,), after=(2,)).without(np.array([1, 7, 8, 2]))
        array([7, 8])
        """
        if self.before and tuple(ids[: len(self.before)]) == self.before:
            ids = ids[len(self.before) :]
        if self.after and tuple(ids[-len(self.after) :]) == self.after:
            ids = ids[: -len(self.after)]
        return ids

    def frame(self, ids: Int[np.ndarray, " token"]) -> Int[np.ndarray, " framed_token"]:
        """Put the special tokens around a window's ids."""
        return np.concatenate(
            [
                np.array(self.before, dtype=np.int64),
                ids,
                np.array(self.after, dtype=np.int64),
            ]
        )


@runtime_checkable
class Tokenizer(Protocol):
    """What turns text into a model's token ids."""

    @property
    def special(self) -> SpecialTokens:
        """The tokens that the model wants around each window."""
        ...

    @property
    def unknown_id(self) -> int | None:
        """The id that stands for what the vocabulary lacks; None where nothing does."""
        ...

    def encode(self, text: str) -> Tokens:
        """Tokenise a text, without special tokens and without truncation."""
        ...


@runtime_checkable
class NumberedTokenizer(Tokenizer, Protocol):
    """One whose token ids others may know too, so that they can be given themselves."""

    @property
    def n_ids(self) -> int:
        """How many token ids there are, from 0."""
        ...


def iter_tokens(
    text: str,
    tokenizer: Tokenizer,
    *,
    chunk_characters: int = CHUNK_CHARACTERS,
    context_characters: int = CONTEXT_CHARACTERS,
) -> Iterator[Tokens]:
    """Tokenise a text of any length in bounded memory.

    Lone surrogates, which no encoding can hold, are read as U+FFFD.

    Parameters
    ----------
    text
        Of any length.
    tokenizer
        The model's.
    chunk_characters, context_characters
        Characters that are tokenised at once, and how many of them the next piece
        reads again to find the seam.

    Yields
    ------
    Tokens
        Runs of tokens in reading order; joined, they are the tokens of the whole text.
    """
    start, end, given_until = 0, chunk_characters, 0
    step = chunk_characters
    tokens = _encode(text, start, end, tokenizer)
    while end < len(text):
        for context in (context_characters, 8 * context_characters):
            overlap_start = max(end - context, start)
            following = _encode(text, overlap_start, end + step, tokenizer)
            seam = _find_seam(tokens, following, middle=(overlap_start + end) // 2)
            if seam is not None:
                yield tokens[: seam[0]]
                tokens, start = following[seam[1] :], overlap_start
                given_until = int(tokens.starts[0])
                end, step = end + step, chunk_characters
                break
        else:  # a word longer than any context: it is read whole
            end, step = end + step, 2 * step
            longer = _encode(text, start, end, tokenizer)
            tokens = longer[int(np.searchsorted(longer.starts, given_until)) :]
    yield tokens


class TokenCounter:
    """Counts the tokens of texts, in bounded memory; knows the last ones again.

    Counting is cheap beside encoding, but not free: a text of which more and more is
    read is counted once.

    Parameters
    ----------
    tokenizer
        The model's.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def n_tokens(self, text: str) -> int:
        """Count all tokens, those too for which the model has no vector."""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if key not in self._counts:
            self._counts[key] = sum(map(len, iter_tokens(text, self._tokenizer)))
        self._counts.move_to_end(key)
        if len(self._counts) > KNOWN_COUNTS:
            self._counts.popitem(last=False)
        return self._counts[key]


def _encode(text: str, start: int, end: int, tokenizer: Tokenizer) -> Tokens:
    tokens = tokenizer.encode(_without_surrogates(text[start:end]))
    return tokens.shifted(start) if start else tokens


def _find_seam(left: Tokens, right: Tokens, *, middle: int) -> tuple[int, int] | None:
    """Find where two overlapping pieces read the same, first after `middle`.

    A seam is a token that begins at the same character in both, with the same
    `SEAM_TOKENS` tokens on both of its sides.
    """
    first = int(np.searchsorted(left.starts, middle))
    for i in range(max(first, SEAM_TOKENS), len(left) - SEAM_TOKENS):
        j = int(np.searchsorted(right.starts, left.starts[i]))
        if j >= SEAM_TOKENS and _reads_the_same(left, i, right, j):
            return i, j
    return None


def _reads_the_same(left: Tokens, i: int, right: Tokens, j: int) -> bool:
    a = left[i - SEAM_TOKENS : i + SEAM_TOKENS]
    b = right[j - SEAM_TOKENS : j + SEAM_TOKENS]
    return (
        np.array_equal(a.ids, b.ids)
        and np.array_equal(a.starts, b.starts)
        and np.array_equal(a.ends, b.ends)
    )


def _without_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
