"""Scanned pages and pictures are read by OCR, page by page, and say so."""

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.ocr import engine, listed_pages
from longshot.records import PageStart
from tests.reading.pdf_files import pdf_bytes


def picture(*lines: str) -> Image.Image:
    """Give a strip of a page that shows lines of text, as a scanner would see it."""
    document = pypdfium2.PdfDocument(pdf_bytes(list(lines)))
    page = document[0].render(scale=200 / 72).to_pil().convert("RGB")
    strip: Image.Image = page.crop((0, 80, page.width, 400))
    return strip


def saved(image: Image.Image, kind: str, *others: Image.Image) -> bytes:
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": others} if others else {}
    image.save(buffer, kind, **more)
    return buffer.getvalue()


def scanned_pdf(*pictures: Image.Image) -> bytes:
    return saved(pictures[0], "PDF", *pictures[1:])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_picture_is_read(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("rapidocr")
    path = tmp_path / "scan"
    path.write_bytes(saved(picture("The rent is due in May.", "It is paid."), kind))

    content = read_file(path)

    assert "The rent is due in May.\nIt is paid." == content.text
    assert ("is a picture, read by OCR",) == content.notes


def test_each_frame_of_a_picture_is_a_page(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    path = tmp_path / "fax.tiff"
    first, second = picture("The rent is due."), picture("It is paid.")
    path.write_bytes(saved(first, "TIFF", second))

    content = read_file(path)

    assert "The rent is due.\n\nIt is paid." == content.text
    assert (PageStart(1, 0), PageStart(2, 18)) == content.pages


def test_scanned_pages_of_a_pdf_are_read_and_told(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(picture("The rent is due."), picture("It is paid.")))

    content = read_file(path)

    assert "The rent is due.\n\nIt is paid." == content.text
    assert ("pages 1 to 2 are read by OCR",) == content.notes
    assert (1.0, 2) == (content.text_share, len(content.pages))


@pytest.mark.usefixtures("without_ocr")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.png", "is a picture (PNG): pip install 'longshot[ocr]' to read it"),
        (
            "a.pdf",
            "holds no text on its 1 pages: page 1 is a picture: "
            "pip install 'longshot[ocr]' to read it",
        ),
    ],
)
def test_without_the_extra_it_is_told_what_to_install(
    tmp_path: Path, name: str, told: str
) -> None:
    image = picture("The rent is due.")
    data = saved(image, "PNG") if name == "a.png" else scanned_pdf(image)
    (tmp_path / name).write_bytes(data)

    with pytest.raises(Unreadable) as raised:
        read_file(tmp_path / name)

    assert told == str(raised.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (saved(Image.new("RGB", (99, 99), "white"), "PNG"), "no text was found"),
        (saved(picture("rent"), "PNG")[:300], "is a broken picture"),
        (saved(Image.new("1", (20_000, 20_000)), "PNG"), "more than 100 million dots"),
    ],
)
def test_a_picture_without_text_says_why(
    tmp_path: Path, data: bytes, told: str
) -> None:
    pytest.importorskip("rapidocr")
    (tmp_path / "a.png").write_bytes(data)

    with pytest.raises(Unreadable, match=told):
        read_file(tmp_path / "a.png")


def test_the_same_picture_is_read_once() -> None:
    """A pile is read twice where a bar is shown: once to count it."""
    asked = []

    class Found:
        txts, scores = ("rent", "r#"), (0.9, 0.1)

    def recognise(pixels: np.ndarray) -> Found:
        asked.append(pixels.shape)
        return Found()

    from longshot.reading.ocr import Engine

    reads = Engine(recognise)
    pixels = np.zeros((3, 4, 3), dtype=np.uint8)

    assert [("rent", 1)] * 2 == [reads.read(pixels), reads.read(pixels.copy())]
    assert [(3, 4, 3)] == asked


def test_pages_are_named_in_a_line_of_bounded_length() -> None:
    assert "page 7" == listed_pages([7])
    assert "pages 1, 3 and 5 to 9" == listed_pages([1, 3, 5, 6, 7, 8, 9])
    assert listed_pages(range(1, 100, 2)).endswith(", 15 and 42 more")


def test_the_engine_is_made_once() -> None:
    assert engine() is engine()
