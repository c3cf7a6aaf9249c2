"""Archives: each file in them is a document, and no archive unpacks without end."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from longshot.reading import read_examples
from longshot.reading.containers.base import Budget, Exhausted, cleaned
from longshot.reading.limits import LIMIT_VARIABLE
from tests.broken_files import docx_bytes
from tests.reading.reading import read


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


FILES = {
    "2024/lease.docx": docx_bytes(),
    "notes.txt": b"The boiler leaks.",
    "pile.csv": b"id,text\na,The council met.\n",
    ".hidden.txt": b"x",
    "__MACOSX/._notes.txt": b"\0\5\26",
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pile.zip", zipped(FILES)),
        ("pile", zipped(FILES)),
        ("pile.tar", tarred(FILES)),
        ("pile.tar.gz", gzip.compress(tarred(FILES))),
        ("pile.tgz", gzip.compress(tarred(FILES))),
        ("pile.tar.bz2", bz2.compress(tarred(FILES))),
        ("pile.tar.xz", lzma.compress(tarred(FILES))),
    ],
)
def test_each_file_of_an_archive_is_a_document(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)

    documents, set_aside = read(tmp_path)

    assert [] == set_aside
    assert [
        (f"{name}/2024/lease.docx", "The rent is due."),
        (f"{name}/notes.txt", "The boiler leaks."),
        (f"{name}/pile.csv#a", "The council met."),
    ] == [(one.id, one.text) for one in documents]
    assert f"{tmp_path / name}, in it notes.txt" == documents[1].source


@pytest.mark.parametrize(
    ("ending", "pack"),
    [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)],
)
def test_a_compressed_file_is_read_by_its_own_name(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / f"lease.docx{ending}").write_bytes(pack(docx_bytes()))

    (document,), _ = read(tmp_path)

    assert f"lease.docx{ending}/lease.docx" == document.id
    assert "The rent is due." == document.text


def test_archives_in_archives_are_read(tmp_path: Path) -> None:
    inner = zipped({"a.tar.gz": gzip.compress(tarred({"b.txt": b"The rent is due."}))})
    (tmp_path / "pile.zip").write_bytes(zipped({"x.zip": inner}))

    (document,), _ = read(tmp_path)

    assert "pile.zip/x.zip/a.tar.gz/b.txt" == document.id
    assert f"{tmp_path}/pile.zip, in it x.zip/a.tar.gz/b.txt" == document.source


def test_archives_too_deep_in_each_other_are_set_aside_in_one_line(
    tmp_path: Path,
) -> None:
    data = b"The rent is due."
    for _ in range(50):
        data = zipped({"a.zip": data})
    (tmp_path / "pile.zip").write_bytes(data)

    documents, (one,) = read(tmp_path)

    assert [] == documents
    assert "lies more than 10 files deep: unpack it" == one.reason


def test_nested_archives_that_unpack_without_end_are_stopped_in_one_line(
    tmp_path: Path,
) -> None:
    """Each holds sixteen of the one before, as 42.zip does."""
    data = zipped({"zeros.txt": bytes(1_000_000)})
    for _ in range(4):
        data = zipped({f"{number}.zip": data for number in range(16)})
    (tmp_path / "bomb.zip").write_bytes(data)
    (tmp_path / "good.txt").write_text("good")

    documents, set_aside = read(tmp_path)

    (told,) = [one for one in set_aside if one.id == "bomb.zip"]
    assert told.reason.startswith("and the rest that is in it is left out: it unpacks")
    assert ["good"] == [one.text for one in documents if one.id == "good.txt"]
    assert len(set_aside) < 100


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.txt.gz", gzip.compress),
        ("a.txt.xz", lzma.compress),
        ("a.txt.bz2", bz2.compress),
        ("a.zip", lambda data: zipped({"a.txt": data})),
        ("a.tgz", lambda data: gzip.compress(tarred({"a.txt": data}))),
    ],
)
def test_a_bomb_is_refused(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(bytes(60_000_000)))

    documents, (one,) = read(tmp_path)

    assert ([], True) == (documents, "a zip bomb" in one.reason)


def test_a_tar_whose_header_is_a_bomb_is_refused(tmp_path: Path) -> None:
    """A header names the length of a name that it takes into memory."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 400_000_000
    data = info.tobuf(tarfile.GNU_FORMAT) + bytes(60_000_000)
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(data))

    documents, (one,) = read(tmp_path)

    assert ([], True) == (documents, "a zip bomb" in one.reason)


def test_too_many_files_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = Budget(1)
    for _ in range(50_000):
        budget.count_member()
    with pytest.raises(Exhausted, match="holds more than 50,000 files: split it"):
        budget.count_member()
    monkeypatch.setenv(LIMIT_VARIABLE, "500")
    lifted = Budget(1)
    for _ in range(50_001):
        lifted.count_member()


def test_a_zip_that_names_too_many_files_is_set_aside_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(50_001):
            archive.writestr(f"{number}.txt", b"rent")
    (tmp_path / "good.txt").write_text("good")

    documents, (aside,) = read(tmp_path)

    assert ["good.txt"] == [one.id for one in documents]
    assert aside.reason.startswith("holds more than 50,000 files: split it")


def test_links_and_devices_in_archives_are_not_followed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("passwd", tarfile.SYMTYPE), ("zero", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    (tmp_path / "a.tar").write_bytes(buffer.getvalue())
    link = zipfile.ZipInfo("passwd")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as linked:
        linked.writestr(link, "/etc/passwd")

    documents, set_aside = read(tmp_path)

    told = "is a link or a device inside of an archive"
    assert [] == documents
    assert [told, told, "is a link inside of an archive"] == [
        one.reason for one in set_aside
    ]


def test_a_name_leads_nowhere_but_down(tmp_path: Path) -> None:
    members = {"../../up.txt": b"up", "/etc/root.txt": b"root", "C:\\w\\d.txt": b"down"}
    (tmp_path / "pile.zip").write_bytes(zipped(members))

    documents, _ = read(tmp_path)

    ids = ["pile.zip/up.txt", "pile.zip/etc/root.txt", "pile.zip/C:/w/d.txt"]
    assert ids == [one.id for one in documents]
    assert ["pile.zip"] == [path.name for path in tmp_path.iterdir()]
    assert "a/b" == cleaned("./a//../b/")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.zip", zipped({"a.txt": b"rent"})[:40], "is a broken ZIP"),
        ("a.tgz", gzip.compress(tarred({"a.txt": b"rent"}))[:60], ""),
        ("a.zip", zipped({}), "holds no file"),
        ("a.txt.gz", b"\x1f\x8b\x08\0", "breaks off"),
        ("a.txt.xz", b"\xfd7zXZ\0\0", "breaks off"),
    ],
)
def test_a_broken_archive_says_why(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(data)

    documents, (one,) = read(tmp_path)

    assert [] == documents
    assert told in one.reason
    assert len(one.reason.splitlines()) == 1


def test_what_comes_before_a_break_is_read(tmp_path: Path) -> None:
    whole = tarred({"a.txt": b"The rent is due.", "b.txt": b"lost" * 1_000})
    (tmp_path / "a.tar").write_bytes(whole[:1_800])

    documents, set_aside = read(tmp_path)

    assert ["The rent is due."] == [one.text for one in documents]
    assert set_aside


def test_all_files_of_a_labels_archive_are_its_examples(tmp_path: Path) -> None:
    for label in ("lease", "report"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "a.zip").write_bytes(zipped({"a.txt": label.encode()}))

    examples = list(read_examples(tmp_path))

    assert [("lease", "lease"), ("report", "report")] == [
        (one.label, one.document.text) for one in examples
    ]


def test_a_table_may_name_documents_in_an_archive(tmp_path: Path) -> None:
    pile = tmp_path / "pile"
    pile.mkdir()
    (pile / "a.zip").write_bytes(zipped({"2024/a.txt": b"The rent is due."}))
    (tmp_path / "labels.csv").write_text("id,label\na.zip/2024/a.txt,lease\n")

    (example,) = read_examples(tmp_path / "labels.csv", documents=pile)

    assert ("lease", "The rent is due.") == (example.label, example.document.text)
