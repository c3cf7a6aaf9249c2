"""Fine-tuning of the encoder itself on labelled documents.

Examples enter; a model's folder leaves, which ``--model`` reads as any other. Only
:mod:`.training` and :mod:`.contrastive` know ``torch`` and ``sentence_transformers``.
"""

from longshot.tuning.measuring import HeldOutMeasure
from longshot.tuning.settings import TuningSettings
from longshot.tuning.training import Tuned, Tuner

__all__ = ["HeldOutMeasure", "Tuned", "Tuner", "TuningSettings"]
