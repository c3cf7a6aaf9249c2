import sys
import zlib
from pathlib import Path

import pytest

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.pdf import read_pdf
from longshot.reading.formats.pdf_apart import pages_apart
from longshot.records import PageStart
from tests.broken_files import LOCKED_PDF
from tests.reading.reading import read

SCAN = "a picture of a page"


def pdf_bytes(*pages: list[str]) -> bytes:
    """Write a PDF by hand: ISO 32000-1, annex H.3, with one page per list of lines.

    The line ``SCAN`` is a picture as large as the page.
    """
    page_ids = [4 + 2 * index for index in range(len(pages))]
    kids = " ".join(f"{page_id} 0 R" for page_id in page_ids)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page_id, lines in zip(page_ids, pages, strict=True):
        shown = " ".join(f"({line}) Tj T*" for line in lines if line != SCAN)
        drawing = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        if SCAN in lines:
            picture = "BI /W 1 /H 1 /CS /G /BPC 8 ID A EI"
            drawing = f"q 612 0 0 792 0 0 cm {picture} Q {drawing}"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {page_id + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    return assembled(objects)


def assembled(objects: list[str], *, encoding: str = "utf-8") -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(f"{len(data):010d} 00000 n \n")
        data += f"{number} 0 obj\n{body}\nendobj\n".encode(encoding)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{''.join(offsets)}"
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + (table + end).encode()


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "lease.pdf"


def test_the_pages_are_read_in_order(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(["The lease", "begins today."], ["It ends in May."]))

    content = read_pdf(pdf)

    assert "The lease\nbegins today.\n\nIt ends in May." == content.text
    assert (PageStart(1, 0), PageStart(2, 25)) == content.pages


def sized(line: str, points: int) -> str:
    """Give a line in letters of another size, and what follows in the usual one."""
    return f") Tj T* /F1 {points} Tf ({line}) Tj T* /F1 12 Tf ("


def test_a_title_in_larger_letters_is_put_before_what_stands_above_it(
    pdf: Path,
) -> None:
    first = ["Exhibit 10.1", sized("LEASE", 20), "The tenant pays the rent."]
    pdf.write_bytes(pdf_bytes(first, ["It ends in May."]))

    content = read_pdf(pdf)

    lines = [line for line in content.text.splitlines() if line]
    assert ["LEASE", "Exhibit 10.1", "LEASE", "The tenant pays the rent."] == lines[:4]
    second = content.pages[1]
    assert (2, "It ends in May.") == (second.number, content.text[second.start :])


def test_a_title_is_found_where_letters_are_made_larger_by_a_matrix(pdf: Path) -> None:
    large = ") Tj 2 0 0 2 72 600 Tm (LEASE) Tj 1 0 0 1 72 560 Tm ("
    pdf.write_bytes(pdf_bytes(["Exhibit 10.1", large, "The tenant pays the rent."]))

    assert read_pdf(pdf).text.startswith("LEASE\nExhibit 10.1\n")


POSTER = "All of a poster is in large letters "


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([sized("LEASE", 20), "The tenant pays."], "LEASE The tenant pays."),
        (["Exhibit 1", sized("LEASE", 13), "It ends."], "Exhibit 1 LEASE It ends."),
        (["To let", *[sized(POSTER, 20)] * 9, "Now. " * 99], f"To let {POSTER * 9}"),
    ],
    ids=["it stands first", "hardly larger", "too long"],
)
def test_what_is_no_title_behind_other_lines_is_put_nowhere(
    pdf: Path, lines: list[str], text: str
) -> None:
    pdf.write_bytes(pdf_bytes(lines))

    assert " ".join(read_pdf(pdf).text.split()).startswith(text.strip())


def test_pages_keep_their_numbers_past_those_without_text(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(["The lease"], [], ["ends."]))

    content = read_pdf(pdf)

    assert [(1, 0), (3, 11)] == [*content.pages]
    assert "ends." == content.text[11:]


def test_a_word_broken_at_the_end_of_a_line_is_put_together(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(["The agree-", "ment ends."]))

    assert "The agreement ends." == read_pdf(pdf).text


@pytest.mark.usefixtures("without_ocr")
def test_scanned_pages_count_as_not_read(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(["The lease"], *[[SCAN]] * 9))

    content = read_pdf(pdf)

    told = "pages 2 to 10 are pictures: pip install 'longshot[ocr]' to read them"
    assert (0.1, (told,)) == (content.text_share, content.notes)


def test_a_blank_page_is_no_scanned_one(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(["The lease"], [], []))

    assert Content(text="The lease", pages=(PageStart(1, 0),)) == read_pdf(pdf)


def test_a_stamp_on_a_scan_is_kept_and_is_no_text_of_the_page(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(["The lease"], [SCAN, "Page 2 of 2"]))

    content = read_pdf(pdf)

    assert ("The lease\n\nPage 2 of 2", 0.5) == (content.text, content.text_share)


def test_a_scan_with_the_text_recognised_in_it_is_read(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes([SCAN, *["The tenant pays the rent."] * 9]))

    assert (1.0, ()) == (read_pdf(pdf).text_share, read_pdf(pdf).notes)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LOCKED_PDF, "is protected by a password"),
        (pdf_bytes([SCAN], []), "holds no text on its 2 pages: page 1 is a picture"),
        (pdf_bytes([SCAN, "AB 17"]), "holds no text on its 1 pages: page 1 is a pic"),
        (pdf_bytes([], []), "has only blank pages"),
        (b"%PDF-1.4 and then nothing", "is not a PDF, or a broken one"),
        (pdf_bytes(["The lease"])[:200], "is not a PDF, or a broken one"),
        (b"", "is not a PDF, or a broken one"),
    ],
)
@pytest.mark.usefixtures("without_ocr")
def test_what_cannot_be_read_says_why(pdf: Path, data: bytes, reason: str) -> None:
    pdf.write_bytes(data)

    with pytest.raises(Unreadable, match=f"^{reason}"):
        read_pdf(pdf)


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


def test_a_pdf_of_many_pages_is_read_to_its_end(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(*([f"The rent of page {n}"] for n in range(2_000))))

    content = read_pdf(pdf)

    assert 2_000 == len(content.pages)
    assert content.text.endswith("The rent of page 1999")


def test_a_reader_that_was_ended_is_started_again(pdf: Path) -> None:
    """Whoever stops in the middle of a file must not get its rest with the next."""
    pdf.write_bytes(pdf_bytes(["The lease"], ["It ends in May."]))
    next(pages := pages_apart(pdf))
    pages.close()

    assert "The lease\n\nIt ends in May." == read_pdf(pdf).text
