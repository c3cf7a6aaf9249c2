"""Whether a word's senses lie apart, and which there are where none are told."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.similarity import unit

_TIE = 1e-9
"""Similarities that differ by less are equal: rounding alone differs by as much."""

_TINY = 1e-300
"""Keeps what is divided by from being zero."""

_MOST_SENSES = 5
_LEAST_SILHOUETTE = 0.1
"""Below it clusters are hardly more than chance; the word counts as one sense."""


def as_numbers(labels: Sequence[str]) -> tuple[Int[np.ndarray, " use"], list[str]]:
    """Give each sense a number, by name.

    Examples
    --------
    >>> as_numbers(["device", "animal", "device"])[0].tolist()
    [1, 0, 1]
    """
    names, numbers = np.unique(np.array(labels), return_inverse=True)
    return numbers.astype(np.int64), [str(name) for name in names]


def same_sense(senses: Int[np.ndarray, " use"]) -> Bool[np.ndarray, "use use"]:
    """Tell which pairs of different uses share a sense."""
    same = senses[:, None] == senses[None]
    return np.asarray(same & ~np.eye(len(senses), dtype=bool))


def neighbour_hits(
    similarities: Float[np.ndarray, "use use"], senses: Int[np.ndarray, " use"]
) -> Float[np.ndarray, " use"]:
    """Tell of each use whether its nearest other use has its sense (leave one out).

    Where several are equally near, the share of them that do: static vectors, which are
    all the same, score what chance would.
    """
    others = similarities.copy()
    np.fill_diagonal(others, -np.inf)
    nearest = others >= others.max(axis=1, keepdims=True) - _TIE
    return np.asarray((nearest & same_sense(senses)).sum(axis=1) / nearest.sum(axis=1))


def silhouettes(
    similarities: Float[np.ndarray, "use use"], senses: Int[np.ndarray, " use"]
) -> Float[np.ndarray, " use"]:
    """Give each use's silhouette by cosine distance (Rousseeuw 1987).

    From -1, nearer to another sense, to 1, among its own. Zero for the only use of a
    sense.
    """
    distances = 1.0 - similarities
    members = (senses[:, None] == np.unique(senses)[None]).astype(np.float64)
    sums, counts = distances @ members, members.sum(axis=0)
    n_own = members @ counts
    within = ((sums * members).sum(axis=1) - np.diag(distances)) / np.maximum(
        n_own - 1, 1
    )
    across = np.where(members > 0, np.inf, sums / counts).min(axis=1)
    widths = (across - within) / np.maximum(np.maximum(within, across), _TINY)
    return np.asarray(np.where(n_own > 1, widths, 0.0))


def find_senses(
    vectors: Float[np.ndarray, "use dim"], *, seed: int = 0
) -> Int[np.ndarray, " use"]:
    """Cluster uses into senses; as many as the best mean silhouette asks for.

    k-means on vectors of length one. All are one sense where no number of clusters
    reaches a silhouette of 0.1.
    """
    from sklearn.cluster import KMeans

    units = unit(vectors)
    similarities = units @ units.T
    best, found = _LEAST_SILHOUETTE, np.zeros(len(units), dtype=np.int64)
    for n_senses in range(2, min(_MOST_SENSES, len(np.unique(units, axis=0)) - 1) + 1):
        clusters = KMeans(n_senses, n_init=10, random_state=seed).fit_predict(units)
        width = silhouettes(similarities, clusters.astype(np.int64)).mean()
        if width > best:
            best, found = width, clusters.astype(np.int64)
    return found


def most_typical(
    vectors: Float[np.ndarray, "use dim"],
    senses: Int[np.ndarray, " use"],
    sense: int,
    n_uses: int = 3,
) -> list[int]:
    """Give the uses of a sense that lie nearest to its mean."""
    members = np.flatnonzero(senses == sense)
    units = unit(vectors[members])
    closeness = units @ units.mean(axis=0)
    return [int(i) for i in members[np.argsort(-closeness, kind="stable")[:n_uses]]]
