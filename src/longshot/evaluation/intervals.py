"""How sure a figure is that was measured on few documents.

A figure of a learning curve is the mean over splits. It would come out differently with
other splits, with other documents to be judged, and with other documents to draw the
examples from; many splits of the same few documents make only the first of the three
small. So the variance has three parts:

- between splits, divided by their number;
- between splits again, times :func:`longshot.evaluation.splits.pool_share`, for all
  splits draw their examples from the same documents;
- between documents: the variance of the figure over samples of the judged documents,
  drawn with replacement (the bootstrap; Efron and Tibshirani 1993), the same documents
  in all splits.

What lies in [0, 1] gets Wilson's interval with the number of documents that would give
that variance (Korn and Graubard 1998 do so for surveys), so that 20 right ones of 20
are not taken for certainty. Losses and differences get Student's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import stats

from longshot.evaluation.measures import Judged, Weights

LEVEL = 0.95

Measures = Callable[[Judged, Weights], Float[np.ndarray, "sample figure"]]
"""One or several numbers of each sample of judged documents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A measured value, and the limits between which it lies with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Spread:
    """A measure on each split, and on samples of documents over all splits.

    Attributes
    ----------
    per_split
        The measure on each split; nan where it is not defined.
    per_resample
        Its mean over splits on each sample of the documents.
    n_documents
        Different documents that it was measured on.
    pool_share
        See :func:`longshot.evaluation.splits.pool_share`.
    """

    per_split: Float[np.ndarray, " split"]
    per_resample: Float[np.ndarray, " resample"]
    n_documents: int
    pool_share: float

    @property
    def value(self) -> float:
        """The mean over splits where the measure is defined."""
        return float(_known_means(self.per_split[:, None])[0])

    @property
    def variance(self) -> float:
        """The variance of that mean, from all three sources."""
        n_splits = int(np.isfinite(self.per_split).sum())
        factor = 1.0 / max(n_splits, 1) + self.pool_share
        return _variance(self.per_split) * factor + _variance(self.per_resample)


def document_draws(
    n_rows: int, n_resamples: int, seed: int
) -> Float[np.ndarray, "resample row"]:
    """Draw samples of all rows with replacement: how often each row is in each."""
    random = np.random.default_rng((seed, 1))
    chances = np.full(n_rows, 1.0 / n_rows)
    return random.multinomial(n_rows, chances, n_resamples).astype(np.float64)


def spreads(
    measures: Measures,
    splits: Sequence[Judged],
    draws: Float[np.ndarray, "resample row"],
    pool_share: float,
    n_documents: Sequence[int] | None = None,
) -> list[Spread]:
    """Compute measures on every split and on every sample of the documents.

    Parameters
    ----------
    measures
        Of judged documents, on samples of them.
    splits
        What was judged.
    draws
        From :func:`document_draws`, over all rows of the labelled set.
    pool_share
        See :func:`longshot.evaluation.splits.pool_share`.
    n_documents
        Different documents that each measure rests on; all that were judged by default.
    """
    plain = np.concatenate([measures(one, None) for one in splits])
    resampled = np.stack([measures(one, draws[:, one.rows]) for one in splits])
    n_all = len(np.unique(np.concatenate([one.rows for one in splits])))
    numbers = n_documents if n_documents is not None else [n_all] * plain.shape[1]
    return [
        Spread(
            per_split=plain[:, i],
            per_resample=_known_means(resampled[:, :, i]),
            n_documents=max(int(n), 1),
            pool_share=pool_share,
        )
        for i, n in enumerate(numbers)
    ]


def mean_interval(found: Spread) -> Figure:
    """Give Student's interval for a loss; it never reaches below zero."""
    figure = signed_interval(found)
    return Figure(value=figure.value, low=max(figure.low, 0.0), high=figure.high)


def share_interval(found: Spread) -> Figure:
    """Give Wilson's interval with the effective number of documents.

    For what lies in [0, 1]; nan where the measure is defined on no split.
    """
    share = found.value
    if not np.isfinite(share):
        return Figure(value=share, low=share, high=share)
    low, high = _wilson(share, _effective_number(found), _quantile(found))
    return Figure(value=share, low=min(low, share), high=max(high, share))


def signed_interval(found: Spread) -> Figure:
    """Give Student's interval for a difference, which may be negative."""
    half = _quantile(found) * float(np.sqrt(found.variance))
    return Figure(value=found.value, low=found.value - half, high=found.value + half)


def _effective_number(found: Spread) -> float:
    """Give the number of documents that would, each judged once, vary as much."""
    share, variance = found.value, found.variance
    if variance <= 0.0 or share in (0.0, 1.0):
        return float(found.n_documents)
    return float(min(share * (1.0 - share) / variance, found.n_documents))


def _quantile(found: Spread) -> float:
    degrees = max(min(len(found.per_split), found.n_documents) - 1, 1)
    return float(stats.t.ppf(0.5 + LEVEL / 2, degrees))


def _wilson(share: float, n: float, quantile: float) -> tuple[float, float]:
    """Give the limits of Wilson (1927), for a number of documents that may be broken.

    Examples
    --------
    >>> low, high = _wilson(1.0, 20.0, 1.959963984540054)
    >>> round(low, 4), high
    (0.8389, 1.0)
    """
    square = quantile**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    inner = share * (1 - share) / n + square / (4 * n**2)
    half = quantile * float(np.sqrt(inner)) / (1 + square / n)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _variance(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.var(ddof=1)) if len(known) > 1 else 0.0


def _known_means(values: Float[np.ndarray, "row column"]) -> np.ndarray:
    """Give the mean of each column over what is known of it."""
    known = np.isfinite(values)
    sums = np.where(known, values, 0.0).sum(axis=0)
    counts = known.sum(axis=0)
    empty = np.full(len(sums), np.nan)
    return np.asarray(np.divide(sums, counts, out=empty, where=counts > 0))
