"""Pages of a PDF are read by pdfium in a process of its own, held to time and memory.

A drawing may show others, each of which shows others again: two kilobytes so unfold to
as much memory as there is, and pdfium has no bound for it. A page that takes too much,
and a file that ends the process, is the end of that process alone: the next file gets
another. One process reads the files of a run one after the other.

It gets a line of JSON for each file, and answers with one for each page, then with
null.
"""

import atexit
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from math import hypot
from pathlib import Path
from threading import RLock
from typing import Any, Literal, NamedTuple

from longshot.reading.content import Unreadable
from longshot.reading.limits import LIMIT_VARIABLE, limits
from longshot.reading.titles import SizedLine

Kind = Literal["text", "blank", "scanned", "broken", "recognised"]

_HYPHEN_AT_LINE_END = (
    "\ufffe"  # pdfium's sign for a word that it has put together again
)
# A Bates number, "Page 3 of 9" or a date, stamped on a scan, are no text of the page.
_LONGEST_STAMP_CHARACTERS = 50
_SCAN_COVERS = 0.5  # of the page, at least: a logo above a few words is no scan
_TITLE_WITHIN_PAGES = 3  # behind a cover

_MOST_SECONDS = 60
"""For a page; those of maps and plans take a few seconds."""

_MOST_BYTES = 768 << 20
_MOST_TIMES = 8
"""Of memory that the process may ask for, and so many times the file's size: 100,000
pages in 113 MB take 470 MB, one page of two million letters 660 MB."""

_SERVE = f"from {__name__} import serve; serve()"

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Each thread of a matrix library's would ask for memory that nobody needs here."""


class Page(NamedTuple):
    """A page, and what it is where it holds no text.

    Attributes
    ----------
    kind
        What it is.
    text
        What stands on it.
    lines
        The same with the size of letters, of the first pages.
    n_faint
        How many lines OCR could not make out.
    """

    kind: Kind
    text: str = ""
    lines: tuple[SizedLine, ...] = ()
    n_faint: int = 0


def pages_apart(path: Path) -> Generator[Page]:
    """Read all pages of a file.

    Raises
    ------
    Unreadable
        If it cannot be opened, or takes too much.
    """
    with _ALONE:
        yield from _Reader.of_this_process().pages(str(path.absolute()))


_ALONE = RLock()  # pdfium serves one thread at a time


class _Reader:
    """The other process."""

    _running: "_Reader | None" = None

    def __init__(self) -> None:
        self.process = os.getpid()
        # Not the folder that one works in: what lies there is for nobody to import.
        places = os.pathsep.join(filter(None, sys.path))
        self._other = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ONE_THREAD | {"PYTHONPATH": places},
            encoding="ascii",
        )
        assert self._other.stdin is not None
        assert self._other.stdout is not None
        self._questions, self._answers = self._other.stdin, self._other.stdout

    @classmethod
    def of_this_process(cls) -> "_Reader":
        """Give the one that runs; one that another process started is left to it."""
        if cls._running is None or cls._running.process != os.getpid():
            cls._running = cls()
            atexit.register(cls._running.end)
        return cls._running

    def pages(self, path: str) -> Iterator[Page]:
        """Ask for a file, and give its pages as they come."""
        asked = {"path": path, "bounded": limits().most_ratio is not None}
        has_ended = False
        try:
            print(json.dumps(asked), file=self._questions, flush=True)
            while line := self._answers.readline():
                answer = json.loads(line)
                if has_ended := answer is None or isinstance(answer, str):
                    break
                kind, text, lines = answer
                yield Page(kind, text, tuple(SizedLine(*one) for one in lines))
        except BrokenPipeError:
            pass
        finally:
            if not has_ended:  # it is gone, or goes on with what nobody waits for
                self.end()
        if not has_ended:
            raise Unreadable(_TOO_MUCH)
        if answer is not None:
            raise Unreadable(answer)

    def end(self) -> None:
        """End it, whatever it does."""
        if self.process != os.getpid():
            return
        atexit.unregister(self.end)
        _Reader._running = None
        self._other.kill()
        self._other.wait()
        self._answers.close()
        with suppress(BrokenPipeError):
            self._questions.close()


_TOO_MUCH = (
    f"has a page that takes more than {_MOST_SECONDS} s or too much memory, as a bomb "
    f"does: leave it out, or set {LIMIT_VARIABLE} to read it anyway"
)


def serve() -> None:
    """Answer until nobody asks any more."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is meant for who asks
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever a library prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        found = _answers(asked["path"])
        _bound_memory(asked["path"], asked["bounded"])
        for answer in _in_time(found) if asked["bounded"] else found:
            print(json.dumps(answer), file=answers)
        answers.flush()


def _in_time(answers: Iterator[Any]) -> Iterator[Any]:
    """End the process where an answer takes too long, even within a library."""
    import faulthandler

    begun = -1.0
    try:
        while True:
            if (now := time.monotonic()) - begun > 1.0:  # it takes a thread each time
                faulthandler.dump_traceback_later(_MOST_SECONDS, exit=True)
                begun = now
            try:
                yield next(answers)
            except StopIteration:
                return
    finally:
        faulthandler.cancel_dump_traceback_later()


def _bound_memory(path: str, is_bounded: bool) -> None:
    try:
        import resource
    except ImportError:  # there is none on Windows: time alone is bounded
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    asked = most
    if is_bounded and os.path.isfile(path):
        asked = _MOST_BYTES + _MOST_TIMES * os.path.getsize(path)
        asked = asked if most == resource.RLIM_INFINITY else min(asked, most)
    resource.setrlimit(resource.RLIMIT_AS, (asked, most))


def _answers(path: str) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        yield _reason(error)
        return
    try:
        for index in range(len(document)):
            page = _page(document, index)
            yield page.kind, page.text, page.lines
    finally:
        document.close()
    yield None


def _reason(error: Any) -> str:
    import pypdfium2.raw

    if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return "is protected by a password: save it without one"
    return f"is not a PDF, or a broken one ({error}): save it again"


def _page(document: Any, index: int) -> Page:
    """Read one page, and tell what it is where it holds no text."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return Page("broken")
    try:
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
        lines: tuple[SizedLine, ...] = ()
        if index < _TITLE_WITHIN_PAGES:
            lines = tuple(_sized_lines(text_page, text))
        text_page.close()
        text = text.replace("\r\n", "\n").replace(_HYPHEN_AT_LINE_END, "").strip()
        return Page(_kind(page, text), text, lines)
    except pypdfium2.PdfiumError:
        return Page("broken")
    finally:
        page.close()


def _sized_lines(text_page: Any, text: str) -> Iterator[SizedLine]:
    """Give the lines of a page with the size of the letter in the middle of each."""
    from pypdfium2 import raw

    start, matrix = 0, raw.FS_MATRIX()
    for line in text.split("\n"):
        middle = start + len(line) // 2
        start += len(line) + 1
        if line.strip():
            size = raw.FPDFText_GetFontSize(text_page, middle)
            if raw.FPDFText_GetMatrix(text_page, middle, matrix):
                size *= hypot(matrix.c, matrix.d)
            shown = line.strip().replace(_HYPHEN_AT_LINE_END, "")
            yield SizedLine(shown, round(size, 1))


def _kind(page: Any, text: str) -> Kind:
    if len(text) > _LONGEST_STAMP_CHARACTERS:
        return "text"
    pictures = _picture_shares(page)
    if text:
        return "scanned" if max(pictures, default=0.0) >= _SCAN_COVERS else "text"
    return "scanned" if pictures else "blank"


def _picture_shares(page: Any) -> list[float]:
    """Give the share of the page that each of its pictures covers."""
    import pypdfium2.raw

    width, height = page.get_size()
    shares = []
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        shares.append((right - left) * (top - bottom) / max(width * height, 1e-9))
    return shares
