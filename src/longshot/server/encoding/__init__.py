"""Texts to vectors and decisions, for many requests at once.

In reading order: ``batches`` is a thread that answers all that waits together;
``memory`` keeps what was encoded lately; ``encoder`` encodes the texts of requests;
``classifiers`` fits and keeps classifiers; ``decisions`` decides with them.
"""

from longshot.server.encoding.classifiers import Classifiers, LabelledTexts
from longshot.server.encoding.decisions import Decisions, Wanted
from longshot.server.encoding.encoder import Encoded, SharedEncoder
from longshot.server.encoding.memory import WindowMemory

__all__ = [
    "Classifiers",
    "Decisions",
    "Encoded",
    "LabelledTexts",
    "SharedEncoder",
    "Wanted",
    "WindowMemory",
]
