"""The BERT family in int8 on ONNX Runtime, for processors without int8 instructions.

OpenVINO computes its int8 with instructions that processors have since about 2019
(VNNI, AMX); on others it multiplies in float32. ONNX Runtime's kernels reach nearly
twice the speed of float32 with AVX2 alone (docs/speed.md). It is an extra.

In reading order: ``steps`` is the arithmetic, ``graph`` what a network is built with,
``network`` builds it, ``encoder`` runs it.
"""

from longshot.encoders.onnx.encoder import OnnxEncoder

__all__ = ["OnnxEncoder"]
