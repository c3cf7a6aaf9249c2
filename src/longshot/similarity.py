"""Cosine similarity and what is built on it."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import DTypeLike

EPSILON = 1e-6
"""The least norm that a vector is divided by, as the article sets it."""


def cosine(a: Float[np.ndarray, " dim"], b: Float[np.ndarray, " dim"]) -> float:
    """Give the cosine of the angle between two vectors, in [-1, 1].

    As ``torch.nn.CosineSimilarity(dim=0, eps=1e-6)``: a vector of zeros has similarity
    zero to everything.

    Examples
    --------
    >>> cosine(np.array([3.0, 0.0]), np.array([1.0, 0.0]))
    1.0
    """
    return float(cosines(a[None], b[None])[0, 0])


def cosines(
    a: Float[np.ndarray, "a dim"], b: Float[np.ndarray, "b dim"]
) -> Float[np.ndarray, "a b"]:
    """Give the cosine of every row of `a` with every row of `b`."""
    return np.asarray(unit(a) @ unit(b).T)


def unit(
    vectors: Float[np.ndarray, "row dim"], dtype: DTypeLike = np.float64
) -> Float[np.ndarray, "row dim"]:
    """Scale each row to length one, in double precision unless told otherwise."""
    rows = vectors.astype(dtype)
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    rows /= np.maximum(norms, EPSILON)[:, None]
    return rows


def best_matches(
    a: Float[np.ndarray, "a dim"], b: Float[np.ndarray, "b dim"]
) -> tuple[Int[np.ndarray, " a"], Float[np.ndarray, " a"]]:
    """Find, for each row of `a`, the row of `b` with the greatest cosine.

    Returns
    -------
    tuple
        The index into `b`, and the cosine.
    """
    similarities = cosines(a, b)
    best = similarities.argmax(axis=1)
    return best, similarities[np.arange(len(a)), best]
