"""Windows to hidden states: one module per family of models, behind one Protocol.

Only this package knows ``torch``, ``transformers`` and ``openvino``; they are imported
when a model is loaded.
"""

from longshot.encoders.catalogue import Engine, Model, load_encoder, usable_models
from longshot.encoders.protocol import Capacity, Encoder

__all__ = ["Capacity", "Encoder", "Engine", "Model", "load_encoder", "usable_models"]
