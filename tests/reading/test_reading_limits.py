"""Files that would take all memory, or all time."""

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from longshot.errors import ReadingError, SettingError
from longshot.reading import read_documents
from longshot.reading.limits import LIMIT_VARIABLE, Limits, limits
from longshot.reading.sources.descriptions import read_descriptions
from tests.reading.reading import read

BOMB = "a zip bomb"


def gzip_bomb(start: bytes) -> bytes:
    """Pack a megabyte of one letter fifty times, behind a table's beginning."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
        file.write(start)
        for _ in range(50):
            file.write(b"x" * 1_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("bomb.csv.gz", b"text\n"),
        ("bomb.tsv.gz", b"text\n"),
        ("bomb.jsonl.gz", b'{"text": "'),
        ("bomb.parquet.gz", b"PAR1"),
    ],
)
def test_a_gzip_bomb_is_set_aside_and_the_rest_is_read(
    tmp_path: Path, name: str, start: bytes
) -> None:
    (tmp_path / name).write_bytes(gzip_bomb(start))
    (tmp_path / "good.txt").write_text("good")

    documents, set_aside = read(tmp_path)

    assert ["good"] == [document.text for document in documents]
    assert [name] == [one.id for one in set_aside]
    assert BOMB in set_aside[0].reason


def test_rows_before_the_bomb_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pile.csv.gz"
    path.write_bytes(gzip_bomb(b"text\nThe rent is due.\n"))

    documents, set_aside = read(path)

    assert ["The rent is due."] == [document.text for document in documents]
    assert [True] == [BOMB in one.reason for one in set_aside]


def test_a_table_that_packs_well_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{number},the rent of {number} is due\n" for number in range(9_999))
    (tmp_path / "pile.csv.gz").write_bytes(gzip.compress(b"id,text\n" + rows.encode()))

    assert 9_999 == len(read(tmp_path / "pile.csv.gz")[0])


def test_a_parquet_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    table = pa.table({"text": ["x" * 30_000_000]})
    parquet.write_table(table, tmp_path / "bomb.parquet", compression="zstd")

    with pytest.raises(ReadingError, match=BOMB):
        read(tmp_path / "bomb.parquet")


def test_a_text_that_every_row_of_a_parquet_shares_is_held_once(
    tmp_path: Path,
) -> None:
    text = "rent " * 2_000_000
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * 500, pa.int32()), [text])
    parquet.write_table(pa.table({"text": shared}), tmp_path / "pile.parquet")

    before = pa.total_allocated_bytes()
    first = next(read_documents(tmp_path / "pile.parquet"))

    assert text == first.text
    assert pa.total_allocated_bytes() - before < 10 * len(text)


def test_one_document_may_not_be_larger_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    (tmp_path / "a.txt").write_text("x" * 1_000_001)
    (tmp_path / "b.html").write_text("x" * 1_000_001)
    (tmp_path / "c.csv").write_text("text\nshort\n" + "x" * 1_000_001)
    (tmp_path / "d.jsonl").write_text('{"text": "short"}\n' + " " * 1_000_001)
    (tmp_path / "e.txt").write_text("x" * 1_000_000)

    documents, set_aside = read(tmp_path)

    assert ["c.csv#1", "d.jsonl#1", "e.txt"] == [one.id for one in documents]
    assert ["a.txt", "b.html", "c.csv#2", "d.jsonl#2"] == [one.id for one in set_aside]
    told = "holds more than 1 MB as one document: split it, or set LONGSHOT_MOST_MB"
    assert all(told in one.reason for one in set_aside)


def test_a_device_without_end_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "1")

    documents, set_aside = read(Path("/dev/zero"))

    assert [] == documents
    assert ["zero"] == [one.id for one in set_aside]


def test_who_sets_the_limit_means_any_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "2000")

    told = Limits(
        most_bytes=2_000_000_000,
        most_ratio=None,
        most_pdf_ratio=None,
        most_members=None,
    )
    assert told == limits()


@pytest.mark.parametrize("told", ["many", "-1", "0", "1.5"])
def test_a_limit_that_is_no_number_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, told)
    (tmp_path / "a.txt").write_text("good")

    with pytest.raises(SettingError, match="must be a whole number of megabytes"):
        read(tmp_path)


def test_a_header_of_too_many_columns_is_told_in_a_short_line(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text(",".join(map(str, range(10_001))) + "\n")
    (tmp_path / "other.csv").write_text(",".join(map(str, range(9_999))) + "\n")

    with pytest.raises(ReadingError, match="has 10,001 columns, more than 10,000"):
        read(tmp_path / "wide.csv")
    with pytest.raises(ReadingError, match=r"28, 29, and 9,969 more\. Choose it with"):
        read(tmp_path / "other.csv")


@pytest.mark.parametrize("name", ["labels.json", "labels.yaml", "labels.yml"])
@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000])
def test_labels_nested_without_end_are_told(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)

    with pytest.raises(ReadingError, match="must hold label names"):
        read_descriptions(path)


def test_a_file_of_labels_that_no_person_wrote_is_told(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("lease\n" * 200_000)

    with pytest.raises(ReadingError, match=r"of at most 1 MB; .* is larger"):
        read_descriptions(path)


def test_whatever_a_reader_raises_the_run_goes_on(tmp_path: Path) -> None:
    """A codec that raises plain `UnicodeError` once ended a run."""
    page = b'<meta charset="undefined"><body>caf\xe9 in the village</body>'
    (tmp_path / "a.html").write_bytes(page)
    (tmp_path / "b.txt").write_text("good")

    documents, set_aside = read(tmp_path)

    assert ["a.html", "b.txt"] == [one.id for one in documents]
    assert "café in the village" == documents[0].text
    assert [] == set_aside


@pytest.mark.parametrize(
    "declared", ["idna", "punycode", "unicode_escape", "utf-7", "utf-16", "rot13"]
)
def test_an_encoding_that_no_page_may_declare_is_not_believed(
    tmp_path: Path, declared: str
) -> None:
    page = f'<meta charset="{declared}"><body>a \\x41 +AEE- '.encode()
    (tmp_path / "a.html").write_bytes(page + b"caf\xe9 in the village</body>")

    assert ["a \\x41 +AEE- café in the village"] == [
        one.text for one in read(tmp_path)[0]
    ]
