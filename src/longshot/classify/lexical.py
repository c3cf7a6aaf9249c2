"""What a text says in its own words: hashed counts of words and pieces of words.

Counting has no state, so that adding an example never refits a vocabulary; only the
document frequencies come from a reference. Words of the whole text tell its topic; the
first characters, where a title stands, tell what kind of document it is.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float
from scipy import sparse

TITLE_CHARACTERS = 300
N_COLUMNS = 1 << 18
_CHARACTERS_WEIGHT = 0.5

Counts: TypeAlias = Any
"""A sparse matrix of scipy's: text × column."""


def count_words(texts: Sequence[str]) -> Counts:
    """Count the words of each text, without the commonest English ones."""
    return _counted(texts, ngram_range=(1, 1), stop_words="english")


def count_title(texts: Sequence[str]) -> Counts:
    """Count words, pairs of words and pieces of words in the first 300 characters."""
    titles = [text[:TITLE_CHARACTERS] for text in texts]
    words = _counted(titles, ngram_range=(1, 2))
    pieces = _counted(titles, analyzer="char_wb", ngram_range=(3, 5))
    return sparse.hstack([words, _CHARACTERS_WEIGHT * pieces]).tocsr()


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
