"""The values that pass between the stages: small, frozen, without behaviour.

Reading gives :class:`Document` (or :class:`SetAside`), windows give :class:`Window`,
pooling gives :class:`Vectors`, and deciding gives :class:`Prediction` with its
:class:`Evidence`.
"""

from longshot.records.documents import (
    Document,
    Example,
    LabelledDocument,
    OnSetAside,
    PageStart,
    SetAside,
)
from longshot.records.evidence import Evidence, Match, Passage, RunnerUp
from longshot.records.predictions import Classified, NewClass, Prediction
from longshot.records.vectors import OnWindow, Span, Vectors, Window

__all__ = [
    "Classified",
    "Document",
    "Evidence",
    "Example",
    "LabelledDocument",
    "Match",
    "NewClass",
    "OnSetAside",
    "OnWindow",
    "PageStart",
    "Passage",
    "Prediction",
    "RunnerUp",
    "SetAside",
    "Span",
    "Vectors",
    "Window",
]
