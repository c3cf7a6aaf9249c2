import gc
import warnings
import weakref

import numpy as np
import pytest
import torch

from longshot.encoders.transformers.halving import Halving
from longshot.errors import LongshotWarning, ModelError


class Device:
    """Takes batches of at most so many windows, and remembers the sizes tried."""

    def __init__(self, most: int, n_windows: int) -> None:
        self.most = most
        self.windows = np.arange(n_windows)
        self.tried: list[int] = []

    def compute(self, part: slice) -> np.ndarray:
        """Give the windows back."""
        windows = self.windows[part]
        self.tried.append(len(windows))
        if len(windows) > self.most:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return windows


def test_batch_that_fits_runs_whole() -> None:
    device = Device(most=8, n_windows=8)
    found = Halving("m", "cpu").run(device.compute, n_windows=8, n_tokens=512)
    assert found.tolist() == list(range(8))
    assert device.tried == [8]


def test_batch_is_halved_until_it_fits_and_told_once() -> None:
    halving, device = Halving("m", "cpu"), Device(most=3, n_windows=10)
    with pytest.warns(LongshotWarning, match="10 windows of 512 tokens did not fit"):
        found = halving.run(device.compute, n_windows=10, n_tokens=512)
    assert found.tolist() == list(range(10))
    assert device.tried == [10, 5, 2, 2, 2, 2, 2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        halving.run(device.compute, n_windows=10, n_tokens=512)
    assert device.tried[7:] == [2] * 5


def test_later_batches_hold_as_many_tokens() -> None:
    halving, device = Halving("m", "cpu"), Device(most=2, n_windows=4)
    with pytest.warns(LongshotWarning):
        halving.run(device.compute, n_windows=4, n_tokens=512)
    short = Device(most=100, n_windows=20)
    halving.run(short.compute, n_windows=20, n_tokens=128)
    assert short.tried == [8, 8, 4]


def test_window_that_never_fits() -> None:
    device = Device(most=0, n_windows=2)
    with (
        pytest.warns(LongshotWarning),
        pytest.raises(ModelError, match=r"a window must fit .*one of 512 tokens"),
    ):
        Halving("m", "cpu").run(device.compute, n_windows=2, n_tokens=512)


def test_other_errors_pass() -> None:
    def fails(_: slice) -> np.ndarray:
        raise RuntimeError("shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        Halving("m", "cpu").run(fails, n_windows=2, n_tokens=512)


def test_failed_batch_leaves_nothing_in_memory() -> None:
    """Or else its half would find the memory as full as before."""
    kept: list[weakref.ref[torch.Tensor]] = []
    alive: list[bool] = []

    def compute(part: slice) -> np.ndarray:
        alive.extend(one() is not None for one in kept)
        big = torch.ones(part.stop - part.start)
        kept.append(weakref.ref(big))
        if len(big) > 2:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return big.numpy().copy()

    gc.disable()
    try:
        with pytest.warns(LongshotWarning):
            Halving("m", "cpu").run(compute, n_windows=4, n_tokens=8)
    finally:
        gc.enable()
    assert alive == [False, False, False]
