"""Texts to vectors and decisions, for many requests at once.

In reading order: ``batches`` is a thread that answers all that waits together;
``memory`` keeps what was encoded lately; ``encoder`` encodes the texts of requests;
``classifiers`` fits and keeps classifiers, ``project_examples`` reads what they are
made from in a project; ``decisions`` decides with them.
"""

from longshot.server.encoding.classifiers import Classifiers, LabelledTexts
from longshot.server.encoding.decisions import Decisions, Wanted
from longshot.server.encoding.encoder import Encoded, SharedEncoder
from longshot.server.encoding.memory import WindowMemory
from longshot.server.encoding.project_examples import ProjectExamples

__all__ = [
    "Classifiers",
    "Decisions",
    "Encoded",
    "LabelledTexts",
    "ProjectExamples",
    "SharedEncoder",
    "Wanted",
    "WindowMemory",
]
