"""DOCX becomes text: paragraphs and tables in document order, then the notes.

A title that stands behind other lines is put before them.

python-docx opens the file. Its own ``Paragraph.text`` leaves out what stands in a
tracked insertion or in a content control, which contracts are full of, so the elements
are walked here (ECMA-376 part 1, section 17).
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.office.package import check_size
from longshot.reading.titles import beginning_with

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = {
    f"{_W}t",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was struck out, and the second copy of a text box for old versions of Word.
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}instrText", _FALLBACK}
_CHARACTERS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
# Never expanded: an entity may name a file of this machine, or grow without end.
_ENTITY = "\ufffd"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] section 2.2


def read_docx(path: Path) -> Content:
    """Read paragraphs, tables, footnotes and endnotes; rows of a table are lines.

    Raises
    ------
    Unreadable
        If the file is encrypted, broken, or unpacks to more than it should.
    """
    import docx
    from lxml import etree

    if not zipfile.is_zipfile(path):
        raise Unreadable(_why_no_archive(path))
    check_size(path)
    try:
        document = docx.Document(str(path))
        lines = [*_lines(document.element.body), *_note_lines(document.part)]
        title = _title(document)
        n_entities = sum(1 for _ in document.element.iter(etree.Entity))
    except Exception as error:  # python-docx lets KeyError, lxml's and others through
        raise Unreadable(f"is a broken DOCX ({_told(error)})") from error
    text = "\n".join(lines)
    if title:
        text = beginning_with(title, text)
    notes: tuple[str, ...] = ()
    if n_entities:
        notes = (
            f"XML entities, which may stand for text, are not expanded: {n_entities:,},"
            f" each shown as {_ENTITY}",
        )
    return Content(text=text, notes=notes)


def _title(document: Any) -> str:
    """Give what stands in the style for titles, or in the only heading of rank one.

    Word calls its styles by these names whatever the language of its menus.
    """
    by_name: dict[str, str] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            by_name.setdefault(
                name.get(f"{_W}val", "").lower(), style.get(f"{_W}styleId")
            )
    for name, most in (("title", None), ("heading 1", 1)):
        found = document.element.body.findall(
            f".//{_W}pStyle[@{_W}val='{by_name.get(name, name)}']"
        )
        if found and (most is None or len(found) <= most):
            lines = ("".join(_runs(one.getparent().getparent())) for one in found)
            return " ".join(" ".join(lines).split())
    return ""


def _why_no_archive(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            return (
                "is protected by a password, or is an old Word file: save it as a "
                "DOCX without a password"
            )
    return "is not a DOCX, or is cut short: save it again as DOCX"


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _note_lines(part: Any) -> Iterator[str]:
    from docx.oxml import parse_xml

    for relation in part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")):
            yield from filter(str.strip, _lines(parse_xml(relation.target_part.blob)))


def _lines(element: Any) -> Iterator[str]:
    """Walk the blocks below an element: a paragraph is a line, a row of a table too."""
    for child in element:
        if child.tag == f"{_W}p":
            yield "".join(_runs(child))
        elif child.tag == f"{_W}tr":
            yield "\t".join(_cells(child))
        elif child.tag not in _LEFT_OUT:
            yield from _lines(child)


def _cells(row: Any) -> Iterator[str]:
    for child in row:
        if child.tag == f"{_W}tc":
            yield " ".join(filter(None, _lines(child)))
        elif child.tag not in _LEFT_OUT:
            yield from _cells(child)


def _text_pieces(element: Any) -> Iterator[str]:
    """Give a text on both sides of comments and entities, which XML allows in it."""
    from lxml import etree

    yield element.text or ""
    for child in element:
        yield _ENTITY if child.tag is etree.Entity else ""
        yield child.tail or ""


def _runs(element: Any) -> Iterator[str]:
    """Walk the characters of a paragraph, those of its text boxes included."""
    for child in element:
        if child.tag in _TEXTS:
            yield "".join(_text_pieces(child))
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag not in _LEFT_OUT:
            yield from _runs(child)
            if child.tag == f"{_W}p":
                yield "\n"
