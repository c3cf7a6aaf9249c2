"""Hugging Face models compiled for the processor by OpenVINO.

In reading order: ``arithmetic`` says what is computed in, ``conversion`` makes a graph
of a module, in a process of its own, ``store`` keeps it, ``encoder`` runs it.
"""

from longshot.encoders.openvino.encoder import OpenVinoEncoder

__all__ = ["OpenVinoEncoder"]
