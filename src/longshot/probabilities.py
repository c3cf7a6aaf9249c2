"""Scores to probabilities, and to their logarithms.

They are those of ``scipy.special``, whose import takes a tenth of a start, and which
takes ten times as long for the few numbers of one document.
"""

import numpy as np
from jaxtyping import Float


def softmax(
    scores: Float[np.ndarray, "*shape"], axis: int = -1
) -> Float[np.ndarray, "*shape"]:
    """Give probabilities that add up to 1 along an axis.

    Examples
    --------
    >>> softmax(np.array([1000.0, 1000.0])).tolist()
    [0.5, 0.5]
    """
    likely = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(likely / likely.sum(axis=axis, keepdims=True))


def log_softmax(
    scores: Float[np.ndarray, "*shape"], axis: int = -1
) -> Float[np.ndarray, "*shape"]:
    """Give the logarithms of these probabilities, also of those too small for a number.

    Examples
    --------
    >>> log_softmax(np.array([1000.0, 1.0])).tolist()
    [0.0, -999.0]
    """
    greatest = scores.max(axis=axis, keepdims=True)
    shifted = scores - np.where(np.isfinite(greatest), greatest, 0)
    with np.errstate(divide="ignore"):  # where nothing is possible
        total = np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return np.asarray(shifted - total)


def logsumexp(
    logs: Float[np.ndarray, "*shape"], axis: int = -1
) -> Float[np.ndarray, "*reduced"]:
    """Give the logarithm of the sum of what these are logarithms of.

    Examples
    --------
    >>> logsumexp(np.array([-1000.0, -1000.0])).round(4).item()
    -999.3069
    """
    greatest = logs.max(axis=axis, keepdims=True)
    is_greatest = logs == greatest
    n_greatest = is_greatest.sum(axis=axis, keepdims=True)
    finite = np.where(np.isfinite(greatest), greatest, 0)
    others = np.exp(np.where(is_greatest, -np.inf, logs - finite))
    # The greatest apart, so that a sum near one keeps what the others add to it.
    more = np.log1p(others.sum(axis=axis, keepdims=True) / n_greatest)
    return np.asarray((more + np.log(n_greatest) + greatest).squeeze(axis))


def expit(
    odds: Float[np.ndarray, "*shape"] | float,
) -> Float[np.ndarray, "*shape"]:
    """Give the probability of log odds.

    Examples
    --------
    >>> expit(np.array([0.0, 1000.0, -1000.0])).tolist()
    [0.5, 1.0, 0.0]
    """
    return np.asarray(np.exp(log_expit(odds)))


def log_expit(
    odds: Float[np.ndarray, "*shape"] | float,
) -> Float[np.ndarray, "*shape"]:
    """Give the logarithm of that probability.

    Examples
    --------
    >>> log_expit(np.array([-1000.0])).tolist()
    [-1000.0]
    """
    return np.asarray(-np.logaddexp(0, -np.asarray(odds)))
