"""Uploaded files: saved under safe names, read in a process with limits."""

import io
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from longshot.errors import ReadingError
from longshot.project.exchange.base import Received
from longshot.project.exchange.importing import read_form
from longshot.records import Document, SetAside
from longshot.server import ServerSettings
from longshot.server.uploads import read_import, read_uploads, save_upload
from longshot.server.uploads.reading import ReadingProcess
from longshot.server.uploads.saving import safe_name


def read(
    folder: Path, settings: ServerSettings | None = None
) -> tuple[list[Document], list[SetAside]]:
    set_aside: list[SetAside] = []
    read = read_uploads(
        folder, settings or ServerSettings(), on_set_aside=set_aside.append
    )
    return list(read), set_aside


def test_files_are_read_as_the_library_reads_them(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("The rent is due.")
    (tmp_path / "pile.csv").write_text("id,text\nx,The roof leaks.\n")
    documents, set_aside = read(tmp_path)
    assert [(one.id, one.text) for one in documents] == [
        ("letters/a.txt", "The rent is due."),
        ("pile.csv#x", "The roof leaks."),
    ]
    assert set_aside == []


def test_what_is_in_an_archive_has_names_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "pile.zip", "w") as archive:
        archive.writestr("x/rent.txt", "The rent is due.")
        archive.writestr("roof.txt", "The roof leaks.")
    documents, set_aside = read(tmp_path)
    assert {one.id: one.source for one in documents} == {
        "in/pile.zip/x/rent.txt": "in/pile.zip, in it x/rent.txt",
        "in/pile.zip/roof.txt": "in/pile.zip, in it roof.txt",
    }
    assert set_aside == []


def test_an_import_is_read_as_the_library_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("id,text,label\na,The rent is due.,lease\nb,,\n")
    in_child = list(read_import(path, "csv", ServerSettings()))
    here = [
        replace(one, source=one.source.replace(str(path), path.name))
        for one in read_form(path, "csv")
    ]
    assert in_child == here
    assert isinstance(in_child[0], Received)
    assert "lease" == in_child[0].opinions[0].label


@pytest.mark.parametrize("text", ["no JSON at all", "[" * 100_000])
def test_an_import_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(text)
    with pytest.raises(ReadingError, match="an export of Label Studio") as told:
        list(read_import(path, "label-studio", ServerSettings()))
    assert str(tmp_path) not in str(told.value)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_an_import_that_takes_too_much_memory_is_told(tmp_path: Path) -> None:
    """It would else end the server, or what the server runs beside."""
    path = tmp_path / "tasks.json"
    path.write_text("[" + "[],\n" * 10_000_000 + "[]]")
    settings = replace(ServerSettings(), most_parsing_bytes=900_000_000)
    with pytest.raises(ReadingError, match="takes more than 900 MB of memory"):
        list(read_import(path, "label-studio", settings))


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes of this kind")
def test_an_import_that_takes_too_long_is_told(tmp_path: Path) -> None:
    endless = tmp_path / "tasks.json"
    os.mkfifo(endless)  # nobody ever writes to it
    settings = replace(ServerSettings(), most_parsing_seconds=1)
    with pytest.raises(ReadingError, match="takes more than 1 seconds to read"):
        list(read_import(endless, "label-studio", settings))


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "b.csv").write_text("id,other\nx,y\n")
    (tmp_path / "c.txt").write_text("The rent is due.")
    documents, set_aside = read(tmp_path)
    assert [one.id for one in documents] == ["c.txt"]
    assert [one.id for one in set_aside] == ["a.png", "b.csv"]
    assert str(tmp_path) not in set_aside[1].reason


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_a_file_that_takes_too_much_memory_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 300_000_000)
    (tmp_path / "b.txt").write_text("The rent is due.")
    documents, set_aside = read(
        tmp_path, replace(ServerSettings(), most_parsing_bytes=600_000_000)
    )
    assert [one.id for one in documents] == ["b.txt"]
    assert [one.id for one in set_aside] == ["a.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes of this kind")
def test_a_file_that_takes_too_long_is_set_aside(tmp_path: Path) -> None:
    endless = tmp_path / "a.txt"
    os.mkfifo(endless)  # nobody ever writes to it
    process = ReadingProcess(replace(ServerSettings(), most_parsing_seconds=1))
    (outcome,) = process.read(endless, "a.txt")
    assert isinstance(outcome, SetAside)
    assert outcome.reason == "takes more than 1 seconds to read"
    assert process.has_ended
    process.close()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("letter.pdf", "letter.pdf"),
        ("pile/2024/letter.pdf", "pile/2024/letter.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\temp\\a.txt", "C_/temp/a.txt"),
        ("a\0b.txt", "a_b.txt"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_stays_below_its_folder(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_two_files_of_one_name_both_stay(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        save_upload(tmp_path, "pile/a.txt", io.BytesIO(text))
    saved = {path.name: path.read_bytes() for path in (tmp_path / "pile").iterdir()}
    assert saved == {"a.txt": b"one", "a-2.txt": b"two"}
