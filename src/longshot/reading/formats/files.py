"""One file becomes one document's content: which reader reads which kind."""

from collections.abc import Callable
from pathlib import Path

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.markup.html import read_html
from longshot.reading.formats.markup.xml import read_xml
from longshot.reading.formats.notebook import read_notebook
from longshot.reading.formats.office.docx import read_docx
from longshot.reading.formats.office.extractor import read_tex, reader_of
from longshot.reading.formats.office.opendocument import read_opendocument
from longshot.reading.formats.pdf.document import read_pdf
from longshot.reading.formats.picture import read_picture
from longshot.reading.formats.subtitles import read_subtitles
from longshot.reading.formats.text import read_text
from longshot.reading.recognition import ENDINGS as _KNOWN
from longshot.reading.recognition import Format, format_of

_READERS: dict[Format, Callable[[Path], Content]] = {
    "docx": read_docx,
    "epub": reader_of("epub"),
    "excel": reader_of("excel"),
    "html": read_html,
    "notebook": read_notebook,
    "opendocument": read_opendocument,
    "pdf": read_pdf,
    "picture": read_picture,
    "powerpoint": reader_of("powerpoint"),
    "rtf": reader_of("rtf"),
    "subtitles": read_subtitles,
    "tex": read_tex,
    "word": reader_of("word"),
    "xml": read_xml,
}

ENDINGS = (*_KNOWN, ".doc", ".md", ".ppt", ".txt", ".xls")
"""What the names of documents usually end in."""


def read_file(path: Path) -> Content:
    """Read one file; one of no known kind is read as text.

    Raises
    ------
    Unreadable
        If it is empty, broken, binary, or cannot be opened; and if it holds others.
    """
    try:
        check_there(path)
        found = format_of(path)
        reader = read_text if found is None else _READERS.get(found, read_text)
        return reader(path)
    except OSError as error:
        raise Unreadable(f"cannot be opened ({error.strerror or error})") from error


def check_there(path: Path) -> None:
    """Refuse a file that is not there, or empty.

    Raises
    ------
    Unreadable
        If it is so.
    """
    if not path.exists():
        raise Unreadable("does not exist, or is a link that leads nowhere")
    if path.is_file() and path.stat().st_size == 0:
        raise Unreadable("is empty")
