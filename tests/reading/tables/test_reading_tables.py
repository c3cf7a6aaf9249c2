import io
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
from tests.reading.reading import read, texts, written

TEXTS = st.lists(
    st.text(st.characters(codec="utf-8")).filter(
        lambda text: text and not text.isspace() and "." not in text
    ),
    min_size=1,
)
"""Without a dot: a table of names of files is one of paths, and refused."""

LONG_TEXT = "rent " * 6_000_000


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
        "Choose it with --text-column." == str(raised.value)
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


def test_the_text_column_may_be_missing_in_the_first_lines(tmp_path: Path) -> None:
    path = tmp_path / "pile.jsonl"
    path.write_text('{"id": 1}\n{"text": "good"}\n')

    assert ["good"] == [document.text for document in read(path)[0]]


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
