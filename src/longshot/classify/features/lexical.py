"""What a text says in its own words: hashed counts of words and pieces of words.

Counting has no state, so that adding an example never refits a vocabulary; only the
document frequencies come from a reference. Words of the whole text tell its topic; the
first characters, where a title stands, tell what kind of document it is, and so do the
headings behind them, where an opening is taken up by something else.

The words, the hashes (MurmurHash3 of 32 bits, by Austin Appleby, in the public domain)
and so the columns are those of scikit-learn's ``HashingVectorizer``, whose import alone
takes longer than labelling a document does.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, reduce
from hashlib import blake2b
from itertools import chain, pairwise
from operator import add
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float, Float32, Int, UInt32
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


TITLE_CHARACTERS = 300
OPENING_CHARACTERS = 1_000
_CHARACTERS_WEIGHT = 0.5

_HEADING_WORD = re.compile(r"[\w'’&-]+")
_BLANK = re.compile(r"\s")
_COUNTED_CHARACTERS = 1 << 20
_WITHIN_HEADING = re.compile(r"[ \t,/&-]*\n?[ \t]*")
_LONGEST_LINK = 3
_HEADING = re.compile("[BC](?:l?C)+")
"""Of at least two words, written as their kinds."""

_MOST_WORDS = 15
"""Of a heading; what goes on for longer are sentences in capitals."""


def count_words(texts: Sequence[str]) -> Counts:
    """Count the words of each text, without the commonest English ones.

    A long text is counted piece by piece: its words, as Python holds them, would take
    ten times the room of the text.
    """
    if all(len(text) <= _COUNTED_CHARACTERS for text in texts):
        return counted(texts, content_words)
    rows = [
        reduce(add, (counted([piece], content_words) for piece in _cut(text)))
        for text in texts
    ]
    return sparse.vstack(rows).tocsr()


def _cut(text: str) -> Iterator[str]:
    """Cut a text between words, where it is longer than is counted at once."""
    start = 0
    while len(text) - start > _COUNTED_CHARACTERS:
        found = _BLANK.search(text, start + _COUNTED_CHARACTERS)
        end = len(text) if found is None else found.start()
        yield text[start:end]
        start = end
    yield text[start:]


def count_title(texts: Sequence[str]) -> Counts:
    """Count words, pairs of words and pieces of words of titles and headings."""
    titles = [title_of(text) for text in texts]
    words = counted(titles, words_and_pairs)
    of_words = counted(titles, pieces)
    return sparse.hstack([words, _CHARACTERS_WEIGHT * of_words]).tocsr()


def title_of(text: str) -> str:
    """Give the first 300 characters, and as many of the headings of the first 1,000."""
    found = " | ".join(headings(text[:OPENING_CHARACTERS]))
    return f"{text[:TITLE_CHARACTERS]} | {found[:TITLE_CHARACTERS]}"


def headings(text: str) -> Iterator[str]:
    """Find runs of capitalised words, as titles are written.

    Short words may stand between them, and one line may go on in the next. Where no
    letters are capital ones (Chinese, say), there are none.

    Examples
    --------
    >>> list(headings("Portions are omitted. Network Build and Maintenance Agreement"))
    ['Network Build and Maintenance Agreement']
    """
    words = list(_HEADING_WORD.finditer(text))
    kinds = "".join(map(_kind, [None, *words], words))
    for run in _HEADING.finditer(kinds):
        if len(run[0]) <= _MOST_WORDS:
            yield text[words[run.start()].start() : words[run.end() - 1].end()]


def _kind(before: re.Match[str] | None, word: re.Match[str]) -> str:
    """Tell whether a heading may begin (B), go on (C) or be linked (l) by a word."""
    goes_on = before is not None and _WITHIN_HEADING.fullmatch(
        word.string, before.end(), word.start()
    )
    if word[0][0].isupper():
        return "C" if goes_on else "B"
    return "l" if goes_on and len(word[0]) <= _LONGEST_LINK else " "


def document_frequencies(counts: Counts) -> Float[np.ndarray, " column"]:
    """Count the texts in which each column occurs."""
    occurring = np.bincount(counts.indices, minlength=counts.shape[1])
    return occurring.astype(np.float64)


def rows_between(counts: Counts, start: int, stop: int) -> Counts:
    """Give some rows that follow each other, without copying what is in them."""
    first, last = counts.indptr[start], counts.indptr[stop]
    return sparse.csr_matrix(
        (
            counts.data[first:last],
            counts.indices[first:last],
            counts.indptr[start : stop + 1] - first,
        ),
        (stop - start, counts.shape[1]),
    )


def smoothed_idf(
    frequencies: Float[np.ndarray, " column"], n_documents: int
) -> Float32[np.ndarray, " column"]:
    """Give the inverse document frequency of each column, smoothed.

    Parameters
    ----------
    frequencies, n_documents
        In how many of how many reference documents each column occurs.
    """
    idf = np.log((1 + n_documents) / (1 + frequencies)) + 1
    return np.asarray(idf, dtype=np.float32)


def weigh(counts: Counts, idf: Float32[np.ndarray, " column"]) -> Counts:
    """Weigh counts as log(1 + tf) · idf, each row of unit length."""
    values = np.log1p(counts.data, dtype=np.float32) * idf[counts.indices]
    n_rows, n_each = counts.shape[0], np.diff(counts.indptr)
    rows = np.repeat(np.arange(n_rows), n_each)
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=n_rows))
    values /= np.repeat(np.maximum(lengths, 1e-9), n_each).astype(np.float32)
    return sparse.csr_matrix((values, counts.indices, counts.indptr), counts.shape)
