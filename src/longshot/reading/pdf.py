"""PDF becomes text, page by page, with pdfium (the reader inside Chrome)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longshot.reading.content import Content, Unreadable
from longshot.reading.pdf_streams import check_streams
from longshot.records import PageStart

_BETWEEN_PAGES = "\n\n"
_HYPHEN_AT_LINE_END = (
    "\ufffe"  # pdfium's sign for a word that it has put together again
)


def read_pdf(path: Path) -> Content:
    """Read the text of all pages, with an empty line between two pages.

    Pages without text, which are often scanned ones, are counted in a note.

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
        pages = [_page_text(document, index) for index in range(len(document))]
    finally:
        document.close()
    return _joined(pages)


def _reason(error: Any) -> str:
    import pypdfium2.raw

    if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return "is protected by a password"
    return f"is not a PDF, or a broken one ({error})"


def _page_text(document: Any, index: int) -> str | None:
    """Read one page; None where the page itself is broken."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return None
    try:
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
        text_page.close()
    except pypdfium2.PdfiumError:
        return None
    finally:
        page.close()
    return text.replace("\r\n", "\n").replace(_HYPHEN_AT_LINE_END, "").strip()


def _joined(pages: list[str | None]) -> Content:
    n_broken = pages.count(None)
    texts = [page for page in pages if page]
    n_without_text = len(pages) - n_broken - len(texts)
    if not texts:
        raise Unreadable(
            f"holds no text on its {len(pages)} pages: scanned, perhaps. "
            "Run it through text recognition (OCR)"
        )
    counts = ((n_without_text, "hold no text (scanned?)"), (n_broken, "are broken"))
    return Content(
        text=_BETWEEN_PAGES.join(texts),
        notes=tuple(f"{n} of {len(pages)} pages {what}" for n, what in counts if n),
        pages=tuple(_page_starts(pages)),
    )


def _page_starts(pages: list[str | None]) -> Iterator[PageStart]:
    """Tell where each page that has text begins in the joined text."""
    start = 0
    for number, page in enumerate(pages, start=1):
        if page:
            yield PageStart(number, start)
            start += len(page) + len(_BETWEEN_PAGES)
