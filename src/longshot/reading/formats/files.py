"""One file becomes one document's content: which reader reads which ending."""

from collections.abc import Callable
from pathlib import Path

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.docx import read_docx
from longshot.reading.formats.html import read_html
from longshot.reading.formats.pdf import read_pdf
from longshot.reading.formats.text import read_text

_READERS: dict[str, Callable[[Path], Content]] = {
    ".docx": read_docx,
    ".htm": read_html,
    ".html": read_html,
    ".pdf": read_pdf,
    ".xhtml": read_html,
}


# Those that a file without a known ending is read by, if it begins so.
_BEGINNINGS = {b"%PDF-": read_pdf}

ENDINGS = (*_READERS, ".doc", ".md", ".rtf", ".txt")
"""What the names of documents usually end in."""


def read_file(path: Path) -> Content:
    """Read one file; one without a known ending is read as text.

    Raises
    ------
    Unreadable
        If it is empty, broken, binary, or cannot be opened.
    """
    try:
        if not path.exists():
            raise Unreadable("does not exist, or is a link that leads nowhere")
        if path.is_file() and path.stat().st_size == 0:
            raise Unreadable("is empty")
        return _reader(path)(path)
    except OSError as error:
        raise Unreadable(f"cannot be opened ({error.strerror or error})") from error


def _reader(path: Path) -> Callable[[Path], Content]:
    """Find the reader by the ending; where that says nothing, by the beginning."""
    reader = _READERS.get(path.suffix.lower())
    if reader is not None or not path.is_file():  # a pipe can be read only once
        return reader or read_text
    with path.open("rb") as file:
        beginning = file.read(max(map(len, _BEGINNINGS)))
    return _BEGINNINGS.get(beginning, read_text)
