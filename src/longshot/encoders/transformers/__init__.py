"""Hugging Face models on PyTorch: the reference engine, and the one for a GPU.

In reading order: ``loading`` makes the module of a folder, ``device`` finds where it
runs, ``halving`` makes batches fit into memory there, ``encoder`` runs it.
``entailment`` runs models that tell whether one text follows from another.
"""

from longshot.encoders.transformers.encoder import TransformerEncoder

__all__ = ["TransformerEncoder"]
