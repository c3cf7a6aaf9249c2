"""What a text says in its own words: hashed counts of words and pieces of words.

Counting has no state, so that adding an example never refits a vocabulary; only the
document frequencies come from a reference. Words of the whole text tell its topic; the
first characters, where a title stands, tell what kind of document it is, and so do the
headings behind them, where an opening is taken up by something else.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, reduce
from operator import add
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float
from scipy import sparse

TITLE_CHARACTERS = 300
OPENING_CHARACTERS = 1_000
N_COLUMNS = 1 << 18
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

Counts: TypeAlias = Any
"""A sparse matrix of scipy's: text × column."""


def count_words(texts: Sequence[str]) -> Counts:
    """Count the words of each text, without the commonest English ones.

    A long text is counted piece by piece: its words, as Python holds them, would take
    ten times the room of the text.
    """
    settings = {"ngram_range": (1, 1), "stop_words": "english"}
    if all(len(text) <= _COUNTED_CHARACTERS for text in texts):
        return _counted(texts, **settings)
    rows = [
        reduce(add, (_counted([piece], **settings) for piece in _pieces(text)))
        for text in texts
    ]
    return sparse.vstack(rows).tocsr()


def _pieces(text: str) -> Iterator[str]:
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
    words = _counted(titles, ngram_range=(1, 2))
    pieces = _counted(titles, analyzer="char_wb", ngram_range=(3, 5))
    return sparse.hstack([words, _CHARACTERS_WEIGHT * pieces]).tocsr()


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


def weigh(
    counts: Counts, frequencies: Float[np.ndarray, " column"], n_documents: int
) -> Counts:
    """Weigh counts as log(1 + tf) · idf, with smoothed idf, each row of unit length.

    Parameters
    ----------
    counts
        Of the texts.
    frequencies, n_documents
        In how many of how many reference documents each column occurs.
    """
    weighed = counts.astype(np.float32)
    idf = np.log((1 + n_documents) / (1 + frequencies[weighed.indices])) + 1
    weighed.data = np.log1p(weighed.data) * idf.astype(np.float32)
    lengths = np.sqrt(np.asarray(weighed.power(2).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.maximum(lengths, 1e-9)) @ weighed).tocsr()


def _counted(texts: Sequence[str], **settings: Any) -> Counts:
    if not texts:
        return sparse.csr_matrix((0, N_COLUMNS))
    # Half of a surrogate pair, as broken files hold them, cannot be hashed.
    whole = [text.encode("utf-8", "replace").decode() for text in texts]
    return _vectorizer(**settings).transform(whole)


@cache
def _vectorizer(**settings: Any) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        n_features=N_COLUMNS, alternate_sign=False, norm=None, **settings
    )
