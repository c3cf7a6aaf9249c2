"""A run of a file's text as a document: what a row of sections names.

``longshot split`` writes where each section lies: the ``file``, and its characters from
``start`` to ``end``. A table of a person's own may name pages in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longshot.records import Document, SetAside

FILE = "file"
_CHARACTERS = ("start", "end")
_PAGES = ("first_page", "last_page")
COLUMNS = (FILE, *_CHARACTERS, *_PAGES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a section lies.

    Attributes
    ----------
    first, last
        Its characters, the last one not included; or its pages, the last one included.
    are_pages
        Whether they are pages.
    """

    first: int
    last: int
    are_pages: bool

    def __str__(self) -> str:
        what = "pages" if self.are_pages else "characters"
        return f"{what} {self.first} to {self.last}"

    def document(self, whole: Document, id_: str) -> Document | SetAside:
        """Give the section as a document of its own; why not, if it is not there."""
        start, end = self._characters(whole)
        if not 0 <= start < end <= len(whole.text):
            has = f"{len(whole.text):,} characters"
            if self.are_pages:
                has = f"{len(whole.pages):,} pages with text"
            reason = f"has {has}, and not {self}: split it again"
            return SetAside(id=id_, source=whole.source, reason=reason)
        return Document(
            id=id_,
            text=whole.text[start:end],
            source=f"{whole.source}, {self}",
            notes=whole.notes,
        )

    def _characters(self, whole: Document) -> tuple[int, int]:
        if not self.are_pages:
            return self.first, self.last
        inside = [
            page.start for page in whole.pages if self.first <= page.number <= self.last
        ]
        after = [page.start for page in whole.pages if page.number > self.last]
        return min(inside, default=-1), min(after, default=len(whole.text))


def place_of(row: Mapping[str, Any]) -> Place | None:
    """Tell which section a row names; None where it names a whole document.

    Examples
    --------
    >>> print(place_of({"first_page": "3", "last_page": ""}))
    pages 3 to 3
    >>> print(place_of({"start": 0, "end": 90, "first_page": 1}))
    characters 0 to 90
    """
    start, end = (_number(row.get(name)) for name in _CHARACTERS)
    if start is not None and end is not None:
        return Place(first=start, last=end, are_pages=False)
    first, last = (_number(row.get(name)) for name in _PAGES)
    if first is None:
        return None
    return Place(first=first, last=first if last is None else last, are_pages=True)


def _number(told: Any) -> int | None:
    """Read a whole number, as any kind of table holds it."""
    shown = str(told).strip().removesuffix(".0")
    return int(shown) if shown.isdecimal() else None
