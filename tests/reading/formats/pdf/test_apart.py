import sys
import zlib
from pathlib import Path

import pytest

from longshot.reading.formats.pdf.apart import pages_apart
from longshot.reading.formats.pdf.document import read_pdf
from tests.reading.pdf_files import assembled, pdf_bytes
from tests.reading.reading import read


def drawn_in_each_other(n_levels: int, n_each: int) -> bytes:
    """Show a drawing in which each shows the next one so many times."""
    below = "/XObject << /X {} 0 R >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
        f"/Resources << {below.format(6)} >> >>",
        "<< /Length 6 >>\nstream\n/X Do \nendstream",
    ]
    for level in range(n_levels):
        is_last = level == n_levels - 1
        drawing = "BT /F1 12 Tf (rent) Tj ET" if is_last else "/X Do " * n_each
        shown = "/Font << /F1 3 0 R >>" if is_last else below.format(7 + level)
        objects.append(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] "
            f"/Resources << {shown} >> /Length {len(drawing)} >>\n"
            f"stream\n{drawing}\nendstream"
        )
    return assembled(objects)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_drawings_that_unfold_without_end_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_bytes(["The rent"]))
    (tmp_path / "bomb.pdf").write_bytes(drawn_in_each_other(12, 10))
    (tmp_path / "c.pdf").write_bytes(drawn_in_each_other(3, 2))

    documents, (aside,) = read(tmp_path)

    assert ["a.pdf", "c.pdf"] == [one.id for one in documents]
    assert "rent" in documents[1].text
    assert "takes more than 60 s or too much memory, as a bomb does" in aside.reason


def test_pages_that_share_one_long_drawing_are_a_bomb(tmp_path: Path) -> None:
    line = "(The rent of the office is due.) Tj T* " * 10_000
    drawing = zlib.compress(f"BT /F1 1 Tf 1 TL 9 780 Td {line} ET".encode())
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
    page += "/Resources << /Font << /F1 3 0 R >> >> >>"
    n_pages = 100
    kids = " ".join(f"{5 + number} 0 R" for number in range(n_pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {n_pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Filter /FlateDecode /Length {len(drawing)} >>\nstream\n"
        f"{drawing.decode('latin-1')}\nendstream",
        *[page] * n_pages,
    ]
    (tmp_path / "a.pdf").write_bytes(assembled(objects, encoding="latin-1"))
    (tmp_path / "b.pdf").write_bytes(pdf_bytes(["The rent"]))

    (document,), (aside,) = read(tmp_path)

    assert ("b.pdf", "The rent") == (document.id, document.text)
    assert "unpacks to more than 20 times its size" in aside.reason


def test_a_reader_that_was_ended_is_started_again(pdf: Path) -> None:
    """Whoever stops in the middle of a file must not get its rest with the next."""
    pdf.write_bytes(pdf_bytes(["The lease"], ["It ends in May."]))
    next(pages := pages_apart(pdf))
    pages.close()

    assert "The lease\n\nIt ends in May." == read_pdf(pdf).text
