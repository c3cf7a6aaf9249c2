"""The values that pass between the stages: small, frozen, without behaviour.

Reading gives :class:`Document` (or :class:`SetAside`), windows give :class:`Window`,
pooling gives :class:`Vectors`, and deciding gives :class:`Prediction` with its
:class:`Evidence`. Taking a file apart gives a :class:`Packet` of :class:`Section`.
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
from longshot.records.labels import NamedLabel
from longshot.records.predictions import Classified, NewClass, Prediction
from longshot.records.sections import Packet, Section
from longshot.records.vectors import OnWindow, Span, Vectors, Window

__all__ = [
    "Classified",
    "Document",
    "Evidence",
    "Example",
    "LabelledDocument",
    "Match",
    "NamedLabel",
    "NewClass",
    "OnSetAside",
    "OnWindow",
    "Packet",
    "PageStart",
    "Passage",
    "Prediction",
    "RunnerUp",
    "Section",
    "SetAside",
    "Span",
    "Vectors",
    "Window",
]
