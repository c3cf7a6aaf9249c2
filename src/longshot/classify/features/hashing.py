"""Words to columns of a sparse matrix: counted by what their hashes say.

The words, the hashes (MurmurHash3 of 32 bits, by Austin Appleby, in the public domain)
and so the columns are those of scikit-learn's ``HashingVectorizer``, whose import alone
takes longer than labelling a document does.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Int, UInt32
from scipy import sparse

N_COLUMNS = 1 << 18

Counts: TypeAlias = Any
"""A sparse matrix of scipy's: text × column."""

_WORD = re.compile(r"\b\w\w+\b")
_WHITE_SPACES = re.compile(r"\s\s+")
_STOP_WORDS = Path(__file__).with_name("stop_words.txt")
_PIECE_LENGTHS = (3, 4, 5)
_KNOWN_WORDS = 1 << 12

_LONGEST_BYTES = 256
"""Of a word that is hashed block by block; no natural one is longer."""

_BLOCK = 4
_SCRAMBLE = (np.uint32(0xCC9E2D51), np.uint32(0x1B873593))
_MIX = (np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35))
_STEP, _OFFSET = np.uint32(5), np.uint32(0xE6546B64)


def content_words(text: str) -> list[str]:
    """Give the words of two letters and more, without the commonest English ones."""
    common = _stop_words()
    return [word for word in _WORD.findall(text.lower()) if word not in common]


def words_and_pairs(text: str) -> list[str]:
    """Give the words of two letters and more, and those that stand side by side."""
    words = _WORD.findall(text.lower())
    return words + [" ".join(pair) for pair in pairwise(words)]


def pieces(text: str) -> list[str]:
    """Give all runs of three to five characters within words, ends marked by a space.

    Examples
    --------
    >>> pieces("Ab cd")
    [' ab', 'ab ', ' ab ', ' cd', 'cd ', ' cd ']
    """
    words = _WHITE_SPACES.sub(" ", text.lower()).split()
    return list(chain.from_iterable(map(_pieces_of, words)))


@lru_cache(_KNOWN_WORDS)
def _pieces_of(word: str) -> tuple[str, ...]:
    framed, found = f" {word} ", list[str]()
    for length in _PIECE_LENGTHS:
        last = max(len(framed) - length, 0)
        found += [framed[i : i + length] for i in range(last + 1)]
        if not last:  # a short word counts once
            break
    return tuple(found)


def counted(texts: Iterable[str], read: Callable[[str], list[str]]) -> Counts:
    """Count what is read of each text, in the column of its hash."""
    words = [read(text) for text in texts]
    distinct = dict.fromkeys(chain.from_iterable(words))
    column_of = dict(zip(distinct, columns(list(distinct)).tolist(), strict=True))
    n_words = sum(map(len, words))
    found = map(column_of.__getitem__, chain.from_iterable(words))
    matrix = sparse.csr_matrix(
        (
            np.ones(n_words),
            np.fromiter(found, dtype=np.int32, count=n_words),
            np.cumsum([0, *map(len, words)]),
        ),
        shape=(len(words), N_COLUMNS),
    )
    matrix.sum_duplicates()
    return matrix


def columns(words: Sequence[str]) -> Int[np.ndarray, " word"]:
    """Give the column of each word.

    Half of a surrogate pair, as broken files hold them, counts as a question mark. A
    word of more than 256 bytes is shortened before, by another hash.

    Examples
    --------
    >>> columns(["lease", "roof"]).tolist()
    [12930, 105823]
    """
    hashes = _murmur3([_shortened(word.encode("utf-8", "replace")) for word in words])
    signed = hashes.astype(np.int32).astype(np.int64)
    return np.asarray(np.abs(signed) % N_COLUMNS)


def _shortened(word: bytes) -> bytes:
    return word if len(word) <= _LONGEST_BYTES else blake2b(word).digest()


def _murmur3(words: Sequence[bytes]) -> UInt32[np.ndarray, " word"]:
    """Hash words, all of them together: block after block of four bytes."""
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    order = np.argsort(-lengths, kind="stable")  # those that end earlier drop out
    lengths = lengths[order]
    padded = [
        words[i].ljust(-(-len(words[i]) // _BLOCK) * _BLOCK, b"\0") for i in order
    ]
    blocks = np.frombuffer(b"".join(padded), dtype="<u4")
    starts = np.concatenate([[0], np.cumsum(-(-lengths // _BLOCK))[:-1]])
    whole = lengths // _BLOCK
    found = np.zeros(len(words), dtype=np.uint32)
    for index in range(int(whole.max(initial=0))):
        going = slice(0, int(np.searchsorted(-whole, -index, side="left")))
        found[going] ^= _scrambled(blocks[starts[going] + index])
        found[going] = _rotated(found[going], 13) * _STEP + _OFFSET
    rest = np.flatnonzero(lengths % _BLOCK)
    found[rest] ^= _scrambled(blocks[starts[rest] + whole[rest]])
    found ^= lengths.astype(np.uint32)
    found ^= found >> np.uint32(16)
    found *= _MIX[0]
    found ^= found >> np.uint32(13)
    found *= _MIX[1]
    found ^= found >> np.uint32(16)
    unsorted = np.empty_like(found)
    unsorted[order] = found
    return unsorted


def _scrambled(blocks: UInt32[np.ndarray, " word"]) -> UInt32[np.ndarray, " word"]:
    return np.asarray(_rotated(blocks * _SCRAMBLE[0], 15) * _SCRAMBLE[1])


def _rotated(
    bits: UInt32[np.ndarray, " word"], places: int
) -> UInt32[np.ndarray, " word"]:
    return np.asarray(bits << np.uint32(places) | bits >> np.uint32(32 - places))


@cache
def _stop_words() -> frozenset[str]:
    """Read the list of the Glasgow Information Retrieval Group."""
    return frozenset(_STOP_WORDS.read_text(encoding="utf-8").split())
