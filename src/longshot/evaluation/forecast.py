"""What would more labels give? A learning curve that saturates, drawn further.

The curve is an inverse power law, ``a - b * k ** -c`` for `k` examples per class (as in
Figueroa et al. 2012, "Predicting sample size required for classification performance");
exponents a little below zero are let in, since some curves do not bend yet.
Three or four points do not fix three parameters, so that not one curve is fitted but
many: to points drawn from their own uncertainty, with exponents drawn from what prior
and points leave possible. The limits of the answer are those of all these curves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.evaluation.intervals import Figure, Spread

LEAST_POINTS = 3
N_CURVES = 2000
MISFIT = 0.02
"""Standard deviation by which accuracies leave the curve beside what chance does."""

_EXPONENTS = np.linspace(-0.49, 2.0, 84)  # none of them is 0
_PRIOR_EXPONENT = 0.3
_PRIOR_SPREAD = 0.4
"""A normal distribution of the exponent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """The accuracy that more examples would give.

    Attributes
    ----------
    shots
        Examples per class: twice and four times the greatest that was measured.
    accuracy
        At each of them.
    gain
        Over half as many examples, at each of them.
    """

    shots: tuple[int, int]
    accuracy: tuple[Figure, Figure]
    gain: tuple[Figure, Figure]


def forecast(
    shots: Sequence[int], accuracies: Sequence[Spread], *, seed: int = 0
) -> Forecast | None:
    """Draw the learning curve further; None from fewer than three points.

    Parameters
    ----------
    shots, accuracies
        The points, on the same splits and samples of documents.
    seed
        Of everything drawn at random.
    """
    if len(shots) < LEAST_POINTS:
        return None
    random = np.random.default_rng((seed, 3))
    greatest = max(shots)
    at = extrapolate(
        np.asarray(shots, dtype=np.float64),
        drawn_points(accuracies, random),
        np.array([found.variance for found in accuracies]) + MISFIT**2,
        np.array([greatest, 2 * greatest, 4 * greatest], dtype=np.float64),
        random,
    )
    gains = np.diff(at, axis=1)
    return Forecast(
        shots=(2 * greatest, 4 * greatest),
        accuracy=(_figure(at[:, 1]), _figure(at[:, 2])),
        gain=(_figure(gains[:, 0]), _figure(gains[:, 1])),
    )


def drawn_points(
    accuracies: Sequence[Spread], random: np.random.Generator
) -> Float[np.ndarray, "curve point"]:
    """Draw the points anew from their uncertainty, as far as they vary together.

    The points of a curve rest on the same documents and on examples that grow, so that
    they are too high or too low together.
    """
    values = np.array([found.value for found in accuracies])
    parts = []
    for found in accuracies:
        factor = 1.0 / len(found.per_split) + found.pool_share
        parts.append(_deviations(found.per_split) * np.sqrt(factor))
    over_splits = np.stack(parts, axis=1)
    over_documents = np.stack([_deviations(f.per_resample) for f in accuracies], axis=1)
    noise = random.standard_normal((N_CURVES, len(over_splits))) @ over_splits
    noise += random.standard_normal((N_CURVES, len(over_documents))) @ over_documents
    return np.asarray(np.clip(values + noise, 0.0, 1.0))


def extrapolate(
    shots: Float[np.ndarray, " point"],
    curves: Float[np.ndarray, "curve point"],
    variances: Float[np.ndarray, " point"],
    targets: Float[np.ndarray, " target"],
    random: np.random.Generator,
) -> Float[np.ndarray, "curve target"]:
    """Fit a power law to each curve, and give it at the targets.

    An exponent is drawn for each curve by its posterior probability; given it, level
    and slope are the weighted least squares with a slope >= 0 and a limit <= 1.
    """
    fits = [_fit(_rise(shots, c), c, curves, 1.0 / variances) for c in _EXPONENTS]
    levels, slopes, misfits = (
        np.stack(part, axis=1) for part in zip(*fits, strict=True)
    )
    surprise = (_EXPONENTS - _PRIOR_EXPONENT) / _PRIOR_SPREAD
    chances = -0.5 * (misfits + surprise**2)
    drawn = (chances + random.gumbel(size=chances.shape)).argmax(axis=1)
    each = np.arange(len(curves))
    rises = _rise(targets[None, :], _EXPONENTS[drawn][:, None])
    at = levels[each, drawn, None] + slopes[each, drawn, None] * rises
    return np.asarray(np.minimum(at, 1.0))


def _rise(shots: np.ndarray, exponent: float | np.ndarray) -> np.ndarray:
    """Give ``(1 - k ** -c) / c``: 0 at one example, and rising for any exponent."""
    return np.asarray((1.0 - shots**-exponent) / exponent)


def _fit(
    rises: np.ndarray, exponent: float, curves: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the level at one example, the slope, and the squared misfit of each curve.

    Where the exponent is positive, the curve has a limit, ``level + slope / c``.
    """
    mean_rise = weights @ rises / weights.sum()
    means = curves @ weights / weights.sum()
    centred = rises - mean_rise
    slopes = (curves - means[:, None]) @ (weights * centred)
    slopes = np.maximum(slopes / (weights @ centred**2), 0.0)
    levels = means - slopes * mean_rise
    if exponent > 0:
        left = 1.0 / exponent - rises
        perfect = (1.0 - curves) @ (weights * left) / (weights @ left**2)
        is_over = levels + slopes / exponent > 1.0
        slopes = np.where(is_over, perfect, slopes)
        levels = np.where(is_over, 1.0 - perfect / exponent, levels)
    residuals = curves - (levels[:, None] + slopes[:, None] * rises)
    return levels, slopes, residuals**2 @ weights


def _deviations(values: np.ndarray) -> np.ndarray:
    """Scale deviations: their sum with standard normal weights has the variance."""
    known = np.where(np.isfinite(values), values, np.nanmean(values))
    return np.asarray((known - known.mean()) / np.sqrt(max(len(known) - 1, 1)))


def _figure(values: np.ndarray) -> Figure:
    low, middle, high = np.percentile(values, [2.5, 50.0, 97.5])
    return Figure(value=float(middle), low=float(low), high=float(high))
