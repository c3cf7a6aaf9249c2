"""Fine-tuning of the encoder itself on labelled documents.

Examples enter; a model's folder leaves, which ``--model`` reads as any other. Only
:mod:`.sentence_model` and :mod:`.contrastive` know the libraries that train.
"""

from longshot.tuning.measuring import HeldOutMeasure
from longshot.tuning.settings import TuningSettings
from longshot.tuning.tuner import Tuned, Tuner

__all__ = ["HeldOutMeasure", "Tuned", "Tuner", "TuningSettings"]
