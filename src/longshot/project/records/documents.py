"""Documents of a project, lists of them, and what adding did."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from longshot.records import PageStart
from longshot.records.short_repr import short_repr

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
