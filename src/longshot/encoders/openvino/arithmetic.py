"""What the compiled engine computes in, for each precision.

With ``int8`` the weights are kept in int8, row by row; the activations are quantised
as they are computed: each token's, in groups of dimensions, by the range of the group.
No text is needed to calibrate them on, and an outlier coarsens its own group only.
Attention, normalisation and the means stay in float32. A processor without int8
products computes with the same weights in float32.
"""

from typing import Any, Literal

from longshot.recipe import Precision

Arithmetic = Literal["float", "int8-weights"]
"""The numbers of a converted graph; float serves float32 and bfloat16."""

_GROUP_DIMENSIONS = 128
"""The fastest of 32 to 384, and as near to float32 as 32 (docs/speed.md)."""

SETTINGS: dict[Precision, dict[str, Any]] = {
    "float32": {"INFERENCE_PRECISION_HINT": "f32"},
    "bfloat16": {"INFERENCE_PRECISION_HINT": "bf16"},
    "int8": {
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP_DIMENSIONS,
    },
}
"""What OpenVINO is told."""

SHORT_WINDOWS = {"SNIPPETS_MODE": "DISABLE"}
"""What it is told besides for windows of about a sentence.

Its fused attention is the faster one for long windows; for short ones the single
products are (docs/speed.md). The setting is one of the plugin's own.
"""


def arithmetic_of(precision: Precision) -> Arithmetic:
    """Give the graph that a precision is computed with."""
    return "int8-weights" if precision == "int8" else "float"
