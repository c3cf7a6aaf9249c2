"""What reading gives: documents, with or without labels, and what was set aside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from longshot.records.short_repr import short_repr


class PageStart(NamedTuple):
    """Where a page of a paged file begins in the text that was read from it.

    Attributes
    ----------
    number
        The page, from 1, as readers of such files count them.
    start
        Its first character: ``text[start:]``.
    """

    number: int
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """An id, a text, and where it came from.

    Attributes
    ----------
    id
        Unique within one run: the path below the folder that was read, the ``id`` of
        a table's row, or the row's number.
    text
        The whole text; of any length.
    source
        The file (and row) that it came from, for people.
    notes
        What reading had to guess, each in a line for people: an encoding that was
        detected, say. Empty when nothing was.
    pages
        Where the pages with text begin, in reading order; empty where there are none.
    text_share
        The share of the file that could be read as text; below 1.0 where pages are
        scanned or broken, which counts as not read.
    language
        The code of the language that it is in, as ``de``; None where it is not told:
        reading leaves that to the embedder, which does not tell it of a few words.
    """

    id: str
    text: str
    source: str = ""
    notes: tuple[str, ...] = ()
    pages: tuple[PageStart, ...] = ()
    text_share: float = 1.0
    language: str | None = None

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A document with its label."""

    document: Document
    label: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Its label alone."""
        return (self.label,)


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledDocument:
    """A document with all its labels; there may be none."""

    document: Document
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAside:
    """A document that could not be used, and why; the run goes on without it.

    Attributes
    ----------
    id, source
        As of :class:`Document`.
    reason
        Why, as the rest of a sentence that begins with the source.
    label
        Its label, where it was to be an example.
    """

    id: str
    source: str
    reason: str
    label: str | None = None


OnSetAside = Callable[[SetAside], None]
"""Told of each document that is set aside; where there is none, that is an error."""
