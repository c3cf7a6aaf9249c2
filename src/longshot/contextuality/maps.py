"""A word's uses on a plane: their first two principal components."""

import numpy as np
from jaxtyping import Float

from longshot.similarity import unit


def plane(
    vectors: Float[np.ndarray, "use dim"],
    others: Float[np.ndarray, "other dim"],
) -> tuple[Float[np.ndarray, "use 2"], Float[np.ndarray, "other 2"]]:
    """Project vectors, and others into the same plane.

    All are scaled to length one first, so that distances on the plane follow cosines.
    The plane depends on `vectors` only; signs are fixed by the largest entry of each
    axis, so that the same vectors always give the same map.

    Examples
    --------
    >>> points, _ = plane(np.eye(3), np.empty((0, 3)))
    >>> points.shape
    (3, 2)
    """
    units = unit(vectors)
    mean = units.mean(axis=0)
    _, spread, axes = np.linalg.svd(units - mean, full_matrices=False)
    axes = np.where((spread > 1e-9)[:, None], axes, 0.0)[:2]
    axes = np.concatenate([axes, np.zeros((2 - len(axes), axes.shape[1]))])
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.where(axes[np.arange(2), largest] < 0, -1.0, 1.0)[:, None]
    return (units - mean) @ axes.T, (unit(others) - mean) @ axes.T
