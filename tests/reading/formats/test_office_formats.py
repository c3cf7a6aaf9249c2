"""Office files as programs write them: tests/reading/files/README.md."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats import extractor
from longshot.reading.formats.files import read_file
from longshot.reading.formats.opendocument import read_opendocument
from tests.reading.reading import read

FILES = Path(__file__).parents[1] / "files"
DUE = "The tenant pays the rent of the office at 14 Quay Street on the first"
GERMAN = "Die Miete für das Büro beträgt 1.250 €."
PAGES = ("doc", "epub", "odp", "odt", "pptx", "rtf", "tex")
OPEN = ("odp", "ods", "odt")


@pytest.mark.parametrize("ending", [*PAGES, "ods", "xls", "xlsx"])
@pytest.mark.parametrize("is_named", [True, False])
def test_all_of_a_file_is_read_in_order_whatever_its_name(
    tmp_path: Path, ending: str, is_named: bool
) -> None:
    if ending not in OPEN:
        pytest.importorskip("kreuzberg")
    path = tmp_path / (f"lease.{ending}" if is_named else "lease")
    shutil.copy(FILES / f"lease.{ending}", path)

    text = read_file(path).text

    last = ["three months", "ten years"] if ending in PAGES else []
    places = [text.find(one) for one in (DUE, GERMAN, *last)]
    assert -1 not in places
    assert sorted(places) == places


def odf(path: Path, body: str, **members: str) -> Path:
    namespaces = " ".join(
        f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'"
        for name in ("office", "text", "table", "drawing")
    )
    content = f"<office:document-content {namespaces}>{body}</office:document-content>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", members.get("manifest", "<m/>"))
    return path


def test_blanks_notes_and_changes_of_an_opendocument_are_as_it_shows_them(
    tmp_path: Path,
) -> None:
    body = (
        "<text:tracked-changes><text:p>struck out</text:p></text:tracked-changes>"
        "<text:p>The  rent<text:s text:c='3'/>is<text:tab/>due<text:note>"
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>a note"
        "</text:p></text:note-body></text:note>.<text:line-break/>So it "
        "<text:span>is</text:span>.</text:p>"
    )

    content = read_opendocument(odf(tmp_path / "a.odt", body))

    assert "The rent   is\tdue.\nSo it is.\na note" == content.text


@pytest.mark.parametrize(
    ("manifest", "body", "told"),
    [
        ("<a:encryption-data/>", "", "is protected by a password"),
        ("<m/>", "x" * 60_000_000, "unpacks to more than 200 times its size"),
    ],
)
def test_an_opendocument_that_cannot_be_read_says_why(
    tmp_path: Path, manifest: str, body: str, told: str
) -> None:
    path = odf(tmp_path / "a.odt", body, manifest=manifest)

    with pytest.raises(Unreadable, match=told):
        read_file(path)


def test_an_opendocument_nested_deep_is_read(tmp_path: Path) -> None:
    """Beyond 2,048 elements libxml2 gives up, which is noted."""
    start, end = "<text:section>", "</text:section>"
    for n in (1_500, 20_000):
        deep = f"{start * n}<text:p>rent</text:p>{end * n}"
        path = odf(tmp_path / f"{n}.odt", deep)

    assert "rent" == read_file(tmp_path / "1500.odt").text
    (note,) = read_file(path).notes
    assert note.startswith("is broken XML, and read as far as it can be (Excessive")


@pytest.mark.parametrize("ending", ["doc", "epub", "pptx", "rtf", "xls", "xlsx"])
def test_a_broken_office_file_is_told_in_one_line(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("kreuzberg")
    whole = (FILES / f"lease.{ending}").read_bytes()
    (tmp_path / f"a.{ending}").write_bytes(whole[:700])

    documents, set_aside = read(tmp_path)

    assert 1 == len(documents) + len(set_aside)
    assert all(len(one.reason.splitlines()) == 1 for one in set_aside)


def test_a_panic_of_the_library_is_one_line_and_leaves_standard_error_alone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("kreuzberg")
    cut = (FILES / "lease.xls").read_bytes()[:549]

    told = "is an old spreadsheet .* it is damaged. Open it in the program"
    with pytest.raises(Unreadable, match=told):
        extractor.extracted(cut, "excel, old")

    assert "" == capfd.readouterr().err


def test_what_others_write_while_a_file_is_read_reaches_standard_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with extractor._without_panics():
        os.write(
            2, b"\nthread '<unnamed>' (7) panicked at a.rs:1:2:\nno\nnote: n\nyes\n"
        )

    assert "yes\n" == capfd.readouterr().err
