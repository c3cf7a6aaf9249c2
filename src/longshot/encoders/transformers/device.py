"""Where PyTorch runs: a GPU where there is one that works, else the processor.

Only this module asks what a device is and how much memory it has left. PyTorch takes
seconds to import: it is asked only where the machine looks as if it had a GPU.
"""

import os
import platform
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from longshot.encoders.extra import has_torch, require_torch
from longshot.errors import LongshotWarning, SettingError, first_line

if TYPE_CHECKING:
    import torch

DEVICE_VARIABLE = "LONGSHOT_DEVICE"
"""Names the device, in place of whatever is found: ``cpu``, ``cuda``, ``cuda:1``."""

_KINDS = ("cuda", "mps", "cpu")
_DEVICE_FILES = ("nvidia[0-9]*", "dxg", "kfd")
"""NVIDIA's, that of Windows' own Linux, and AMD's."""

_NO_MEMORY = ("out of memory", "not enough memory", "allocate memory")
"""What PyTorch says on Apple's devices, on Windows' and on Linux' processors."""

_MOST_BATCH_TOKENS = 1 << 15
_FEWEST_BATCH_TOKENS = 1 << 10
_SHARE_OF_MEMORY = 0.5
_INNER_COPIES = 12
"""Hidden states' worth of what lives only within one layer: queries, keys, values, the
four times as wide inner states before and after their function."""

_telling, _starting = threading.Lock(), threading.Lock()
_n_exact, _told_before = 0, "highest"


def has_gpu() -> bool:
    """Tell whether PyTorch has a GPU that works, importing it only if it might.

    Without PyTorch there is none, unless one is asked for by the environment variable.
    """
    asked = os.environ.get(DEVICE_VARIABLE)
    if asked and kind_of(asked) != "cpu":
        require_torch(f"{DEVICE_VARIABLE}={asked}")
    elif not has_torch() or asked or not _may_have_gpu():
        return False
    return kind_of(found_device()) != "cpu"


def found_device() -> str:
    """Give the device to run on, as PyTorch calls it.

    What the environment variable says; else the first GPU, if it can add two numbers;
    else the processor.

    Raises
    ------
    SettingError
        If the environment variable names no device.
    """
    asked = os.environ.get(DEVICE_VARIABLE)
    return checked_device(asked) if asked else first_that_works(_gpus())


def checked_device(device: str) -> str:
    """Hold a device's name against what PyTorch has.

    Raises
    ------
    SettingError
        If it has no such device here, or the device does not work.
    """
    if kind_of(device) not in _KINDS:
        raise SettingError(
            f"{DEVICE_VARIABLE} must be one of cpu, cuda, cuda:NUMBER, mps; got "
            f"{device}. Change it, or leave it out."
        )
    try:
        _add_on(device)
    except Exception as error:
        # What a missing or broken device raises differs by device and version.
        raise SettingError(
            f"{DEVICE_VARIABLE} must name a device that works; {device} does not "
            f"({first_line(error)}). Set it to cpu."
        ) from error
    return device


def first_that_works(
    devices: list[str], try_out: Callable[[str], object] | None = None
) -> str:
    """Give the first device that `try_out` raises nothing on; ``cpu`` where none is.

    A GPU that PyTorch sees may still fail: an old driver, a generation that this build
    has no code for. That is told in a warning.
    """
    for device in devices:
        try:
            (try_out or _add_on)(device)
        except Exception as error:
            # What a missing or broken device raises differs by device and version.
            warnings.warn(
                f"{device} does not work ({first_line(error)}). Continuing on the "
                f"processor; set {DEVICE_VARIABLE}=cpu to hide this note.",
                LongshotWarning,
                stacklevel=2,
            )
        else:
            return device
    return "cpu"


def kind_of(device: str) -> str:
    """Give the kind of a device.

    Examples
    --------
    >>> kind_of("cuda:1")
    'cuda'
    """
    return device.partition(":")[0]


def name_of(device: str) -> str:
    """Give what a device calls itself; a processor has no name here."""
    import torch

    if kind_of(device) == "cuda":
        return torch.cuda.get_device_name(torch.device(device))
    return f"{kind_of(device)} {platform.machine()} {platform.processor()}"


def free_bytes(device: str) -> int | None:
    """Give the memory that a device has left; None for the processor."""
    import torch

    if kind_of(device) == "cuda":
        return torch.cuda.mem_get_info(torch.device(device))[0]
    if kind_of(device) == "mps":
        taken = torch.mps.driver_allocated_memory()
        return torch.mps.recommended_max_memory() - taken
    return None


def batch_tokens_within(
    n_bytes: int, *, n_layers: int, dim: int, number_bytes: int
) -> int:
    """Give the tokens of a batch whose hidden states fit into half of the memory.

    Two batches are under way at once, and PyTorch's allocator keeps some in reserve:
    hence the half. More tokens than fill the device bring nothing.

    Examples
    --------
    >>> batch_tokens_within(80 << 30, n_layers=13, dim=768, number_bytes=2)
    32768
    >>> batch_tokens_within(1 << 30, n_layers=25, dim=1024, number_bytes=4)
    3449
    """
    per_token = (n_layers + _INNER_COPIES) * dim * number_bytes
    per_token += dim * 4  # one layer at a time in float32, for the means
    fitting = int(n_bytes * _SHARE_OF_MEMORY) // per_token
    return max(_FEWEST_BATCH_TOKENS, min(_MOST_BATCH_TOKENS, fitting))


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether a device ran out of memory; each kind says so in its own way."""
    import torch

    if isinstance(error, torch.cuda.OutOfMemoryError):
        return True
    told = str(error)
    return isinstance(error, RuntimeError) and any(one in told for one in _NO_MEMORY)


def release_memory(device: str) -> None:
    """Give back what PyTorch keeps of a device's memory for later use."""
    import torch

    if kind_of(device) == "cuda":
        torch.cuda.empty_cache()
    elif kind_of(device) == "mps":
        torch.mps.empty_cache()


@contextmanager
def exact_products() -> Iterator[None]:
    """Multiply float32 in float32, and not in the 19 bits of TF32.

    That is PyTorch's default; but what it is told holds for the whole process, which
    may have been told otherwise.
    """
    global _n_exact, _told_before
    import torch

    with _telling:
        if _n_exact == 0:
            _told_before = torch.get_float32_matmul_precision()
            torch.set_float32_matmul_precision("highest")
        _n_exact += 1
    try:
        yield
    finally:
        with _telling:
            _n_exact -= 1
            if _n_exact == 0:
                torch.set_float32_matmul_precision(_told_before)


def computed(
    start: "Callable[[], torch.Tensor]", device: str, *, repeats: bool
) -> np.ndarray:
    """Give what a device computes.

    On CUDA everything is put into the device's queue by one thread at a time, its copy
    back among it. Were two batches mixed there, both would end late, and the device
    would rest while both are taken apart.

    Parameters
    ----------
    start
        Puts the work into the queue, and gives what will hold the result.
    device
        Where it runs.
    repeats
        Whether many batches have this shape (:func:`_plans_attention`).
    """
    import torch

    if kind_of(device) != "cuda":
        return np.asarray(start().cpu().numpy())
    with _starting, _plans_attention(repeats):
        result = start()
        copied = torch.empty_like(result, device="cpu", pin_memory=True)
        copied.copy_(result, non_blocking=True)
        done = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
        done.record()
    done.synchronize()
    return np.asarray(copied.numpy())


@contextmanager
def _plans_attention(repeats: bool) -> Iterator[None]:
    """Take cuDNN's attention only where many batches have one shape.

    It is the fastest one, but it plans for each new shape, and a plan takes as long as
    some batches. What PyTorch is told holds for the whole process.
    """
    import torch

    told_before = torch.backends.cuda.cudnn_sdp_enabled()  # type: ignore[no-untyped-call]
    torch.backends.cuda.enable_cudnn_sdp(told_before and repeats)
    try:
        yield
    finally:
        torch.backends.cuda.enable_cudnn_sdp(told_before)


def _may_have_gpu() -> bool:
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    if sys.platform == "win32":
        system = Path(os.environ.get("SystemRoot", "C:/Windows"))
        return (system / "System32" / "nvcuda.dll").exists()
    return any(any(Path("/dev").glob(name)) for name in _DEVICE_FILES)


def _gpus() -> list[str]:
    import torch

    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    return [device for device, is_there in available.items() if is_there]


def _add_on(device: str) -> None:
    import torch

    torch.ones(2, device=device).add_(1).cpu()
