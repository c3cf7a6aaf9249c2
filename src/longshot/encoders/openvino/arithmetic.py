"""What the compiled engine computes in, for each precision.

With ``int8`` the weights are kept in int8, row by row; the activations are quantised
as they are computed: each token's, in groups of dimensions, by the range of the group.
No text is needed to calibrate them on, and an outlier coarsens its own group only.
Embeddings, attention, normalisation and the means stay in float32; with
``int8-bfloat16`` they are computed in bfloat16. A processor without int8 products
computes with the same weights in float32.
"""

import hashlib
from typing import Any, Literal

from longshot.recipe import Precision

Arithmetic = Literal["float", "int8-weights"]
"""The numbers of a converted graph; float serves float32 and bfloat16."""

_INT8: tuple[Precision, ...] = ("int8", "int8-bfloat16")

_GROUP_DIMENSIONS = 128
"""The fastest of 32 to 384, and as near to float32 as 32 (docs/speed.md)."""

SETTINGS: dict[Precision, dict[str, Any]] = {
    "float32": {"INFERENCE_PRECISION_HINT": "f32"},
    "bfloat16": {"INFERENCE_PRECISION_HINT": "bf16"},
    "int8": {
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP_DIMENSIONS,
    },
    "int8-bfloat16": {
        "INFERENCE_PRECISION_HINT": "bf16",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP_DIMENSIONS,
    },
}
"""What OpenVINO is told."""

_REVISION = {"float32": 0, "bfloat16": 0, "int8": 1, "int8-bfloat16": 0}
"""Raised when a precision's vectors change by more than rounding.

int8: since 1, embeddings are kept in float32, and only products have int8 weights.
"""

SHORT_WINDOWS = {"SNIPPETS_MODE": "DISABLE"}
"""What it is told besides for windows of about a sentence.

Its fused attention is the faster one for long windows; for short ones the single
products are (docs/speed.md). The setting is one of the plugin's own.
"""

KEPT_SHAPES = {"CPU_RUNTIME_CACHE_CAPACITY": 30}
"""What it is told besides, so that memory does not grow with every new length.

The plugin keeps what it compiled for each shape of a batch, and so does oneDNN below
it: a megabyte for each new shape between the two, thousands of which texts of mixed
lengths have. 300 long windows of as many shapes took a process from 290 to 575 MB, and
more were to come; with 30 and nothing kept below, it stays at 381 MB. Of 43 shapes of
short windows in turn it is 336 MB in the place of 392. Compiling again takes 3 % of the
time at most. Whole windows have a network of fixed shape.
"""

KEPT_BELOW = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "0"}
"""The same for oneDNN, which reads it from the environment when it first computes."""


def arithmetic_of(precision: Precision) -> Arithmetic:
    """Give the graph that a precision is computed with."""
    return "int8-weights" if precision in _INT8 else "float"


def fingerprint_in(precision: Precision, fingerprint: str) -> str:
    """Give what a model's vectors depend on: its files, and how they are computed.

    The precision itself is the recipe's, and stands there.
    """
    revision = _REVISION[precision]
    if not revision:
        return fingerprint
    return hashlib.sha256(f"{fingerprint} {revision}".encode()).hexdigest()
