"""Windows to hidden states: one module per family of models, behind one Protocol.

Only this package knows ``torch`` and ``transformers``; they are imported when a model
is loaded.
"""

from longshot.encoders.catalogue import Model, load_encoder, usable_models
from longshot.encoders.protocol import Encoder

__all__ = ["Encoder", "Model", "load_encoder", "usable_models"]
