"""PDF becomes text, page by page, with pdfium (the reader inside Chrome).

A page without text is blank, or a picture of a page that someone scanned. Such pages
are read by OCR where it is installed; else what they say was not read, and the
document's share of text says so.

A title that stands in larger letters behind other lines is put before them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.pdf.apart import Kind, Page, pages_apart
from longshot.reading.formats.pdf.streams import check_streams
from longshot.reading.limits import limits
from longshot.reading.ocr import MOST_PAGES, OCR_EXTRA, Engine, engine, listed_pages
from longshot.reading.titles import beginning_with, title_of
from longshot.records import PageStart

_BETWEEN_PAGES = "\n\n"
_DOTS_PER_INCH = 200  # what OCR is made for; a PDF has 72 points to the inch
_MOST_SIDE_DOTS = 5_000  # A2 at 200 dpi; a larger page is shown smaller


def read_pdf(path: Path) -> Content:
    """Read the text of all pages, with an empty line between two pages.

    Scanned pages without OCR and broken ones are named in a note, and count as not
    read; blank ones hold nothing that could be. A note names pages read by OCR.

    Raises
    ------
    Unreadable
        If the file is encrypted, broken, without any text, or a bomb.
    """
    check_streams(path)
    with closing(pages_apart(path)) as found:
        pages = list(_bounded(found, path))
    if any(page.kind == "scanned" for page in pages) and engine() is not None:
        pages = list(_with_recognised(pages, path))
    return _joined(pages)


def _bounded(pages: Iterator[Page], path: Path) -> Iterator[Page]:
    """Give pages, whose text must not grow without end: they may share one drawing."""
    allowed, packed, n_characters = limits(), path.stat().st_size, 0
    for page in pages:
        n_characters += len(page.text)
        allowed.check_pdf(n_characters, packed)
        yield page


def _with_recognised(pages: Sequence[Page], path: Path) -> Iterator[Page]:
    """Read scanned pages by OCR, as long as they are not too many."""
    import pypdfium2

    n_recognised = 0
    with pypdfium2.PdfDocument(path) as document:
        for index, page in enumerate(pages):
            if page.kind == "scanned" and n_recognised < MOST_PAGES:
                page = _recognised(document, index) or page
                n_recognised += page.kind == "recognised"
            yield page


def _recognised(document: Any, index: int) -> Page | None:
    """Read a page by OCR; None where it finds nothing."""
    reads: Engine | None = engine()
    assert reads is not None
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
    return Page("recognised", text, n_faint=n_faint) if text else None


def _joined(pages: list[Page]) -> Content:
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


def _titled(pages: Sequence[Page]) -> Iterator[Page]:
    """Put the title before the first page that has text."""
    title = title_of([page.lines for page in pages])
    for page in pages:
        if title and page.text:
            page, title = page._replace(text=beginning_with(title, page.text)), ""
        yield page


def _notes(pages: Sequence[Page]) -> Iterator[str]:
    if scanned := _named(pages, "scanned"):
        yield f"{scanned} {_why_not_read(pages)}"
    if recognised := _named(pages, "recognised"):
        yield f"{recognised} read by OCR"
    if n_faint := sum(page.n_faint for page in pages):
        yield f"{n_faint} lines could not be made out by OCR"
    if broken := _named(pages, "broken"):
        yield f"{broken} broken"


def _named(pages: Sequence[Page], kind: Kind) -> str:
    """Name the pages of a kind, with the verb; empty where there are none."""
    numbers = [
        number for number, page in enumerate(pages, start=1) if page.kind == kind
    ]
    if not numbers:
        return ""
    return f"{listed_pages(numbers)} {'is' if len(numbers) == 1 else 'are'}"


def _why_not_read(pages: Sequence[Page]) -> str:
    n = sum(page.kind == "scanned" for page in pages)
    pictures, them = ("a picture", "it") if n == 1 else ("pictures", "them")
    if engine() is None:
        return f"{pictures}: {OCR_EXTRA} {them}"
    if sum(page.kind == "recognised" for page in pages) >= MOST_PAGES:
        return f"{pictures}, and not read: OCR reads at most {MOST_PAGES}"
    return f"{pictures} in which OCR found no text"


def _why_no_text(counts: Counter[Kind], pages: Sequence[Page]) -> str:
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


def _page_starts(pages: Sequence[Page]) -> Iterator[PageStart]:
    """Tell where each page that has text begins in the joined text."""
    start = 0
    for number, page in enumerate(pages, start=1):
        if page.text:
            yield PageStart(number, start)
            start += len(page.text) + len(_BETWEEN_PAGES)
