"""ELMo (Peters et al. 2018) from AllenNLP's files, run by PyTorch.

In reading order: ``characters`` spell a word, ``network`` is the arithmetic, ``files``
fill in its weights, ``encoder`` reads windows and sentences.
"""

from longshot.encoders.elmo.encoder import ElmoEncoder, load_elmo

__all__ = ["ElmoEncoder", "load_elmo"]
