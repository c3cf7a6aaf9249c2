"""The fastest precision that keeps the accuracy.

A precision is taken only for a model that it was measured with (docs/speed.md has the
figures), and only on a processor that has fast instructions for it.
"""

import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from longshot.encoders.catalogue import Engine
from longshot.encoders.minilm import NAME as MINILM
from longshot.encoders.transformers.device import has_fast_bfloat16
from longshot.recipe import Precision

_KEEPS_ACCURACY = frozenset({MINILM})
"""Models within 0.3 points of float32 on every data set, in int8 (docs/speed.md).

Their bfloat16 is nearer to float32 than their int8: a cosine of 0.9999.
"""

_INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
_PROCESSOR = Path("/proc/cpuinfo")


def fastest_precision(
    model: str,
    processor: Path = _PROCESSOR,
    *,
    engine: Engine = "auto",
    has_fast_bfloat16: Callable[[], bool] = has_fast_bfloat16,
) -> Precision:
    """Give the fastest precision that costs a model no accuracy to speak of.

    Within 0.3 points of float32 on every data set that it was measured on; float32
    itself for a model that was not measured. A GPU takes bfloat16, a processor int8;
    PyTorch on a processor has nothing that is faster than float32.
    """
    if model not in _KEEPS_ACCURACY:
        return "float32"
    if engine != "openvino" and has_fast_bfloat16():
        return "bfloat16"
    if engine != "torch" and find_spec("nncf") and has_fast_int8(processor):
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
