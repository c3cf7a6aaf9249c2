"""Hugging Face models compiled for the processor by OpenVINO.

In reading order: ``arithmetic`` says what is computed in; ``rows`` keeps weights in
int8, and ``network`` builds the BERT family's graph; ``conversion`` makes a graph of
any other family's module, in a process of its own, and ``store`` keeps it; ``opening``
takes the one way or the other, and ``encoder`` runs the graph.
"""

from longshot.encoders.openvino.encoder import OpenVinoEncoder, processor_name

__all__ = ["OpenVinoEncoder", "processor_name"]
