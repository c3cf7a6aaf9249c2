"""Static embeddings: one vector per word, whatever stands around it.

word2vec, GloVe and fastText come as files of words and vectors (``files``), which are
mapped into memory (``store``) and looked up (``encoder``); model2vec comes as a folder
with a tokenizer (``model2vec``). ``training`` makes such files of a person's own texts,
GloVe's by ``glove``.
"""

from longshot.encoders.static.encoder import StaticEncoder, WordEncoder
from longshot.encoders.static.model2vec import load_model2vec
from longshot.encoders.static.training import (
    Algorithm,
    TrainedVectors,
    TrainingSettings,
    train_static,
    vector_file_bytes,
)

__all__ = [
    "Algorithm",
    "StaticEncoder",
    "TrainedVectors",
    "TrainingSettings",
    "WordEncoder",
    "load_model2vec",
    "train_static",
    "vector_file_bytes",
]
