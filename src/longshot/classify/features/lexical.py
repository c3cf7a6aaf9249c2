"""What a text says in its own words: hashed counts of words and pieces of words.

Counting has no state, so that adding an example never refits a vocabulary; only the
document frequencies come from a reference. Words of the whole text tell its topic; the
first characters, where a title stands, tell what kind of document it is, and so do the
headings behind them, where an opening is taken up by something else.
"""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import add

import numpy as np
from jaxtyping import Float, Float32
from scipy import sparse

from longshot.classify.features.hashing import (
    Counts,
    content_words,
    counted,
    pieces,
    words_and_pairs,
)

TITLE_CHARACTERS = 300
OPENING_CHARACTERS = 1_000
_CHARACTERS_WEIGHT = 0.5

_WORD = re.compile(r"[\w'’&-]+")
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
    words = list(_WORD.finditer(text))
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
