"""Old and new office files, RTF, EPUB and TeX, read by kreuzberg.

It is one package of compiled Rust without others, and reads each of these kinds whole
and in order: docs/decisions/011-document-extractors.md has the comparison. Kinds that
its comparison shows another way for are read in the modules beside this one.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from longshot.errors import one_line
from longshot.reading.content import Content, Unreadable
from longshot.reading.extras import documents_extra
from longshot.reading.formats.office.package import check_size
from longshot.reading.formats.text import decode
from longshot.reading.limits import read_bytes

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POWERPOINT = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)
# What each is called for people, and as a type of media.
_KINDS: dict[str, tuple[str, str]] = {
    "epub": ("a book (EPUB)", "application/epub+zip"),
    "excel": ("a spreadsheet (XLSX)", _EXCEL),
    "excel, old": ("an old spreadsheet (XLS)", "application/vnd.ms-excel"),
    "powerpoint": ("a presentation (PPTX)", _POWERPOINT),
    "powerpoint, old": ("an old presentation (PPT)", "application/vnd.ms-powerpoint"),
    "rtf": ("an RTF file", "application/rtf"),
    "tex": ("a TeX file", "application/x-latex"),
    "word": ("an old Word file (DOC)", "application/msword"),
}
_MOST_SECONDS = 60
_STANDARD_ERROR = 2
# What Rust's runtime says of a panic, before Python hears of it as an exception.
_PANIC = re.compile(
    rb"\n?thread '[^\n]*' (?:\(\d+\) )?panicked at [^\n]*\n"
    rb"(?:[^\n]*\n)*?(?:note: [^\n]*\n)+"
)
_EXTRACTING = Lock()
_MARKUP_NOTE = "read with its markup"


def reader_of(kind: str) -> Callable[[Path], Content]:
    """Give the reader of a kind of file."""

    def read(path: Path) -> Content:
        data = read_bytes(path)
        is_zip = data.startswith(b"PK")
        if is_zip:
            check_size(path)
        elif f"{kind}, old" in _KINDS:
            return extracted(data, f"{kind}, old")
        return extracted(data, kind)

    return read


def read_tex(path: Path) -> Content:
    """Read TeX without its markup; with it, where the extra is not installed."""
    source = decode(read_bytes(path))
    try:
        content = extracted(source.text.encode(), "tex")
    except MissingKreuzbergError:
        note = f"{_MARKUP_NOTE}: pip install 'longshot[documents]' to read it without"
        return Content(text=source.text, notes=(*source.notes, note))
    return Content(text=content.text, notes=(*source.notes, *content.notes))


class MissingKreuzbergError(Unreadable):
    """The library is not installed."""


def extracted(data: bytes, kind: str) -> Content:
    """Take the text out of a file's bytes.

    Raises
    ------
    Unreadable
        If the library is not installed, or cannot read the file.
    """
    what, media_type = _KINDS[kind]
    try:
        import kreuzberg
    except ImportError as error:
        raise MissingKreuzbergError(documents_extra(what)) from error
    logging.getLogger("kreuzberg").setLevel(logging.CRITICAL)
    try:
        with _without_panics():
            found = kreuzberg.extract_bytes_sync(data, media_type, config=_config())
    except Exception as error:
        raise Unreadable(f"is {what} that cannot be read ({_told(error)})") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of Rust's is no Exception in Python
        raise Unreadable(
            f"is {what} that cannot be read: it is damaged. Open it in the program "
            "that made it, and save it again"
        ) from error
    return Content(text=found.content.strip())


@contextmanager
def _without_panics() -> Iterator[None]:
    """Keep what Rust says of a panic off standard error.

    Its runtime writes there by itself, past Python. What other threads write meanwhile
    comes when the file has been read.
    """
    with _EXTRACTING, tempfile.TemporaryFile() as kept:
        try:
            usual = os.dup(_STANDARD_ERROR)
        except OSError:  # there is none
            yield
            return
        os.dup2(kept.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(usual, _STANDARD_ERROR)
            kept.seek(0)
            if said := _PANIC.sub(b"", kept.read()):
                os.write(usual, said)
            os.close(usual)


def _config() -> Any:
    """Ask for all of the text: the library would leave out what repeats, and cache."""
    import kreuzberg

    without_ocr: dict[str, Any] = {"disable_ocr": True}  # its own types leave it out
    return kreuzberg.ExtractionConfig(
        **without_ocr,
        use_cache=False,
        enable_quality_processing=False,
        content_filter=kreuzberg.ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False
        ),
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
        extraction_timeout_secs=_MOST_SECONDS,
    )


def _told(error: BaseException) -> str:
    return one_line(str(error)) or type(error).__name__
