"""The fastest precision that keeps the accuracy.

A precision is taken only for a model that it was measured with (docs/speed.md has the
figures), and only on a processor that has fast instructions for it.
"""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from longshot.encoders.minilm import NAME as MINILM
from longshot.recipe import Precision

_KEEPS_ACCURACY_IN_INT8 = frozenset({MINILM})
"""Models within 0.3 points of float32 on every data set (docs/speed.md)."""

_INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
_PROCESSOR = Path("/proc/cpuinfo")


def fastest_precision(model: str, processor: Path = _PROCESSOR) -> Precision:
    """Give the fastest precision that costs a model no accuracy to speak of.

    Within 0.3 points of float32 on every data set that it was measured on; float32
    itself for a model that was not measured.
    """
    keeps_accuracy = model in _KEEPS_ACCURACY_IN_INT8
    if keeps_accuracy and find_spec("nncf") and has_fast_int8(processor):
        return "int8"
    return "float32"


def has_fast_int8(processor: Path = _PROCESSOR) -> bool:
    """Tell whether the processor multiplies int8 at once (VNNI or AMX), as Linux says.

    Without it the same weights are multiplied in float32, and nothing is gained.
    """
    if sys.platform != "linux":
        return False
    return bool(_INT8_FLAGS & _flags(processor))


@cache
def _flags(processor: Path) -> frozenset[str]:
    try:
        lines = processor.read_text().splitlines()
    except OSError:
        return frozenset()
    return frozenset(
        flag
        for line in lines
        if line.startswith("flags")
        for flag in line.partition(":")[2].split()
    )
