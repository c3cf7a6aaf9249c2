"""Which windows a score comes from: pure functions on vectors and weights.

A document's vector is a weighted sum of its windows' vectors, so that its cosine to any
reference is a sum over windows too: each window has its exact share.
"""

import numpy as np
from jaxtyping import Float

from longshot.similarity import EPSILON


def contributions(
    windows: Float[np.ndarray, "window dim"],
    weights: Float[np.ndarray, " window"],
    reference: Float[np.ndarray, " dim"],
) -> Float[np.ndarray, " window"]:
    """Split the cosine of a document and a reference into its windows' shares.

    Parameters
    ----------
    windows, weights
        The document's windows, and their weights in its vector.
    reference
        What the document is compared with.

    Returns
    -------
    ndarray
        One share per window, negative where a window speaks against; they add up to the
        cosine.

    Examples
    --------
    >>> windows = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> contributions(windows, np.array([0.5, 0.5]), np.array([2.0, 0.0])).tolist()
    [0.7071067811865475, 0.0]
    """
    wide = windows.astype(np.float64)
    target = reference.astype(np.float64)
    document = weights @ wide
    lengths = np.linalg.norm([document, target], axis=1)
    scale = float(np.maximum(lengths, EPSILON).prod())
    return np.asarray(weights * (wide @ target) / scale)
