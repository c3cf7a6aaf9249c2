import csv
import gzip
import io
import json
import os
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from longshot.errors import ReadingError
from longshot.reading import read_documents
from longshot.records import Document, SetAside

TEXTS = st.lists(
    st.text(st.characters(codec="utf-8")).filter(
        lambda text: text and not text.isspace()
    ),
    min_size=1,
)
LONG_TEXT = "rent " * 6_000_000


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    """Write a table as its ending says, with the libraries that people use for it."""
    ending = path.name.removesuffix(".gz").rpartition(".")[2]
    buffer = io.BytesIO()
    if ending == "parquet":
        parquet.write_table(pa.Table.from_pylist(rows), buffer)
    elif ending == "jsonl":
        buffer.write("".join(json.dumps(row) + "\n" for row in rows).encode())
    else:
        text = io.StringIO(newline="")
        delimiter = "\t" if ending == "tsv" else ","
        writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        buffer.write(text.getvalue().encode())
    data = buffer.getvalue()
    path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
    return path


def read(path: Path | str) -> tuple[list[Document], list[SetAside]]:
    set_aside: list[SetAside] = []
    return list(read_documents(path, on_set_aside=set_aside.append)), set_aside


def texts(path: Path) -> list[str]:
    return [document.text for document in read_documents(path)]


def reasons(path: Path) -> list[tuple[str, str]]:
    return [(item.id, item.reason) for item in read(path)[1]]


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet", "csv.gz"])
@given(expected=TEXTS)
def test_what_is_written_to_a_table_is_read_from_it(
    ending: str, expected: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows: list[dict[str, object]] = [{"text": text} for text in expected]

        assert expected == texts(written(Path(folder) / f"pile.{ending}", rows))


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
@pytest.mark.parametrize("zipped", ["", ".gz"])
def test_ids_and_sources_come_from_the_table(
    tmp_path: Path, ending: str, zipped: str
) -> None:
    rows: list[dict[str, object]] = [
        {"id": "lease", "kind": "x", "text": "The rent.\nIt is due."},
        {"id": "sale", "kind": "y", "text": 'The "price".'},
    ]
    path = written(tmp_path / f"pile.{ending}{zipped}", rows)

    documents, set_aside = read(path)

    assert [row["text"] for row in rows] == [document.text for document in documents]
    assert ["lease", "sale"] == [document.id for document in documents]
    assert documents[0].source.startswith(f"{path}, ")
    assert [] == set_aside


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_rows_without_an_id_are_numbered_from_one(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path / f"pile.{ending}", [{"text": "one"}, {"text": "two"}])

    assert ["1", "2"] == [document.id for document in read_documents(path)]


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_a_missing_column_is_told_with_those_that_are_there(
    tmp_path: Path, ending: str
) -> None:
    path = written(tmp_path / f"pile.{ending}", [{"id": "1", "body": "The rent."}])

    with pytest.raises(ReadingError) as raised:
        read(path)

    assert (
        f'DOCUMENTS must have a column "text"; pile.{ending} has: id, body. '
        "Name it with --text-column." == str(raised.value)
    )


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path / "pile.csv", [{"key": 7, "body": "The rent."}])

    documents = read_documents(path, text_column="body", id_column="key")

    assert [("7", "The rent.")] == [(item.id, item.text) for item in documents]


def test_a_named_id_column_must_be_there(tmp_path: Path) -> None:
    path = written(tmp_path / "pile.csv", [{"text": "The rent."}])

    with pytest.raises(ReadingError, match="--id-column"):
        list(read_documents(path, id_column="key"))


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pile.csv"
    path.write_text("text,text\na,b\n")

    with pytest.raises(ReadingError, match=r'must have one column "text"; .* 2 times'):
        read(path)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_single_line_of_thirty_megabytes_is_read(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path / f"pile.{ending}", [{"text": LONG_TEXT}])

    assert len(LONG_TEXT) == len(texts(path)[0])


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_nul_right_to_left_and_emoji_are_kept(tmp_path: Path, ending: str) -> None:
    text = "a\0b مرحبا 契約 👩‍👧 é"

    assert [text] == texts(written(tmp_path / f"pile.{ending}", [{"text": text}]))


def test_lone_surrogates_are_kept_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "pile.jsonl"
    path.write_text('{"text": "half \\ud83d a face"}\n')

    assert ["half \ud83d a face"] == texts(path)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_a_csv_is_seen_in_its_header(
    tmp_path: Path, separator: str
) -> None:
    path = tmp_path / "pile.csv"
    path.write_text(f'id{separator} text\r\n1{separator}"a{separator}b"\r\n\r\n')

    assert [f"a{separator}b"] == texts(path)


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


def test_the_text_column_may_be_missing_in_the_first_lines(tmp_path: Path) -> None:
    path = tmp_path / "pile.jsonl"
    path.write_text('{"id": 1}\n{"text": "good"}\n')

    assert ["good"] == [document.text for document in read(path)[0]]


def test_a_second_document_with_the_same_id_is_set_aside(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}]
    path = written(tmp_path / "pile.csv", rows)

    assert ["a"] == [document.text for document in read(path)[0]]
    assert [
        ("1", 'has the id "1", which is already taken by an earlier one')
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
        '"text". Mend it or take it out.' == str(raised.value)
    )


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_another_encoding_is_guessed_once_for_the_table(
    tmp_path: Path, ending: str
) -> None:
    text = "Le café était fermé à cause de la fête de Noël ; les élèves, déçus."
    path = tmp_path / f"pile.{ending}"
    if ending == "csv":
        path.write_bytes(f'text\n"{text}"\n"{text}"\n'.encode("cp1252"))
    else:
        path.write_bytes(f'{{"text": "{text}"}}\n'.encode("cp1252") * 2)

    documents, _ = read(path)

    assert [text, text] == [document.text for document in documents]
    assert [("decoded as cp1252 (guessed)",), ()] == [item.notes for item in documents]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_byte_order_mark_is_understood(
    tmp_path: Path, ending: str, encoding: str
) -> None:
    table = "text\nGenève\n" if ending == "csv" else '{"text": "Genève"}\n'
    path = tmp_path / f"pile.{ending}"
    path.write_bytes(table.encode(encoding))

    assert ["Genève"] == texts(path)


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


def test_a_dash_reads_jsonl_from_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = io.BytesIO(b'{"id": "a", "text": "The rent."}\nnot json\n')
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=data))

    documents, set_aside = read("-")

    assert [("a", "standard input, line 1")] == [(d.id, d.source) for d in documents]
    assert ["standard input, line 2"] == [item.source for item in set_aside]
    assert not data.closed


def test_the_first_document_comes_before_the_table_is_read(tmp_path: Path) -> None:
    """A pipe that its writer keeps open: only a reader that streams gets through."""
    path = tmp_path / "pile.jsonl"
    os.mkfifo(path)
    first_came = threading.Event()

    def write() -> None:
        with path.open("w") as pipe:
            pipe.write('{"text": "first"}\n')
            pipe.flush()
            if first_came.wait(timeout=30):
                pipe.write('{"text": "second"}\n')

    writer = threading.Thread(target=write)
    writer.start()
    documents = read_documents(path)
    first = next(documents).text
    first_came.set()

    assert ["first", "second"] == [first, *(document.text for document in documents)]
    writer.join()


def test_only_a_part_of_a_large_table_is_read_for_its_first_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[dict[str, object]] = [{"text": "rent " * 2_000}] * 1_000
    data = written(tmp_path / "pile.jsonl", rows).read_bytes()
    stream = io.BytesIO(data)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))

    next(read_documents("-"))

    assert stream.tell() < len(data) / 100


def test_parquet_is_read_in_batches(tmp_path: Path) -> None:
    table = pa.table({"text": [f"text {n}" for n in range(1_000)]})
    parquet.write_table(table, tmp_path / "pile.parquet", row_group_size=100)

    documents, _ = read(tmp_path / "pile.parquet")

    assert "text 999" == documents[-1].text
    assert "1000" == documents[-1].id


def test_an_encoding_that_shows_late_is_guessed_for_its_row(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"text": "The rent is due. " * 100_000}]
    path = written(tmp_path / "pile.csv", rows)
    late = "Le café était fermé à cause de la fête de Noël ; les élèves déçus."
    with path.open("ab") as table:
        table.write(late.encode("cp1252") + b"\n")

    documents, _ = read(path)

    assert [(), ("decoded as cp1252 (guessed)",)] == [item.notes for item in documents]
    assert late == documents[1].text


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
