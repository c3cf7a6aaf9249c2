"""What people did, and what they say of documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EntryKind = Literal[
    "add", "remove", "label", "forget", "skip", "ignore", "labels", "answer", "undo"
]


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
