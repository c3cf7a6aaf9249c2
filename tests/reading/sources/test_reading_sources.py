import os
from pathlib import Path

import pytest

from longshot.errors import ReadingError
from longshot.reading import read_documents
from longshot.records import Document, SetAside
from tests.reading.reading import read


def put(folder: Path, **files: str | bytes) -> Path:
    """Write files; `__` in a name stands for a folder, `_` for the dot of an ending."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_a_folder_is_read_recursively_and_sorted_by_path(tmp_path: Path) -> None:
    put(tmp_path, b_txt="b", a__z_md="# z", a__b__c_html="<p>c</p>", C_txt="C")

    documents, set_aside = read(tmp_path)

    assert ["C.txt", "a/b/c.html", "a/z.md", "b.txt"] == [item.id for item in documents]
    assert ["C", "c", "# z", "b"] == [item.text for item in documents]
    assert str(tmp_path / "a/b/c.html") == documents[1].source
    assert [] == set_aside


def test_one_file_is_one_document_named_after_it(tmp_path: Path) -> None:
    put(tmp_path, lease_txt="The rent.\r\nIt is due.")
    source = tmp_path / "lease.txt"

    assert [
        Document(id="lease.txt", text="The rent.\r\nIt is due.", source=str(source))
    ] == list(read_documents(str(source)))


def test_a_text_is_a_text_whatever_its_ending(tmp_path: Path) -> None:
    put(tmp_path, README="read me", code_py="print()")

    assert ["README", "code.py"] == [item.id for item in read(tmp_path)[0]]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, _DS_Store=b"\0\1", _git__config="x", lease_txt="The rent.")

    documents, set_aside = read(tmp_path)

    assert ["lease.txt"] == [item.id for item in documents]
    assert [] == set_aside


def test_a_table_in_a_folder_is_read_row_by_row(tmp_path: Path) -> None:
    put(tmp_path, more__pile_csv="id,text\nx,one\ny,two\n", lease_txt="The rent.")

    documents, _ = read(tmp_path)

    assert ["lease.txt", "more/pile.csv#x", "more/pile.csv#y"] == [
        item.id for item in documents
    ]


def test_a_table_that_fails_as_a_whole_does_not_stop_the_folder(tmp_path: Path) -> None:
    put(tmp_path, a_csv="id,body\n1,one\n", b_txt="b")

    documents, set_aside = read(tmp_path)

    assert ["b.txt"] == [item.id for item in documents]
    assert [
        SetAside(
            id="a.csv",
            source=str(tmp_path / "a.csv"),
            reason='cannot be read as a table: DOCUMENTS must have a column "text"; '
            "a.csv has: id, body. Choose it with --text-column",
        )
    ] == set_aside


@pytest.mark.usefixtures("without_ocr")
def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    put(
        tmp_path,
        a_txt="",
        b_txt=" " * 1_000_000,
        c_png=b"\x89PNG\r\n\x1a\n\0\0\0",
        d_pdf=b"%PDF-",
        e_docx=b"PK",
        f_html="<html></html>",
        good_txt="good",
    )
    (tmp_path / "g.txt").symlink_to(tmp_path / "nowhere")

    documents, set_aside = read(tmp_path)

    assert ["good.txt"] == [item.id for item in documents]
    assert {
        "a.txt": "is empty",
        "b.txt": "holds only white space",
        "c.png": "is a picture (PNG): pip install 'longshot[ocr]' to read it",
        "d.pdf": "is not a PDF, or a broken one (Failed to load document "
        "(PDFium: Data format error).): save it again",
        "e.docx": "is not a DOCX, or is cut short: save it again as DOCX",
        "f.html": "holds no text",
        "g.txt": "does not exist, or is a link that leads nowhere",
    } == {item.id: item.reason for item in set_aside}


def test_without_a_listener_the_first_unreadable_file_raises(tmp_path: Path) -> None:
    put(tmp_path, a_txt="good", b_txt="")
    documents = read_documents(tmp_path)

    assert "good" == next(documents).text
    with pytest.raises(ReadingError) as raised:
        next(documents)
    assert (
        f"every document must be readable; {tmp_path / 'b.txt'} is empty. "
        "Fix it or remove it." == str(raised.value)
    )


def test_a_folder_that_links_back_to_itself_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, a__lease_txt="The rent.")
    (tmp_path / "a" / "up").symlink_to(tmp_path)

    assert ["a/lease.txt"] == [item.id for item in read(tmp_path)[0]]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert ["is neither a file nor a folder"] == [
        item.reason for item in read(tmp_path)[1]
    ]


def test_a_name_that_is_no_unicode_gets_an_id_that_is(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text("x")

    assert ["caf\ufffd.txt"] == [item.id for item in read(tmp_path)[0]]


def test_a_source_that_does_not_exist_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "nowhere"

    with pytest.raises(ReadingError) as raised:
        read_documents(path)

    assert f"DOCUMENTS must exist; there is no {path}. Check the path." == str(
        raised.value
    )


@pytest.mark.parametrize("source", ["a\0b", "x" * 10_000])
def test_a_name_that_cannot_exist_is_told(source: str) -> None:
    with pytest.raises(ReadingError, match="Check the path"):
        read_documents(source)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, _hidden="x")

    with pytest.raises(ReadingError, match="must hold at least one file to read"):
        read(tmp_path)
