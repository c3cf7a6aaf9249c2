"""PDF becomes text, page by page, with pdfium (the reader inside Chrome).

A page without text is blank, or a picture of a page that someone scanned: then what it
says was not read, and the document's share of text says so.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.pdf_streams import check_streams
from longshot.records import PageStart

_BETWEEN_PAGES = "\n\n"
_HYPHEN_AT_LINE_END = (
    "\ufffe"  # pdfium's sign for a word that it has put together again
)
# A Bates number, "Page 3 of 9" or a date, stamped on a scan, are no text of the page.
_LONGEST_STAMP_CHARACTERS = 50
_SCAN_COVERS = 0.5  # of the page, at least: a logo above a few words is no scan

_Kind = Literal["text", "blank", "scanned", "broken"]


@dataclass(frozen=True, slots=True)
class _Page:
    kind: _Kind
    text: str = ""


def read_pdf(path: Path) -> Content:
    """Read the text of all pages, with an empty line between two pages.

    Scanned and broken pages are counted in a note, and as not read; blank ones hold
    nothing that could be.

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
        pages = [_page(document, index) for index in range(len(document))]
    finally:
        document.close()
    return _joined(pages)


def _reason(error: Any) -> str:
    import pypdfium2.raw

    if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return "is protected by a password"
    return f"is not a PDF, or a broken one ({error})"


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
        text_page.close()
        text = text.replace("\r\n", "\n").replace(_HYPHEN_AT_LINE_END, "").strip()
        return _Page(_kind(page, text), text)
    except pypdfium2.PdfiumError:
        return _Page("broken")
    finally:
        page.close()


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
    if not counts["text"]:
        raise Unreadable(_why_no_text(counts, len(pages)))
    told: tuple[tuple[_Kind, str], ...] = (
        ("scanned", "are pictures without text: scanned, perhaps"),
        ("broken", "are broken"),
    )
    return Content(
        text=_BETWEEN_PAGES.join(page.text for page in pages if page.text),
        pages=tuple(_page_starts(pages)),
        notes=tuple(
            f"{counts[kind]} of {len(pages)} pages {what}"
            for kind, what in told
            if counts[kind]
        ),
        text_share=counts["text"] / (len(pages) - counts["blank"]),
    )


def _why_no_text(counts: Counter[_Kind], n_pages: int) -> str:
    if counts["scanned"]:
        return (
            f"holds no text on its {n_pages} pages: scanned, perhaps. "
            "Run it through text recognition (OCR)"
        )
    if counts["broken"]:
        return f"holds no page that can be read: {counts['broken']} are broken"
    return f"holds nothing: its {n_pages} pages are blank"


def _page_starts(pages: Sequence[_Page]) -> Iterator[PageStart]:
    """Tell where each page that has text begins in the joined text."""
    start = 0
    for number, page in enumerate(pages, start=1):
        if page.text:
            yield PageStart(number, start)
            start += len(page.text) + len(_BETWEEN_PAGES)
