"""Batches that fit into a device's memory: found by trying, and kept.

How much a batch takes is only estimated before: another program may take memory at any
time, and a model may want more for a token than most do. Where a batch does not fit,
half of it is tried, and all later batches are as small.
"""

import threading
import warnings
from collections.abc import Callable

import numpy as np

from longshot.encoders.transformers.device import (
    DEVICE_VARIABLE,
    is_out_of_memory,
    release_memory,
)
from longshot.errors import LongshotWarning, ModelError

Compute = Callable[[slice], np.ndarray]
"""Gives the results of some of a batch's windows."""


class Halving:
    """Runs batches whole where they fit, else in parts.

    Parameters
    ----------
    name
        The model's, for the messages.
    device
        Where it runs.
    """

    def __init__(self, name: str, device: str) -> None:
        self.name = name
        self.device = device
        self._most_tokens: int | None = None
        self._telling = threading.Lock()

    def run(self, compute: Compute, *, n_windows: int, n_tokens: int) -> np.ndarray:
        """Give the results of `n_windows` windows of `n_tokens` each.

        Raises
        ------
        ModelError
            If not even one window fits.
        """
        parts: list[np.ndarray] = []
        start = 0
        while start < n_windows:
            size = min(n_windows - start, self._most_windows(n_windows, n_tokens))
            part = _tried(compute, slice(start, start + size))
            if part is None:
                self._halve(size, n_tokens)
                continue
            parts.append(part)
            start += size
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _most_windows(self, n_windows: int, n_tokens: int) -> int:
        if self._most_tokens is None:
            return n_windows
        return max(1, self._most_tokens // n_tokens)

    def _halve(self, n_windows: int, n_tokens: int) -> None:
        release_memory(self.device)
        if n_windows == 1:
            raise ModelError(
                f"a window must fit into the memory of {self.device}; one of "
                f"{n_tokens} tokens does not for model {self.name}. Lower "
                f"--window-tokens, or set {DEVICE_VARIABLE}=cpu."
            )
        with self._telling:
            is_first = self._most_tokens is None
            self._most_tokens = n_windows // 2 * n_tokens
        if is_first:
            warnings.warn(
                f"{n_windows} windows of {n_tokens} tokens did not fit into the "
                f"memory of {self.device}. Continuing with smaller batches.",
                LongshotWarning,
                stacklevel=2,
            )


def _tried(compute: Compute, part: slice) -> np.ndarray | None:
    """Give a part's results; None where memory ran out.

    Once this has returned, nothing holds what the failed part left in memory.
    """
    try:
        return compute(part)
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        return None
