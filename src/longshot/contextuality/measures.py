"""How contextual a word's vectors are: the three measures of Ethayarajh (2019).

Kawin Ethayarajh, "How Contextual are Contextualized Word Representations?", EMNLP 2019,
section 3. All are pure functions on vectors. Each is held against what any two words of
the same layer have in common (anisotropy, section 3.4): the mean cosine of random words
of different sentences, and the explainable variance of random words.
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.similarity import unit


def self_similarity(vectors: Float[np.ndarray, "use dim"]) -> float:
    """Give the mean cosine of a word's vectors in different contexts.

    1 if the context changes nothing; not a number for a single use.

    Examples
    --------
    >>> round(self_similarity(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])), 4)
    0.3333
    """
    similarities = cosines_within(vectors)
    return mean_over_pairs(similarities, ~np.eye(len(vectors), dtype=bool))


def intra_sentence_similarity(words: Float[np.ndarray, "word dim"]) -> float:
    """Give the mean cosine of a sentence's words to their mean.

    Examples
    --------
    >>> round(intra_sentence_similarity(np.array([[1.0, 0.0], [1.0, 0.0]])), 4)
    1.0
    """
    mean = unit(words.astype(np.float64).mean(axis=0, keepdims=True))
    return float((unit(words) @ mean.T).mean())


def max_explainable_variance(vectors: Float[np.ndarray, "use dim"]) -> float:
    """Give the share of a word's vectors that one vector can stand for.

    The square of the first singular value over the sum of all squares, of the vectors
    as they are (not centred): 1 if a static vector could replace them all.

    Examples
    --------
    >>> round(max_explainable_variance(np.array([[2.0, 0.0], [0.0, 1.0]])), 4)
    0.8
    """
    wide = vectors.astype(np.float64)
    few_rows = len(wide) < wide.shape[1]
    squares = np.linalg.eigvalsh(wide @ wide.T if few_rows else wide.T @ wide)
    return float(squares[-1] / (wide**2).sum())


def cosines_within(
    vectors: Float[np.ndarray, "use dim"],
) -> Float[np.ndarray, "use use"]:
    """Give the cosine of each vector with each."""
    units = unit(vectors)
    return np.asarray(units @ units.T)


def different(groups: Int[np.ndarray, " use"]) -> Bool[np.ndarray, "use use"]:
    """Tell which pairs are of different groups."""
    return np.asarray(groups[:, None] != groups[None])


def mean_over_pairs(
    similarities: Float[np.ndarray, "use use"], pairs: Bool[np.ndarray, "use use"]
) -> float:
    """Give the mean over chosen pairs; not a number where there is none."""
    return float(similarities[pairs].mean()) if pairs.any() else float("nan")
