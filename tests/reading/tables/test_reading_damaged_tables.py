"""Tables with rows that cannot be read."""

import gzip
import os
from pathlib import Path

import pytest

from longshot.errors import ReadingError
from longshot.reading import read_documents
from longshot.records import SetAside
from tests.reading.reading import read, reasons, written


def test_ragged_rows_of_a_csv_are_set_aside_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "pile.csv"
    path.write_text('id,text\n1,"two\nlines"\n2\n3,a,b\n4,good\n')

    documents, set_aside = read(path)

    assert ["1", "4"] == [document.id for document in documents]
    assert [
        SetAside(
            id=number,
            source=f"{path}, line {line}",
            reason=f"has {n_columns} columns where the header has 2",
        )
        for number, line, n_columns in [("2", 4, 1), ("3", 5, 3)]
    ] == set_aside


def test_a_broken_quote_is_set_aside_and_the_next_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pile.csv"
    path.write_text('id,text\n1,"he said "no" to me"\n2,good\n3,"never closed\n')

    assert ["2"] == [document.id for document in read(path)[0]]
    assert [
        ("1", "is not valid csv (',' expected after '\"')"),
        ("3", "is not valid csv (unexpected end of data)"),
    ] == reasons(path)


def test_bad_lines_of_a_jsonl_are_set_aside_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "pile.jsonl"
    lines = ['{"text": "good"}', "", "{oops}", "[1]", '{"id": "n", "text": null}']
    lines += ['{"text": 3}', '{"id": 8}', "[" * 100_000, '{"text": "good too"}']
    path.write_text("\n".join(lines))

    documents, set_aside = read(path)

    assert ["good", "good too"] == [document.text for document in documents]
    assert [3, 4, 5, 6, 7, 8] == [int(item.source.split()[-1]) for item in set_aside]
    assert ["2", "3", "n", "5", "8", "7"] == [item.id for item in set_aside]
    assert set_aside[0].reason.startswith("is not JSON (")
    assert [
        "is not a JSON object, but a list",
        'holds nothing in its column "text"',
        'holds no text, but int in its column "text"',
        'has no column "text"',
    ] == [item.reason for item in set_aside[1:5]]


def test_a_second_document_with_the_same_id_is_set_aside(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}]
    path = written(tmp_path / "pile.csv", rows)

    assert ["a"] == [document.text for document in read(path)[0]]
    assert [
        ("1", 'has the id "1", which an earlier one has too: give it another')
    ] == reasons(path)


def test_without_a_listener_the_first_bad_row_raises(tmp_path: Path) -> None:
    path = tmp_path / "pile.jsonl"
    path.write_text('{"text": "good"}\n{"text": null}\n')
    documents = read_documents(path)

    assert "good" == next(documents).text
    with pytest.raises(ReadingError) as raised:
        next(documents)
    assert (
        f"every document must be readable; {path}, line 2 holds nothing in its column "
        '"text". Fix it or remove it.' == str(raised.value)
    )


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_damaged_byte_concerns_only_its_row(tmp_path: Path, ending: str) -> None:
    header, row = ("text\n", "{}\n") if ending == "csv" else ("", '{{"text": "{}"}}\n')
    table = header + "".join(row.format(f"Привет {n}") for n in range(30))
    path = tmp_path / f"pile.{ending}"
    path.write_bytes(table.replace(" 7", "\udcff7").encode("utf-8", "surrogateescape"))

    documents, _ = read(path)

    assert 30 == len(documents)
    assert [7] == [n for n, document in enumerate(documents) if document.notes]
    assert "Привет\ufffd7" == documents[7].text


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_zipped_table_that_breaks_off_gives_the_rows_before(
    tmp_path: Path, ending: str
) -> None:
    rows: list[dict[str, object]] = [{"text": os.urandom(99).hex()} for _ in range(999)]
    path = written(tmp_path / f"pile.{ending}.gz", rows)
    path.write_bytes(path.read_bytes()[:-20_000])

    documents, set_aside = read(path)

    assert 0 < len(documents) < 999
    assert [str(len(documents) + 1)] == [item.id for item in set_aside]
    assert "and all rows after it are lost" in set_aside[0].reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pile.jsonl", b""),
        ("pile.csv", b""),
        ("pile.csv", b"text\n"),
        ("pile.csv", b'"te"xt\n'),
        ("pile.jsonl.gz", b"not zipped"),
        ("pile.jsonl.gz", gzip.compress(b'{"text": "a"}\n')[:12]),
        ("pile.parquet", b"PAR1 and then nothing"),
        ("pile.parquet.gz", gzip.compress(b"no parquet")),
    ],
)
def test_a_table_without_any_row_is_an_error(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(ReadingError, match=r"^a table must hold at least one row; .*"):
        read(path)


@pytest.mark.parametrize(
    ("ending", "row"), [("csv", b"text\ngood\n"), ("jsonl", b'{"text": "good"}\n')]
)
def test_a_row_that_is_no_text_is_set_aside(
    tmp_path: Path, ending: str, row: bytes
) -> None:
    path = tmp_path / f"pile.{ending}"
    path.write_bytes(row + b"\x81\x8d\x8f\x90\x9d\xff\xfe\x01\x02\n")

    documents, set_aside = read(path)

    assert ["good"] == [document.text for document in documents]
    assert ["2"] == [item.id for item in set_aside]


def test_a_table_that_cannot_be_read_is_told_in_one_short_line(tmp_path: Path) -> None:
    """Names of columns may hold line ends, and libraries tell more than a line."""
    names = ",".join(f'"a\n{number}"' for number in range(99))
    (tmp_path / "pile.csv").write_text(f"{names}\n")
    whole = written(tmp_path / "pile.parquet", [{"text": "rent"}]).read_bytes()
    (tmp_path / "pile.parquet").write_bytes(whole[:-40] + b"\xff" * 30 + whole[-10:])

    for name in ("pile.csv", "pile.parquet"):
        with pytest.raises(ReadingError) as raised:
            read(tmp_path / name)
        assert [str(raised.value)] == str(raised.value).splitlines()
        assert len(str(raised.value)) < 1_000
