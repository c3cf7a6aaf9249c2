"""Parts of a PDF: all of them or none, and no page is lost."""

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from longshot.errors import OutputError
from longshot.records import Document, PageStart
from longshot.report.packets import section_row, strips, write_parts
from longshot.report.packets.strip import place_of
from tests.packets.merged import merge
from tests.report.packets.sections import packet_of


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    path = tmp_path / "pile.pdf"
    merge(path, [[["one"], ["two"]], [["three"]], [["four"], ["five"]]])
    return path


def texts_of(path: Path) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        found = []
        for page in document:
            text_page = page.get_textpage()
            found.append(text_page.get_text_range().strip())
            text_page.close()
            page.close()
        return found
    finally:
        document.close()


def test_each_section_is_a_file_and_every_page_is_in_one(
    merged: Path, tmp_path: Path
) -> None:
    packet = packet_of(merged, [(1, 2, "lease"), (3, 3, None), (4, 5, "a/b: c")])
    paths = write_parts(packet, tmp_path)
    assert [path.name for path in paths] == [
        "pile-1-lease.pdf",
        "pile-2-none.pdf",
        "pile-3-a-b-c.pdf",
    ]
    assert [text for path in paths for text in texts_of(path)] == [
        "one",
        "two",
        "three",
        "four",
        "five",
    ]


def test_nothing_is_written_where_the_file_has_changed(
    merged: Path, tmp_path: Path
) -> None:
    packet = replace(packet_of(merged, [(1, 3, "a"), (4, 4, "b")]), n_pages=4)
    with pytest.raises(OutputError, match="must be the PDF that was read"):
        write_parts(packet, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["pile.pdf"]


def test_a_broken_pdf_is_told_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4\nnothing")
    packet = packet_of(broken, [(1, 1, "a")])
    with pytest.raises(OutputError, match="must be a PDF that can be divided"):
        write_parts(packet, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.pdf"]


def test_a_locked_place_leaves_no_part_of_the_file(
    merged: Path, tmp_path: Path
) -> None:
    packet = packet_of(merged, [(1, 2, "a"), (3, 5, "b")])
    (tmp_path / "pile-2-b.pdf").mkdir()  # where the second part is to go
    with pytest.raises(OutputError):
        write_parts(packet, tmp_path)
    assert not (tmp_path / "pile-1-a.pdf").exists()


def test_a_part_never_overwrites_its_source(tmp_path: Path) -> None:
    path = tmp_path / "pile-1-a.pdf"
    merge(path, [[["one"]]])
    packet = replace(
        packet_of(path, [(1, 1, "a")]),
        document=Document(
            id="pile.pdf", text="one", source=str(path), pages=(PageStart(1, 0),)
        ),
    )
    with pytest.raises(OutputError, match="must not overwrite"):
        write_parts(packet, tmp_path)


def test_a_text_has_no_parts(tmp_path: Path) -> None:
    packet = replace(packet_of(tmp_path / "none.txt", [(1, 1, "a")]), n_pages=None)
    assert write_parts(packet, tmp_path) == []


def test_bookmarks_stay_with_their_pages(merged: Path, tmp_path: Path) -> None:
    with pikepdf.open(merged, allow_overwriting_input=True) as whole:
        with whole.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Third", 2))
        whole.save(merged)
    packet = packet_of(merged, [(1, 2, "a"), (3, 5, "b")])
    _, second = write_parts(packet, tmp_path)
    with pikepdf.open(second) as part, part.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Third"]


def test_a_row_says_where_a_section_stands(merged: Path) -> None:
    packet = packet_of(merged, [(1, 2, "lease"), (3, 5, "report")])
    row = section_row(packet, packet.sections[1])
    assert list(row)[:8] == [
        "id",
        "file",
        "section",
        "first_page",
        "last_page",
        "start",
        "end",
        "label",
    ]
    assert (row["file"], row["section"], row["first_page"]) == ("pile.pdf", 2, 3)


def test_a_strip_names_each_section_and_escapes_what_came_in(merged: Path) -> None:
    packet = packet_of(merged, [(1, 2, "<b>"), (3, 5, None)])
    page = "".join(strips([packet], ["<b>"]))
    assert "<b>" not in page.replace("&lt;b&gt;", "")
    assert page.count("<rect") == 2
    assert "pages 1 to 2" in page
    assert "none of these" in page
    assert "".join(strips([], [])) == ""


def test_a_place_is_told_in_pages_or_in_characters(merged: Path) -> None:
    one, two = packet_of(merged, [(1, 1, "a"), (2, 5, "b")])
    assert (place_of(one), place_of(two)) == ("page 1", "pages 2 to 5")
    plain = replace(two, first_page=None, last_page=None, start=0, end=1200)
    assert place_of(plain) == "characters 0 to 1,200"
