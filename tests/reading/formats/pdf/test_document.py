from pathlib import Path

import pytest

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.pdf.document import read_pdf
from longshot.records import PageStart
from tests.broken_files import LOCKED_PDF
from tests.reading.pdf_files import SCAN, pdf_bytes


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


def test_a_pdf_of_many_pages_is_read_to_its_end(pdf: Path) -> None:
    pdf.write_bytes(pdf_bytes(*([f"The rent of page {n}"] for n in range(2_000))))

    content = read_pdf(pdf)

    assert 2_000 == len(content.pages)
    assert content.text.endswith("The rent of page 1999")
