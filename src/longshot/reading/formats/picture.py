"""A picture of a page (PNG, JPEG, TIFF) becomes text, where there is OCR."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from longshot.errors import first_line
from longshot.reading.content import Content, Unreadable
from longshot.reading.kinds import kind_of
from longshot.reading.limits import read_bytes
from longshot.reading.ocr import MOST_PAGES, OCR_EXTRA, Engine, engine, listed_pages
from longshot.records import PageStart

_MOST_PIXELS = 100_000_000  # A3 at 600 dpi: 70 million
_TOO_LARGE = (
    f"is a picture of more than {_MOST_PIXELS // 10**6} million dots: save it smaller"
)
_BETWEEN_PAGES = "\n\n"


def read_picture(path: Path) -> Content:
    """Read the text in a picture; each frame of a TIFF is a page.

    Raises
    ------
    Unreadable
        If there is no OCR, or no text, or the picture is broken or too large.
    """
    reads = engine()
    if reads is None:
        kind = kind_of(path, read_bytes(path))
        raise Unreadable(f"is {kind.what if kind else 'a picture'}: {OCR_EXTRA} it")
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own limits: ours are below
            with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as image:
                texts, n_faint, n_pages = _texts(image, reads)
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        raise Unreadable(_TOO_LARGE) from error
    except Exception as error:  # Pillow lets struct's, index and other errors through
        raise Unreadable(f"is a broken picture ({first_line(error)})") from error
    return _joined(texts, n_faint, n_pages)


def _texts(image: Any, reads: Engine) -> tuple[list[str], int, int]:
    texts, n_faint = [], 0
    n_pages = int(getattr(image, "n_frames", 1))
    for frame in _frames(image, min(n_pages, MOST_PAGES)):
        text, faint = reads.read(np.asarray(frame.convert("RGB"), dtype=np.uint8))
        texts.append(text)
        n_faint += faint
    return texts, n_faint, n_pages


def _frames(image: Any, n_pages: int) -> Iterator[Any]:
    for index in range(n_pages):
        if n_pages > 1:
            image.seek(index)
        if image.width * image.height > _MOST_PIXELS:
            raise Unreadable(_TOO_LARGE)
        yield image


def _joined(texts: list[str], n_faint: int, n_pages: int) -> Content:
    if not any(texts):
        raise Unreadable("is a picture in which no text was found")
    starts, place = [], 0
    for number, text in enumerate(texts, start=1):
        if text:
            starts.append(PageStart(number, place))
            place += len(text) + len(_BETWEEN_PAGES)
    notes = ["is a picture, read by OCR"]
    if n_faint:
        notes.append(f"{n_faint} of its lines could not be made out by OCR")
    if n_pages > len(texts):
        beyond = listed_pages(range(len(texts) + 1, n_pages + 1))
        notes.append(f"{beyond} were not read: OCR reads at most {MOST_PAGES}")
    return Content(
        text=_BETWEEN_PAGES.join(filter(None, texts)),
        pages=tuple(starts) if n_pages > 1 else (),
        notes=tuple(notes),
        text_share=len(texts) / n_pages,
    )
