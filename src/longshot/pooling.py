"""Layers, tokens and windows to vectors: pure functions on arrays.

Hidden states enter (``layer token dim`` of a window), one vector leaves. A mean over
tokens is written as weights, so that an engine can compute it where the states are and
give back one small result per window.
"""

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import EmptyDocumentError
from longshot.recipe import TokenPooling, WindowPooling


def token_weights(
    *, n_before: int, n_tokens: int, n_after: int, pooling: TokenPooling
) -> Float[np.ndarray, " framed_token"]:
    """Give the weight of each token of a framed window in its vector.

    Parameters
    ----------
    n_before, n_after
        Special (and prefix) tokens around the window: their weight is zero.
    n_tokens
        Real tokens between them.
    pooling
        ``mean``, or ``cls``: all weight on the first token of the frame. ``max`` is no
        weighted sum: see :func:`max_over_tokens`.

    Examples
    --------
    >>> token_weights(n_before=1, n_tokens=2, n_after=1, pooling="mean").tolist()
    [0.0, 0.5, 0.5, 0.0]
    """
    weights = np.zeros(n_before + n_tokens + n_after, dtype=np.float32)
    if pooling == "cls":
        weights[0] = 1.0
    else:
        weights[n_before : n_before + n_tokens] = 1.0 / n_tokens
    return weights


def span_weights(
    tokens_per_span: Int[np.ndarray, " span"],
    *,
    n_before: int,
    n_framed: int,
) -> Float[np.ndarray, "span framed_token"]:
    """Give the weights that average each of the spans that a window consists of.

    Examples
    --------
    >>> span_weights(np.array([2, 1]), n_before=1, n_framed=5)
    array([[0. , 0.5, 0.5, 0. , 0. ],
           [0. , 0. , 0. , 1. , 0. ]], dtype=float32)
    """
    span_of_token = np.repeat(np.arange(len(tokens_per_span)), tokens_per_span)
    weights = np.zeros((len(tokens_per_span), n_framed), dtype=np.float32)
    places = n_before + np.arange(len(span_of_token))
    weights[span_of_token, places] = 1.0 / tokens_per_span[span_of_token]
    return weights


def max_over_tokens(
    states: Float[np.ndarray, "window layer framed_token dim"],
    *,
    n_before: int,
    n_tokens: int,
) -> Float[np.ndarray, "window layer dim"]:
    """Take the greatest value of each dimension over the real tokens."""
    real = states[:, :, n_before : n_before + n_tokens]
    return np.asarray(real.max(axis=2))


class RunningMean:
    """A weighted mean over windows that come one after another.

    The sum is kept in double precision, so that a document of a million windows is
    averaged as well as one of two.
    """

    def __init__(self, dim: int, pooling: WindowPooling = "tokens") -> None:
        self._sum = np.zeros(dim)
        self._weight = 0
        self._by_tokens = pooling == "tokens"

    def add(self, window: Float[np.ndarray, " dim"], *, n_tokens: int) -> None:
        """Take in one window's vector."""
        weight = n_tokens if self._by_tokens else int(n_tokens > 0)
        self._sum += weight * window.astype(np.float64)
        self._weight += weight

    def vector(self) -> Float[np.ndarray, " dim"]:
        """Give the mean so far, in float32.

        Raises
        ------
        EmptyDocumentError
            If no window held a real token.
        """
        if not self._weight:
            raise EmptyDocumentError(
                "a document must hold at least one token; this one holds none. "
                "Remove it or give its text."
            )
        return np.asarray((self._sum / self._weight).astype(np.float32))


def pool_windows(
    windows: Float[np.ndarray, "window dim"],
    tokens_per_window: Int[np.ndarray, " window"],
    pooling: WindowPooling = "tokens",
) -> Float[np.ndarray, " dim"]:
    """Average window vectors, weighted by their real tokens.

    A short last window must not count as a full one. ``pooling="windows"`` is the plain
    mean, in which it does.

    Raises
    ------
    EmptyDocumentError
        If no window holds a real token.

    Examples
    --------
    >>> pool_windows(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([3, 1])).tolist()
    [0.75, 0.25]
    """
    mean = RunningMean(windows.shape[1], pooling)
    for window, n_tokens in zip(windows, tokens_per_window.tolist(), strict=True):
        mean.add(window, n_tokens=n_tokens)
    return mean.vector()


def window_weights(
    tokens_per_window: Int[np.ndarray, " window"], pooling: WindowPooling = "tokens"
) -> Float[np.ndarray, " window"]:
    """Give the weight of each window in its document's vector; together they are 1.

    Examples
    --------
    >>> window_weights(np.array([3, 1])).tolist()
    [0.75, 0.25]
    """
    counts = tokens_per_window if pooling == "tokens" else tokens_per_window > 0
    return np.asarray(counts / counts.sum())
