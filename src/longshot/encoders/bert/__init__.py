"""The BERT family's files, read once for every engine that builds a network of them.

``tensors`` reads the numbers where they lie, ``checkpoint`` gives them the names that
are used here.
"""

from longshot.encoders.bert.checkpoint import (
    Activation,
    Checkpoint,
    Layer,
    Linear,
    Norm,
    is_served,
    read_checkpoint,
)

__all__ = [
    "Activation",
    "Checkpoint",
    "Layer",
    "Linear",
    "Norm",
    "is_served",
    "read_checkpoint",
]
