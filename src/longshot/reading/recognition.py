"""Which kind of file it is, by what it holds; by its ending where that says nothing.

People rename files, and programs save pages as .doc and mails as .txt. So a signature
goes before the ending; the ending decides among texts, which have none.
"""

import mmap
import re
import zipfile
from pathlib import Path
from typing import Literal

from longshot.reading.kinds import FROM_LINE, HEAD_BYTES, is_email

Format = Literal[
    "docx",
    "excel",
    "html",
    "mail",
    "mailbox",
    "notebook",
    "opendocument",
    "outlook",
    "packed",
    "pdf",
    "picture",
    "powerpoint",
    "rtf",
    "epub",
    "subtitles",
    "tar",
    "tex",
    "word",
    "xml",
    "zip",
]

_BEGINNINGS: tuple[tuple[bytes, Format], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"\x1f\x8b", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ\0", "packed"),
)
_ENDINGS: dict[str, Format] = {
    ".docx": "docx",
    ".docm": "docx",
    ".eml": "mail",
    ".emlx": "mail",
    ".epub": "epub",
    ".fodp": "opendocument",
    ".fods": "opendocument",
    ".fodt": "opendocument",
    ".htm": "html",
    ".html": "html",
    ".ipynb": "notebook",
    ".ltx": "tex",
    ".mbox": "mailbox",
    ".odp": "opendocument",
    ".ods": "opendocument",
    ".odt": "opendocument",
    ".pdf": "pdf",
    ".pptx": "powerpoint",
    ".rtf": "rtf",
    ".srt": "subtitles",
    ".tar": "tar",
    ".tex": "tex",
    ".vtt": "subtitles",
    ".xhtml": "html",
    ".xlsx": "excel",
    ".xml": "xml",
    ".zip": "zip",
}
ENDINGS = tuple(_ENDINGS)
"""What the names of files of these kinds usually end in."""

# What a ZIP holds that is the file of an office program (ECMA-376, ISO/IEC 26300).
_ZIPPED: tuple[tuple[str, Format], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "excel"),
    ("xl/workbook.bin", "excel"),
    ("ppt/presentation.xml", "powerpoint"),
    ("META-INF/container.xml", "epub"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] section 2.2
# The streams that only these programs write, as the directory names them.
_STREAMS: tuple[tuple[str, Format], ...] = (
    ("__properties_version1.0", "outlook"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "powerpoint"),
    ("Workbook", "excel"),
)
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b"
)
_FLAT_OPENDOCUMENT = b"<office:document"
_TIMES = re.compile(rb"\d+\s*\n(?:\d+:)?\d+:\d\d[,.]\d{3} --> ")
_TEX = re.compile(rb"^[ \t]*\\document(?:class|style)\b", re.M)
_MARKS = (b"\xef\xbb\xbf",)


def format_of(path: Path) -> Format | None:
    """Tell a file's kind; None for a text, or what no reader is for.

    What can be read only once, a pipe, is told by its ending.
    """
    by_ending = _ENDINGS.get(path.suffix.lower())
    if not path.is_file():
        return by_ending
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path) or by_ending or "zip"
    if head.startswith(_OLE):
        return _with_streams(path) or by_ending
    if head[257:262] == b"ustar":
        return "tar"
    return _text(path, head) or by_ending


def _zipped(path: Path) -> Format | None:
    """Tell what a ZIP is by the files in it; None where its directory is broken."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "content.xml" in names and "mimetype" in names:
                return "opendocument"
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return None
    return next((found for name, found in _ZIPPED if name in names), "zip")


def _with_streams(path: Path) -> Format | None:
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        for name, found in _STREAMS:
            if data.find(name.encode("utf-16-le")) >= 0:
                return found
    return None


def _text(path: Path, head: bytes) -> Format | None:
    """Tell kinds of texts that begin as no other text does."""
    start = head
    for mark in _MARKS:
        start = start.removeprefix(mark)
    start = start.lstrip()
    if FROM_LINE.match(start):
        return "mailbox"
    if is_email(path, head):
        return "mail"
    if _HTML.match(start[:2_000].lower()):
        return "html"
    if start.startswith(b"<?xml"):
        is_flat = _FLAT_OPENDOCUMENT in head
        return "opendocument" if is_flat else _xml(head)
    if start.startswith(b"WEBVTT") or _TIMES.match(start.replace(b"\r", b"")):
        return "subtitles"
    if start.startswith(b"{") and b'"cell_type"' in head:
        return "notebook"
    return "tex" if _TEX.search(head) else None


def _xml(head: bytes) -> Format | None:
    return None if b"<svg" in head else "xml"
