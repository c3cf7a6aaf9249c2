"""What was decided, why, and what to label next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from longshot.records import Evidence

PROBABILITY_DIGITS = 4
"""What changes beyond these is no other decision."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Explained:
    """The whole pile with its evidence and vectors, by the documents' ids."""

    evidence: Mapping[str, Evidence]
    vectors: Mapping[str, np.ndarray]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was decided about a document, and by which state of the classifier.

    Attributes
    ----------
    document_id, label, confidence, alternatives, n_tokens, n_windows, coverage
        As of :class:`~longshot.records.Prediction`.
    n_unknown, new_class
        The same.
    state
        The id of the state that made it: of everything that it depends on.
    """

    document_id: str
    label: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    n_tokens: int
    n_windows: int
    coverage: float
    n_unknown: int
    new_class: int | None
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Decisions:
    """What deciding did.

    Attributes
    ----------
    state
        The state of the classifier; None where nothing could be decided.
    n_documents
        How many documents were decided.
    n_changed, n_relabelled
        How many decisions are new or other than before, and how many documents had
        another label before.
    n_examples
        How many examples it learned from.
    report
        What was learned, in lines for people; or what is missing.
    new_classes
        Groups of documents that fit no label, where documents may be rejected.
    """

    state: str | None
    n_documents: int
    n_changed: int
    n_relabelled: int
    n_examples: int
    report: tuple[str, ...] = ()
    new_classes: tuple["OfferedClass", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedClass:
    """A group of documents that look alike and fit no label: perhaps one of its own.

    Attributes
    ----------
    n_documents
        How many they are.
    words
        What tells them from the other documents, the most telling first.
    document_ids
        The most typical ones.
    """

    n_documents: int
    words: tuple[str, ...]
    document_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A document to label next, and why.

    Attributes
    ----------
    document_id, number
        The document.
    likely_label, confidence, second_label, second_confidence
        What the classifier thinks of it, where it thinks anything.
    reason
        ``hesitates``: it stands between two labels; ``typical``: it stands for many
        documents; ``random``.
    n_alike
        How many open documents are closer to it than to any labelled one; 0 before
        any is labelled.
    look_alikes
        Documents so close to it that one label may do for all.
    """

    document_id: str
    number: int
    likely_label: str | None
    confidence: float | None
    second_label: str | None
    second_confidence: float | None
    reason: Literal["hesitates", "typical", "random"]
    n_alike: int
    look_alikes: tuple[str, ...] = ()
