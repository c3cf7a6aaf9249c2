import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from longshot.reading.content import Unreadable
from longshot.reading.formats.office.docx import read_docx
from tests.broken_files import docx_bytes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lease.docx"


def test_paragraphs_and_tables_come_in_document_order(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Lease")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        table._cells, ["Rent", "1,000", "Térm", "5\nyears"], strict=True
    ):
        cell.text = text
    document.add_paragraph("Signed\ttoday")
    document.save(str(path))

    assert "Lease\nRent\t1,000\nTérm\t5\nyears\nSigned\ttoday" == read_docx(path).text


@pytest.mark.parametrize("level", [0, 1])
def test_a_title_by_its_style_is_put_before_what_stands_above_it(
    path: Path, level: int
) -> None:
    document = docx.Document()
    document.add_paragraph("Exhibit 10.1")
    document.add_heading("Office lease", level)
    document.add_heading("Rent", 2)
    document.save(str(path))

    assert "Office lease\nExhibit 10.1\nOffice lease\nRent" == read_docx(path).text


def test_the_first_of_several_headings_is_no_title(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Exhibit 10.1")
    document.add_heading("Rent", 1)
    document.add_heading("Term", 1)
    document.save(str(path))

    assert "Exhibit 10.1\nRent\nTerm" == read_docx(path).text


def test_a_table_inside_a_table_is_read_once(path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "outer"
    cell.add_table(rows=1, cols=2).cell(0, 1).text = "inner"
    document.save(str(path))

    assert ["outer", "inner"] == read_docx(path).text.split()


def test_merged_cells_are_read_once(path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "merged"
    document.save(str(path))

    assert "merged" == read_docx(path).text


def test_tracked_insertions_are_read_and_deletions_are_not(path: Path) -> None:
    document = docx.Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {nsdecls('w')}><w:r><w:t xml:space='preserve'>The </w:t></w:r>"
            "<w:del><w:r><w:delText>buyer</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>tenant</w:t></w:r></w:ins></w:p>"
        ),
    )
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r>"
            "<w:t>in a form</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    document.save(str(path))

    assert "The tenant\nin a form" == read_docx(path).text


def test_text_boxes_are_read_once(path: Path) -> None:
    """Word stores each text box twice, the second time for its old versions."""
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    document = docx.Document()
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {nsdecls('w')} xmlns:mc='{compatible}'><w:r><mc:AlternateContent>"
            f"<mc:Choice Requires='wps'>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        ),
    )
    document.save(str(path))

    assert ["boxed"] == read_docx(path).text.split()


def test_footnotes_follow_the_text(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("The rent is due.")
    footnotes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:id='1'><w:p><w:r>"
        "<w:t>In advance.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        footnotes.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(str(path))

    assert "The rent is due.\nIn advance." == read_docx(path).text


def with_body(path: Path, prologue: str, body: str) -> Path:
    """Write a DOCX whose main part is this XML."""
    with (
        zipfile.ZipFile(io.BytesIO(docx_bytes())) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            xml = (
                f"{prologue}<w:document {nsdecls('w')}><w:body><w:p><w:r>{body}"
                "</w:r></w:p></w:body></w:document>"
            )
            is_main = name == "word/document.xml"
            archive.writestr(name, xml.encode() if is_main else source.read(name))
    return path


def test_an_entity_is_shown_and_noted_and_the_text_goes_on(path: Path) -> None:
    with_body(
        path,
        "<!DOCTYPE w:document [<!ENTITY rent '1,000'>]>",
        "<w:t>The rent of &rent; is due</w:t><w:t> today.</w:t>",
    )

    content = read_docx(path)

    assert "The rent of \ufffd is due today." == content.text
    assert (
        "XML entities, which may stand for text, are not expanded: 1, each shown as "
        "\ufffd",
    ) == content.notes


def test_a_comment_does_not_cut_a_text(path: Path) -> None:
    with_body(path, "", "<w:t>The rent <!-- a thousand -->is<?x y?> due.</w:t>")

    assert "The rent is due." == read_docx(path).text


def test_a_docx_cut_short_is_refused(path: Path) -> None:
    path.write_bytes(docx_bytes()[:-100])

    with pytest.raises(Unreadable, match=r"^is not a DOCX, or is cut short"):
        read_docx(path)


def test_an_archive_that_is_no_docx_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.txt", "no document")

    with pytest.raises(Unreadable, match=r"^is a broken DOCX"):
        read_docx(path)


def test_a_docx_with_a_password_is_refused(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    with pytest.raises(Unreadable, match=r"^is protected by a password"):
        read_docx(path)


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked_beyond_it(
    path: Path,
) -> None:
    with (
        zipfile.ZipFile(io.BytesIO(docx_bytes())) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            body = source.read(name)
            archive.writestr(
                name, body + b" " * 60_000_000 * (name == "word/document.xml")
            )
        declared = archive.getinfo("word/document.xml").file_size
    data = path.read_bytes()
    path.write_bytes(
        data.replace(declared.to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    )

    with pytest.raises(Unreadable, match=r"^is a broken DOCX.*CRC"):
        read_docx(path)
