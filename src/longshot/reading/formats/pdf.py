"""PDF becomes text, page by page, with pdfium (the reader inside Chrome).

A page without text is blank, or a picture of a page that someone scanned. Such pages
are read by OCR where it is installed; else what they say was not read, and the
document's share of text says so.

A title that stands in larger letters behind other lines is put before them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot
from pathlib import Path
from typing import Any, Literal

import numpy as np

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.pdf_streams import check_streams
from longshot.reading.ocr import MOST_PAGES, OCR_EXTRA, Engine, engine, listed_pages
from longshot.reading.titles import SizedLine, beginning_with, title_of
from longshot.records import PageStart

_BETWEEN_PAGES = "\n\n"
_HYPHEN_AT_LINE_END = (
    "\ufffe"  # pdfium's sign for a word that it has put together again
)
# A Bates number, "Page 3 of 9" or a date, stamped on a scan, are no text of the page.
_LONGEST_STAMP_CHARACTERS = 50
_SCAN_COVERS = 0.5  # of the page, at least: a logo above a few words is no scan

_DOTS_PER_INCH = 200  # what OCR is made for; a PDF has 72 points to the inch
_MOST_SIDE_DOTS = 5_000  # A2 at 200 dpi; a larger page is shown smaller

_TITLE_WITHIN_PAGES = 3  # behind a cover

_Kind = Literal["text", "blank", "scanned", "broken", "recognised"]


@dataclass(frozen=True, slots=True)
class _Page:
    kind: _Kind
    text: str = ""
    n_faint: int = 0
    lines: tuple[SizedLine, ...] = ()


def read_pdf(path: Path) -> Content:
    """Read the text of all pages, with an empty line between two pages.

    Scanned pages without OCR and broken ones are named in a note, and count as not
    read; blank ones hold nothing that could be. A note names pages read by OCR.

    Raises
    ------
    Unreadable
        If the file is encrypted, broken, or without any text.
    """
    import pypdfium2

    check_streams(path)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(_reason(error)) from error
    try:
        pages = list(_pages(document))
    finally:
        document.close()
    return _joined(pages)


def _pages(document: Any) -> Iterator[_Page]:
    n_recognised = 0
    for index in range(len(document)):
        page = _page(document, index)
        if page.kind == "scanned" and n_recognised < MOST_PAGES:
            page = _recognised(document, index) or page
            n_recognised += page.kind == "recognised"
        yield page


def _recognised(document: Any, index: int) -> _Page | None:
    """Read a page by OCR; None where there is none, or it finds nothing."""
    reads: Engine | None = engine()
    if reads is None:
        return None
    page = document[index]
    try:
        longest = max(*page.get_size(), 1.0)
        scale = min(_DOTS_PER_INCH / 72, _MOST_SIDE_DOTS / longest)
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        text, n_faint = reads.read(np.asarray(bitmap.to_numpy())[:, :, :3])
        bitmap.close()
    except Exception:  # whatever a strange page meets there: it stays unread
        return None
    finally:
        page.close()
    return _Page("recognised", text, n_faint) if text else None


def _reason(error: Any) -> str:
    import pypdfium2.raw

    if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return "is protected by a password: save it without one"
    return f"is not a PDF, or a broken one ({error}): save it again"


def _page(document: Any, index: int) -> _Page:
    """Read one page, and tell what it is where it holds no text."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return _Page("broken")
    try:
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
        lines: tuple[SizedLine, ...] = ()
        if index < _TITLE_WITHIN_PAGES:
            lines = tuple(_sized_lines(text_page, text))
        text_page.close()
        text = text.replace("\r\n", "\n").replace(_HYPHEN_AT_LINE_END, "").strip()
        return _Page(_kind(page, text), text, lines=lines)
    except pypdfium2.PdfiumError:
        return _Page("broken")
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


def _kind(page: Any, text: str) -> _Kind:
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


def _joined(pages: list[_Page]) -> Content:
    counts = Counter(page.kind for page in pages)
    n_read = counts["text"] + counts["recognised"]
    if not n_read:
        raise Unreadable(_why_no_text(counts, pages))
    pages = list(_titled(pages))
    return Content(
        text=_BETWEEN_PAGES.join(page.text for page in pages if page.text),
        pages=tuple(_page_starts(pages)),
        notes=tuple(_notes(pages)),
        text_share=n_read / (len(pages) - counts["blank"]),
    )


def _titled(pages: Sequence[_Page]) -> Iterator[_Page]:
    """Put the title before the first page that has text."""
    title = title_of([page.lines for page in pages])
    for page in pages:
        if title and page.text:
            page, title = replace(page, text=beginning_with(title, page.text)), ""
        yield page


def _notes(pages: Sequence[_Page]) -> Iterator[str]:
    if scanned := _named(pages, "scanned"):
        yield f"{scanned} {_why_not_read(pages)}"
    if recognised := _named(pages, "recognised"):
        yield f"{recognised} read by OCR"
    if n_faint := sum(page.n_faint for page in pages):
        yield f"{n_faint} lines could not be made out by OCR"
    if broken := _named(pages, "broken"):
        yield f"{broken} broken"


def _named(pages: Sequence[_Page], kind: _Kind) -> str:
    """Name the pages of a kind, with the verb; empty where there are none."""
    numbers = [
        number for number, page in enumerate(pages, start=1) if page.kind == kind
    ]
    if not numbers:
        return ""
    return f"{listed_pages(numbers)} {'is' if len(numbers) == 1 else 'are'}"


def _why_not_read(pages: Sequence[_Page]) -> str:
    n = sum(page.kind == "scanned" for page in pages)
    pictures, them = ("a picture", "it") if n == 1 else ("pictures", "them")
    if engine() is None:
        return f"{pictures}: {OCR_EXTRA} {them}"
    if sum(page.kind == "recognised" for page in pages) >= MOST_PAGES:
        return f"{pictures}, and not read: OCR reads at most {MOST_PAGES}"
    return f"{pictures} in which OCR found no text"


def _why_no_text(counts: Counter[_Kind], pages: Sequence[_Page]) -> str:
    n_pages = len(pages)
    if counts["scanned"]:
        told = f"{_named(pages, 'scanned')} {_why_not_read(pages)}"
        return f"holds no text on its {n_pages} pages: {told}"
    if counts["broken"]:
        return (
            f"holds no page that can be read: {counts['broken']} are broken; save "
            "it again"
        )
    return f"has only blank pages ({n_pages})"


def _page_starts(pages: Sequence[_Page]) -> Iterator[PageStart]:
    """Tell where each page that has text begins in the joined text."""
    start = 0
    for number, page in enumerate(pages, start=1):
        if page.text:
            yield PageStart(number, start)
            start += len(page.text) + len(_BETWEEN_PAGES)
