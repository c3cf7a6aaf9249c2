"""Bets against "at most so many are right": what the limit of an audit is made of.

A test of a hypothesis by betting (Waudby-Smith and Ramdas 2023, "Estimating means of
bounded random variables by betting", sections 4 and 5, for sampling without
replacement): somebody starts with one unit and bets, round by round, at odds that are
fair or worse if the hypothesis holds. The probability that the wealth ever reaches
``1 / a`` is then at most `a` (Ville 1939), so that a hypothesis against which it does
is rejected, at whatever moment one looks.

A round draws one document from each of the K strata that have any left. Let stratum k
hold the share ``w[k]`` of the documents that are left, and ``p[k]`` be the share of
them that is right; the hypothesis says ``sum(w * p) <= m``. With bets ``b[k] >= 0``
that were fixed before the round, the wealth is multiplied by

    product over k of  K * w[k] * (b[k] + y[k]) / (B + m),   B = sum(w * b),

where ``y[k]`` is 1 if the document is right. Within a round the draws are independent,
so that the mean of this product is the product of ``K * w[k] * (b[k] + p[k]) / (B +
m)``, which by the inequality of arithmetic and geometric means (the step by which
Hoeffding 1963 treats independent draws of unlike means) is at most the K-th power of
``sum(w * (b + p)) / (B + m) <= 1``. Nothing is asked of the strata, nor of how well
confidences fit: these only make good bets. Spertus, Sridhar and Stark 2024 ("Sequential
stratified inference for the mean") treat the general case, where any number may be
drawn from any stratum, and pay for it by a search over the strata's shares.
"""

import numpy as np
from jaxtyping import Bool, Float

_HALVINGS = 24
_LEAST, _GREATEST = 1e-6, 1e5
"""Between which ``B + m`` is sought; at the greatest, next to nothing is bet."""


def best_bets(
    wrong: Float[np.ndarray, " stratum"],
    weights: Float[np.ndarray, " stratum"],
    hypotheses: Float[np.ndarray, " hypothesis"],
) -> Float[np.ndarray, "hypothesis stratum"]:
    """Give the bets under which wealth grows fastest, if expectations are right.

    That is Kelly's criterion (Kelly 1956): the mean logarithm of a round's payoff has
    its maximum where, with ``G = B + m`` and ``r = 1 / (K * w)``, each bet solves
    ``b**2 + b * (1 - G * r) - G * r * wrong = 0``.

    Parameters
    ----------
    wrong
        The share of each stratum that is expected to be wrong, above 0 and below 1.
    weights
        The share of the documents left that each stratum holds.
    hypotheses
        Shares of right ones among all that are left, in [0, 1].
    """
    ratios = 1.0 / (len(weights) * weights)

    def bets_at(logarithms: np.ndarray) -> np.ndarray:
        scaled = np.exp(logarithms)[:, None] * ratios
        half = 0.5 * (scaled - 1.0)
        return np.asarray(half + np.sqrt(half**2 + scaled * wrong))

    low = np.full(len(hypotheses), np.log(_LEAST))
    high = np.full(len(hypotheses), np.log(_GREATEST))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        is_below = bets_at(middle) @ weights + hypotheses > np.exp(middle)
        low = np.where(is_below, middle, low)
        high = np.where(is_below, high, middle)
    return bets_at(high)


def log_payoffs(
    bets: Float[np.ndarray, "hypothesis stratum"],
    right: Bool[np.ndarray, " stratum"],
    weights: Float[np.ndarray, " stratum"],
    hypotheses: Float[np.ndarray, " hypothesis"],
) -> Float[np.ndarray, " hypothesis"]:
    """Give the logarithm of what a round multiplies the wealth by."""
    n_strata = len(weights)
    won = np.log(n_strata * weights * (bets + right)).sum(axis=1)
    stakes = bets @ weights + hypotheses
    return np.asarray(won - n_strata * np.log(stakes))


def log_growth(
    wrong: Float[np.ndarray, " stratum"],
    weights: Float[np.ndarray, " stratum"],
    hypotheses: Float[np.ndarray, " hypothesis"],
) -> Float[np.ndarray, " hypothesis"]:
    """Give the mean logarithm of a round's payoff, if expectations are right."""
    bets = best_bets(wrong, weights, hypotheses)
    right = np.log(bets + 1.0) @ (1.0 - wrong) + np.log(bets) @ wrong
    stakes = bets @ weights + hypotheses
    n_strata = len(weights)
    constant = np.log(n_strata * weights).sum()
    return np.asarray(right + constant - n_strata * np.log(stakes))
