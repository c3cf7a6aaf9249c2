import zipfile
from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.formats.office.opendocument import read_opendocument


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
