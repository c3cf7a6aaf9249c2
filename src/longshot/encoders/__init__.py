"""Windows to hidden states: a folder for each family of models, behind one Protocol.

``transformers`` are Hugging Face's models on PyTorch, ``openvino`` the same models
compiled for the processor, ``onnx`` in int8 for processors without int8 instructions,
the two of them from what ``bert`` reads; ``elmo`` are AllenNLP's, ``static`` one vector
per word. Only this package knows their libraries, which are imported when a model is
loaded.

What the families share, in reading order: ``base`` is the contract, ``tokenizer`` and
``words`` cut texts, ``folder`` and ``minilm`` find a model's files, ``catalogue`` leads
from a name to an encoder, ``engines`` load it, ``languages`` tells which ones a model
is made for, and ``precision`` chooses the fastest arithmetic.
"""

from longshot.encoders.base import Capacity, Encoder
from longshot.encoders.catalogue import (
    Model,
    is_here,
    load_encoder,
    load_entailment,
    usable_models,
)
from longshot.encoders.engines import Engine
from longshot.encoders.languages import languages_of_model

__all__ = [
    "Capacity",
    "Encoder",
    "Engine",
    "Model",
    "is_here",
    "languages_of_model",
    "load_encoder",
    "load_entailment",
    "usable_models",
]
