"""Where a new document may begin in a file: at a page, or at a paragraph.

Enters: a document, as it was read. Leaves: its units in reading order, which cover its
text without gap or overlap. A unit is never divided between two sections, and is read
by the model by itself, so that no vector mixes what belongs to two documents.

A file with pages (a PDF) has a unit for each page that holds text; so has a text with
form feeds, as programs write them between pages. Any other text has a unit for each
paragraph, short ones together with those before them.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from longshot.packets.passages import passage_starts
from longshot.records import Document, PageStart

UnitKind = Literal["page", "passage"]

_FORM_FEED = "\f"


@dataclass(frozen=True, slots=True)
class Unit:
    """A run of a document's characters that belongs to one section.

    Attributes
    ----------
    start, end
        Its characters: ``text[start:end]``.
    page
        The page that it is, from 1; None where there are no pages.
    """

    start: int
    end: int
    page: int | None = None


def units_of(
    document: Document, by: UnitKind = "page"
) -> tuple[UnitKind, tuple[Unit, ...]]:
    r"""Give a document's units and what they are; none where it has no text.

    Parameters
    ----------
    document
        What is divided.
    by
        Whether pages are units where there are any, or passages are all the same.

    Examples
    --------
    >>> kind, units = units_of(Document(id="1", text="one\ftwo"))
    >>> kind, [(unit.start, unit.end, unit.page) for unit in units]
    ('page', [(0, 4, 1), (4, 7, 2)])
    """
    pages = document.pages or tuple(_pages_by_form_feed(document.text))
    if pages and by == "page":
        return "page", tuple(_of_pages(document.text, pages))
    return "passage", tuple(_of_passages(document.text, pages))


def _pages_by_form_feed(text: str) -> Iterator[PageStart]:
    """Find pages with text between form feeds; none where there is no form feed."""
    if _FORM_FEED not in text.strip(_FORM_FEED + " \r\n"):
        return
    start = 0
    for number, page in enumerate(text.split(_FORM_FEED), start=1):
        if page.strip():
            yield PageStart(number, start)
        start += len(page) + 1


def _of_pages(text: str, pages: tuple[PageStart, ...]) -> Iterator[Unit]:
    starts = [0, *(page.start for page in pages[1:]), len(text)]
    for page, (start, end) in zip(pages, pairwise(starts), strict=True):
        if start < end:
            yield Unit(start, end, page.number)


def _of_passages(text: str, pages: tuple[PageStart, ...]) -> Iterator[Unit]:
    """Give passages, each with the page that it begins on."""
    if not text.strip():
        return
    starts = [page.start for page in pages]
    places = [0, *passage_starts(text), len(text)]
    for start, end in pairwise(places):
        before = bisect_right(starts, start) - 1
        yield Unit(start, end, pages[max(before, 0)].number if pages else None)
