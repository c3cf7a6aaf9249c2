"""The map of a pile: a place on a plane for each document."""

import warnings
from importlib.util import find_spec
from typing import Literal

import numpy as np
from jaxtyping import Float

from longshot.contextuality.maps import plane
from longshot.errors import MissingExtraError
from longshot.report.classified.pile import Position
from longshot.similarity import unit

MapMethod = Literal["PCA", "UMAP"]

LEAST_FOR_UMAP = 200
"""Documents: of fewer, neighbourhoods say little, and UMAP takes long to start."""


def best_map_method(n_documents: int) -> MapMethod:
    """Choose UMAP where it is installed and there is enough to draw, PCA elsewhere."""
    is_here = find_spec("umap") is not None
    return "UMAP" if is_here and n_documents >= LEAST_FOR_UMAP else "PCA"


def positions(
    vectors: Float[np.ndarray, "document dim"], method: MapMethod
) -> list[Position]:
    """Place documents on a plane, so that close ones are alike by cosine.

    The same vectors give the same map.

    Parameters
    ----------
    vectors
        The documents'.
    method
        ``PCA``, the two directions in which they differ most, or ``UMAP`` (McInnes,
        Healy and Melville 2018), which keeps neighbours together.

    Raises
    ------
    MissingExtraError
        If UMAP is asked for and not installed.

    Examples
    --------
    >>> positions(np.eye(2), "PCA")
    [(0.707107, 0.0), (-0.707107, 0.0)]
    """
    places = plane(vectors, vectors[:0])[0] if method == "PCA" else _umap(vectors)
    return [(round(float(x), 6), round(float(y), 6)) for x, y in places]


def _umap(
    vectors: Float[np.ndarray, "document dim"],
) -> Float[np.ndarray, "document 2"]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of umap and numba, about themselves
        try:
            from umap import UMAP
        except ImportError as error:
            raise MissingExtraError.naming("umap-learn", extra="map") from error
        reducer = UMAP(
            n_neighbors=min(15, len(vectors) - 1),
            metric="euclidean",  # of vectors of length one: follows the cosine
            random_state=0,
            n_jobs=1,
        )
        return np.asarray(reducer.fit_transform(unit(vectors)))
