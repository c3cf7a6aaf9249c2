"""Real PDFs of texts, merged to one as people merge them."""

import textwrap
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf

from tests.reading.pdf_files import pdf_bytes

_LINE_CHARACTERS = 90
_LINES_OF_PAGE = 48


def pages_as_lines(text: str) -> list[list[str]]:
    """Break a text into lines and pages, as a printer does."""
    plain = text.encode("ascii", "replace").decode().translate({40: 91, 41: 93, 92: 47})
    lines = [
        line
        for paragraph in plain.splitlines()
        for line in textwrap.wrap(paragraph, _LINE_CHARACTERS) or [""]
    ]
    return [
        lines[start : start + _LINES_OF_PAGE]
        for start in range(0, len(lines), _LINES_OF_PAGE)
    ]


def merge(path: Path, documents: Sequence[list[list[str]]]) -> list[int]:
    """Write one PDF of several; give the first page of each, from 1."""
    starts = []
    with pikepdf.Pdf.new() as whole:
        for pages in documents:
            starts.append(len(whole.pages) + 1)
            with pikepdf.open(BytesIO(pdf_bytes(*pages))) as part:
                whole.add_pages_from(part)
        whole.save(path)
    return starts
