"""How sure a measure is: it is computed again on samples drawn with replacement.

A sample is written as how often each use was drawn, so that a measure of all samples is
a matrix product (Efron and Tibshirani 1993). A pair of one use with itself, which only
drawing with replacement makes, never counts.
"""

import numpy as np
from jaxtyping import Bool, Float

_MAIN_DIRECTIONS = 32


def draws(
    n_uses: int, n_resamples: int, seed: int
) -> Float[np.ndarray, "resample use"]:
    """Draw samples of `n_uses` uses: how often each use is in each."""
    chances = np.full(n_uses, 1.0 / n_uses)
    drawn = np.random.default_rng(seed).multinomial(n_uses, chances, size=n_resamples)
    return drawn.astype(np.float64)


def pair_means(
    similarities: Float[np.ndarray, "use use"],
    pairs: Bool[np.ndarray, "use use"],
    drawn: Float[np.ndarray, "resample use"],
) -> Float[np.ndarray, " resample"]:
    """Give the mean over chosen pairs in each sample."""
    sums = ((drawn @ (similarities * pairs)) * drawn).sum(axis=1)
    counts = ((drawn @ pairs.astype(np.float64)) * drawn).sum(axis=1)
    return np.asarray(sums / np.where(counts > 0, counts, np.nan))


def means(
    values: Float[np.ndarray, " use"], drawn: Float[np.ndarray, "resample use"]
) -> Float[np.ndarray, " resample"]:
    """Give the mean over uses in each sample."""
    return np.asarray(drawn @ values / drawn.sum(axis=1))


def explainable_variances(
    vectors: Float[np.ndarray, "use dim"], drawn: Float[np.ndarray, "resample use"]
) -> Float[np.ndarray, " resample"]:
    """Give the maximum explainable variance of each sample.

    The first singular value is sought among the first 32 principal directions of all
    uses: exact for as few dimensions or uses, else a lower limit, within 0.002 where
    one direction leads, as in the vectors of one word.
    """
    wide = vectors.astype(np.float64)
    main = _on_main_directions(wide)
    products = (main[:, :, None] * main[:, None, :]).reshape(len(main), -1)
    moments = (drawn @ products).reshape(len(drawn), main.shape[1], main.shape[1])
    greatest = np.linalg.eigvalsh(moments)[:, -1]
    return np.asarray(greatest / (drawn @ (wide**2).sum(axis=1)))


def _on_main_directions(
    vectors: Float[np.ndarray, "use dim"],
) -> Float[np.ndarray, "use direction"]:
    """Give the vectors in their first principal directions, the longest last."""
    if vectors.shape[1] <= len(vectors):
        _, axes = np.linalg.eigh(vectors.T @ vectors)
        return np.asarray(vectors @ axes[:, -_MAIN_DIRECTIONS:])
    squares, axes = np.linalg.eigh(vectors @ vectors.T)
    lengths = np.sqrt(np.maximum(squares[-_MAIN_DIRECTIONS:], 0.0))
    return np.asarray(axes[:, -_MAIN_DIRECTIONS:] * lengths)


def interval(values: Float[np.ndarray, " resample"]) -> tuple[float, float]:
    """Give the limits between which 95 % of the samples' values lie."""
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
