"""What a project gives and takes: small frozen values, none of which knows a database.

Times are UTC, as ISO 8601 writes them: ``2026-11-26T03:40:00.000000+00:00``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from longshot.audit import Answer, Certificate
from longshot.records import Evidence, PageStart
from longshot.records.short_repr import short_repr

EntryKind = Literal[
    "add", "remove", "label", "forget", "skip", "ignore", "labels", "answer", "undo"
]
DocumentState = Literal["open", "labelled", "skipped"]
QueriedState = Literal["open", "labelled", "skipped", "decided", "changed"]
Order = Literal["least_sure", "most_sure", "id", "label", "added"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDocument:
    """A document as the project keeps it, and what is known of it now.

    Attributes
    ----------
    number
        Its place in the order of adding, from 1; never given twice.
    id, text, source, notes, pages, text_share
        As of :class:`~longshot.records.Document`.
    content_hash
        The SHA-256 of its text, in hexadecimal digits.
    added_at, added_by
        When, and by whom.
    state
        ``labelled`` where a person gave its label, ``skipped`` where one put it off,
        ``open`` otherwise.
    label, labelled_by
        What the person said (None for "none of these"), and who.
    unreadable
        Why no decision about it is possible; None where it is.
    """

    number: int
    id: str
    text: str = field(repr=False)
    source: str
    notes: tuple[str, ...]
    pages: tuple[PageStart, ...]
    text_share: float
    content_hash: str
    added_at: str
    added_by: str
    state: DocumentState
    label: str | None
    labelled_by: str | None
    unreadable: str | None

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentQuery:
    """Which documents are wanted, and in which order.

    Attributes
    ----------
    search
        What must stand in the id or the text; capitals of ASCII do not matter.
    labels
        The label that stands now, a person's or else the decision's, must be one of
        these; any where there are none. The empty text stands for "none of these".
    state
        ``open``, ``labelled``, ``skipped``; ``decided``: not labelled, with a decision;
        or ``changed``: labelled otherwise than decided.
    min_confidence, max_confidence
        Of the decision, both included.
    new_class
        The number of the new class that they belong to.
    order
        ``least_sure`` and ``most_sure`` put decided documents first.
    offset, limit
        Which part of the list.
    """

    search: str = ""
    labels: tuple[str, ...] = ()
    state: QueriedState | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    new_class: int | None = None
    order: Order = "added"
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRow:
    """One line of a list of documents.

    Attributes
    ----------
    number, id, source, state, unreadable
        As of :class:`StoredDocument`.
    n_characters
        Of its text.
    label
        What stands now: the person's label, or else the decision.
    given_label, labelled_by
        The person's, where there is one.
    decided_label, confidence, new_class
        The decision, where there is one.
    is_decided
        Whether there is: its label may be None, "none of these".
    begins
        The beginning of its text.
    """

    number: int
    id: str
    source: str
    n_characters: int
    state: DocumentState
    label: str | None
    given_label: str | None
    labelled_by: str | None
    is_decided: bool
    decided_label: str | None
    confidence: float | None
    new_class: int | None
    unreadable: str | None
    begins: str

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPage:
    """A part of the list of documents, and how many there are in all."""

    rows: tuple[DocumentRow, ...]
    total: int
    offset: int


class Standing(NamedTuple):
    """What stands about a document, in short: for counts, maps and whole selections.

    Attributes
    ----------
    id
        The document.
    label
        The label that stands now.
    confidence
        Of the decision; None where there is none.
    is_labelled
        Whether a person gave the label.
    """

    id: str
    label: str | None
    confidence: float | None
    is_labelled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the log, which only ever grows.

    Attributes
    ----------
    number
        Its place in the log, from 1.
    kind, who, at, why
        What was done, by whom, when, and the reason or note given.
    label
        The label that was given; None for "none of these", and for other kinds.
    document_ids, n_documents
        The first documents that it is about, and how many there are.
    undoes
        The entry that this one takes back.
    is_undone
        Whether a later one takes this one back.
    details
        What else belongs to its kind: that a label was given blind, say.
    """

    number: int
    kind: EntryKind
    who: str
    at: str
    why: str = ""
    label: str | None = None
    document_ids: tuple[str, ...] = ()
    n_documents: int = 0
    undoes: int | None = None
    is_undone: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExampleRow:
    """A document with the label that a person gave it; None for "none of these"."""

    document_id: str
    label: str | None
    who: str
    at: str
    entry: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A document to which several people gave several labels; the latest one holds."""

    document_id: str
    opinions: tuple[ExampleRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PutAside:
    """A document that could not be added, and why; kept until it can be."""

    number: int
    id: str
    source: str
    reason: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What adding did.

    Attributes
    ----------
    n_added
        Documents that are new.
    n_known
        Documents that were there already, with the same id and text.
    n_set_aside
        Documents that could not be used.
    """

    n_added: int
    n_known: int
    n_set_aside: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What importing did.

    Attributes
    ----------
    n_added, n_known
        As of :class:`Added`.
    n_labelled
        Documents with a person's label in the file.
    n_set_aside
        What could not be used.
    """

    n_added: int
    n_known: int
    n_labelled: int
    n_set_aside: int


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


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectAudit:
    """An audit of a project: a random sample of decisions, checked blind.

    Attributes
    ----------
    id, who, started_at
        Its number, who began it, and when.
    state
        The state of the classifier whose decisions it is about.
    document_ids
        The sample, in the order in which it must be checked.
    answers
        The answers so far, in that order, up to the last one: ``right``, ``wrong``,
        ``unsure``; None where a document was passed over.
    next_id
        The document to check next; None when all are done.
    certificate
        What is certain by now, and how; see :class:`longshot.audit.Certificate`.
    is_current
        Whether all of its documents still carry the labels that it covers.
    limit_now
        What is still certain, whatever was changed since.
    """

    id: int
    who: str
    started_at: str
    state: str
    document_ids: tuple[str, ...]
    answers: tuple[Answer | None, ...]
    next_id: str | None
    certificate: Certificate
    is_current: bool
    limit_now: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """How much of what was decided can be left alone; see :mod:`longshot.audit`.

    Attributes
    ----------
    n_alone, n_documents
        So many of so many open documents with a decision.
    target, expected_right
        The share of those that shall be right, and that is expected to be.
    least_confidence
        Of those left alone; None where there are none.
    low, high
        The limits of `n_alone` by what an audit of these decisions says about
        confidences; None where there was none.
    n_checked
        Answers of that audit.
    """

    n_alone: int
    n_documents: int
    target: float
    expected_right: float
    least_confidence: float | None
    low: int | None
    high: int | None
    n_checked: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelCount:
    """How many documents carry a label: given by people, and decided."""

    label: str | None
    n_given: int
    n_decided: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What a project holds.

    Attributes
    ----------
    name, model
        The project's name, and the model that reads it.
    n_documents, n_open, n_labelled, n_skipped, n_unreadable, n_set_aside
        Counts of documents; those removed count nowhere.
    n_decided
        Open documents with a decision.
    counts
        Per label; what is named without a document counts zero.
    state
        The classifier's state that decided last.
    is_stale
        Whether examples, labels or documents have changed since.
    people
        Who gave labels, and how many documents carry one of theirs.
    n_entries
        The length of the log.
    """

    name: str
    model: str
    n_documents: int
    n_open: int
    n_labelled: int
    n_skipped: int
    n_unreadable: int
    n_set_aside: int
    n_decided: int
    counts: tuple[LabelCount, ...]
    state: str | None
    is_stale: bool
    people: tuple[tuple[str, int], ...]
    n_entries: int
