"""Files that are no texts are told by what they are; those left behind are left out."""

import base64
from pathlib import Path

import pytest

from longshot.errors import ReadingError
from longshot.reading import read_documents
from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from tests.reading.pdf_files import pdf_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BASE64 = base64.encodebytes(b"".join(bytes([n, 255 - n, 7]) for n in range(200)))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.p7s", b"0\x82\x0b\x9c\x06\x09*", "is a signature, or a signed file"),
        (
            "a.pem",
            b"-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n",
            "is encoded or signed (pkcs7): leave it out",
        ),
        ("a.b64", BASE64, "is an encoded file (base64): decode it"),
        ("a.txt", b"begin 644 a.doc\nM1234", "is an encoded file (uuencode)"),
        ("a.svg", b"<svg xmlns='x'><path d='M0 0'/></svg>", "is a picture (SVG)"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0", "is a picture (HEIC)"),
        ("a.mp4", b"\0\0\0\x18ftypisom\0\0", "is a film (MP4): have it transcribed"),
        ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", "is a sound recording (WAV)"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "is a picture (WebP): run it through"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "is an archive (7z)"),
        ("a.doc", OLE, "is an old Word file (DOC): save it as DOCX"),
        ("a.sqlite", b"SQLite format 3\0", "is a database (SQLite): export its"),
        ("a.exe", b"MZ\x90\0\x03", "is a program: leave it out"),
        ("a.bin", b"\0\1\2\3", "is not a text: it holds binary data. Save it as"),
    ],
)
def test_a_file_that_is_no_text_is_told_by_what_it_is(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(Unreadable) as raised:
        read_file(path)

    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "From: the landlord\nSubject: rent\n\nThe rent is due.",
        "Note: the rent is due.\nReceived with thanks: 300.",
        "rent\n" * 40,
        "a" * 300,
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung" * 3,
        "https://example.org/" + "a1B" * 60,
        "PK is a supermarket. MZ is no program; RIFF and BM are letters.",
        "BEGIN PKCS7 is written on the first line.",
        "{rtf} is no RTF",
    ],
)
def test_a_text_is_a_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")

    assert text == read_file(path).text


def test_a_pdf_without_its_ending_is_read(tmp_path: Path) -> None:
    (tmp_path / "lease").write_bytes(pdf_bytes(["The lease"]))

    assert "The lease" == read_file(tmp_path / "lease").text


def test_what_programs_leave_behind_is_left_out(tmp_path: Path) -> None:
    for name in ("Thumbs.db", "~$lease.docx", "desktop.ini", ".DS_Store"):
        (tmp_path / name).write_bytes(b"\0\1\2")
    with pytest.raises(ReadingError, match="must hold at least one file to read"):
        list(read_documents(tmp_path))
    (tmp_path / "lease.txt").write_text("The rent is due.")

    assert ["lease.txt"] == [one.id for one in read_documents(tmp_path)]
