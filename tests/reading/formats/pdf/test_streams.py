import zlib
from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.pdf.document import read_pdf
from tests.reading.pdf_files import assembled


def packed_pdf(n_bytes: int, kind: str) -> bytes:
    """Write a PDF with a page that shows a text, and a stream that packs well."""
    packed = zlib.compress(b" " * n_bytes, 9).decode("latin-1")
    drawing = "BT /F1 12 Tf 72 720 Td (The lease) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources "
        "<< /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        f"<< {kind} /Filter /FlateDecode /Length {len(packed)} >>\n"
        f"stream\n{packed}\nendstream",
    ]
    return assembled(objects, encoding="latin-1")


def test_a_stream_that_is_a_bomb_is_refused(pdf: Path) -> None:
    pdf.write_bytes(packed_pdf(21_000_000, ""))

    with pytest.raises(Unreadable, match="a zip bomb"):
        read_pdf(pdf)


@pytest.mark.parametrize(
    ("n_bytes", "kind"), [(21_000_000, "/Subtype /Image"), (9_000_000, "")]
)
def test_blank_images_and_small_streams_are_none(
    pdf: Path, n_bytes: int, kind: str
) -> None:
    pdf.write_bytes(packed_pdf(n_bytes, kind))

    assert "The lease" == read_pdf(pdf).text
