"""Where a file begins to speak of something else: several units against several.

One passage says little of what a document is about, and two that follow each other may
differ within a document as much as between two. The means of four and of eight on
either side of a seam differ less by chance. How far likeness falls at a seam below what
it is around it (Hearst's depth, TextTiling, 1997), and below what is usual in the file,
tells a change from a file whose parts are all unlike each other.
"""

import numpy as np
from jaxtyping import Float
from scipy import sparse

from longshot.classify.features.lexical import Counts

_LEAST_LENGTH = 1e-9
_LEAST_SPREAD = 1e-3
"""Of likenesses in a file; so much rounding alone may make."""

_BLOCK_SEAMS = 1_024
"""At once: their vectors take some tens of megabytes, whatever the file has."""

_NEAR = 3
"""Seams on either side of which one is the lowest: about a page's passages."""


def dense_likeness(
    rows: Float[np.ndarray, "unit dim"], n_units: int
) -> Float[np.ndarray, " seam"]:
    """Compare so many units before each seam with as many after it: their cosine.

    Examples
    --------
    >>> rows = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> dense_likeness(rows, 2).round(2).tolist()
    [0.71, 0.0]
    """
    found = [
        _likeness(rows[max(start - n_units, 0) : end + n_units], n_units, start, end)
        for start in range(1, len(rows), _BLOCK_SEAMS)
        for end in [min(start + _BLOCK_SEAMS, len(rows))]
    ]
    return np.concatenate(found)


def _likeness(
    rows: Float[np.ndarray, "unit dim"], n_units: int, start: int, end: int
) -> Float[np.ndarray, " seam"]:
    """Compare both sides of the seams from one unit to another, of the rows there."""
    sums = np.zeros((len(rows) + 1, rows.shape[1]))
    np.cumsum(rows, axis=0, out=sums[1:])
    seams = np.arange(start, end) - max(start - n_units, 0)
    before = sums[seams] - sums[np.maximum(seams - n_units, 0)]
    after = sums[np.minimum(seams + n_units, len(rows))] - sums[seams]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    products = np.einsum("sd,sd->s", before, after)
    return np.asarray(products / np.maximum(lengths, _LEAST_LENGTH))


def sparse_likeness(rows: Counts, n_units: int) -> Float[np.ndarray, " seam"]:
    """Compare words before each seam with those after it, as :func:`dense_likeness`."""
    shape = rows.shape[0] - 1, rows.shape[0]
    n_units = min(n_units, shape[0])
    ones = np.ones(n_units)
    before, after = (
        sparse.diags_array(ones, offsets=offsets, shape=shape).tocsr() @ rows
        for offsets in (np.arange(1 - n_units, 1), np.arange(1, n_units + 1))
    )
    squares = [
        np.asarray(one.multiply(other).sum(axis=1)).ravel()
        for one, other in ((before, after), (before, before), (after, after))
    ]
    lengths = np.sqrt(squares[1] * squares[2])
    return np.asarray(squares[0] / np.maximum(lengths, _LEAST_LENGTH))


def depths(likeness: Float[np.ndarray, " seam"]) -> Float[np.ndarray, " seam"]:
    """Tell how far likeness rises from each seam to the next peak on both sides.

    Examples
    --------
    >>> depths(np.array([0.9, 0.2, 0.5, 0.4])).round(1).tolist()
    [0.0, 1.0, 0.0, 0.1]
    """
    rises = np.zeros_like(likeness)
    for values, found in ((likeness, rises), (likeness[::-1], rises[::-1])):
        peak = -np.inf
        last = np.inf
        for place, value in enumerate(values):
            peak = peak if value <= last and peak >= value else value
            found[place] += peak - value
            last = value
    return rises


def are_lowest(likeness: Float[np.ndarray, " seam"]) -> Float[np.ndarray, " seam"]:
    """Mark the seams that are the lowest of those around them, by 1."""
    padded = np.pad(likeness, _NEAR, constant_values=np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEAR + 1)
    return np.asarray(likeness <= around.min(axis=1), dtype=float)


def relative(likeness: Float[np.ndarray, " seam"]) -> Float[np.ndarray, " seam"]:
    """Measure each seam from the file's median, in its standard deviations."""
    spread = max(float(likeness.std()), _LEAST_SPREAD)
    return np.asarray((likeness - np.median(likeness)) / spread)
