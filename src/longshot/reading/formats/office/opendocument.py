"""OpenDocument (odt, ods, odp) becomes text: paragraphs, rows of tables, slides.

One XML file inside of a ZIP holds all of it (ISO/IEC 26300, part 1), so it is walked
here, as DOCX is: the libraries compared either read no presentations, or lose tabs and
notes (docs/decisions/011-document-extractors.md).
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longshot.errors import first_line
from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.markup.xml import parsed
from longshot.reading.formats.office.package import check_size
from longshot.reading.limits import read_bytes

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT, _TABLE, _OFFICE = (_NAMESPACE % name for name in ("text", "table", "office"))
_MANIFEST = "META-INF/manifest.xml"
_PARAGRAPHS = {f"{_TEXT}p", f"{_TEXT}h"}
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
# What was struck out, who commented when, and what only programs read.
_LEFT_OUT = {
    f"{_TEXT}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_OFFICE}scripts",
    f"{_OFFICE}settings",
    f"{_OFFICE}meta",
    f"{_OFFICE}styles",
    f"{_OFFICE}automatic-styles",
    f"{_OFFICE}font-face-decls",
}
_CHARACTERS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_SPACES, _COUNT = f"{_TEXT}s", f"{_TEXT}c"
_NOTE, _NOTE_BODY = f"{_TEXT}note", f"{_TEXT}note-body"
_MOST_SPACES = 1_000
_BLANKS = re.compile(r"[ \t\r\n]+")


def read_opendocument(path: Path) -> Content:
    """Read all paragraphs and tables, notes behind the text; rows are lines.

    Raises
    ------
    Unreadable
        If the file is encrypted, broken, or unpacks to more than it should.
    """
    root, told = parsed(_content(path))
    notes: list[str] = []
    lines = list(_lines(root, notes))
    return Content(text="\n".join([*lines, *notes]).strip(), notes=told)


def _content(path: Path) -> bytes:
    if not zipfile.is_zipfile(path):
        return read_bytes(path)  # a flat one: the XML by itself
    check_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if b"encryption-data" in archive.read(_MANIFEST):
                raise Unreadable("is protected by a password")
            return archive.read("content.xml")
    except Unreadable:
        raise
    except Exception as error:  # zipfile lets zlib's, struct's and others through
        raise Unreadable(f"is a broken OpenDocument ({first_line(error)})") from error


def _lines(root: Any, notes: list[str]) -> Iterator[str]:
    """Walk the blocks: a stack, and no recursion, since tables may be nested deep."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag in _PARAGRAPHS:
            yield _paragraph(element, notes)
        elif element.tag == f"{_TABLE}table-row":
            if row := "\t".join(_cells(element, notes)).rstrip("\t"):
                yield row
        elif element.tag not in _LEFT_OUT:
            waiting += reversed(element)


def _cells(row: Any, notes: list[str]) -> Iterator[str]:
    for cell in row:
        if cell.tag in _CELLS:
            yield " ".join(filter(None, _lines_below(cell, notes)))


def _lines_below(element: Any, notes: list[str]) -> Iterator[str]:
    for child in element:
        yield from _lines(child, notes)


def _paragraph(paragraph: Any, notes: list[str]) -> str:
    """Join the characters of a paragraph, with those of the boxes in it."""
    from lxml import etree

    pieces: list[str] = []
    skipped: Any = None
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        if event == "start":
            if skipped is None:
                skipped = _start(element, paragraph, pieces, notes)
        else:
            if element is skipped:
                skipped = None
            if skipped is None and element is not paragraph:
                pieces.append(_text(element.tail))
    return "".join(pieces).strip(" ")


def _start(element: Any, paragraph: Any, pieces: list[str], notes: list[str]) -> Any:
    """Take what an element begins with; give it where all in it is to be skipped."""
    if element.tag == _NOTE:
        body = element.find(_NOTE_BODY)
        notes += [] if body is None else filter(None, _lines_below(body, []))
        return element
    if element.tag in _LEFT_OUT:
        return element
    if element.tag == _SPACES:
        told = element.get(_COUNT, "1")
        n = int(told) if told.isdecimal() and len(told) < 9 else 1
        pieces.append(" " * min(n, _MOST_SPACES))
    elif element.tag in _PARAGRAPHS and element is not paragraph:
        pieces.append("\n")
    pieces.append(_CHARACTERS.get(element.tag, ""))
    pieces.append(_text(element.text))
    return None


def _text(text: str | None) -> str:
    """Blanks count once here: section 6.1.2."""
    return _BLANKS.sub(" ", text) if text else ""
