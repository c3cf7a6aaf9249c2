import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from longshot.errors import ExamplesError
from longshot.reading import read_examples, read_labelled_documents
from longshot.records import SetAside


def read(source: Path, **options: str) -> dict[str, tuple[str, ...]]:
    found = read_labelled_documents(source, **options)  # type: ignore[arg-type]
    return {one.document.id: one.labels for one in found}


def test_a_text_in_several_folders_has_all_their_labels(tmp_path: Path) -> None:
    for place, text in {
        "lease/a.txt": "rent",
        "tax/copy.txt": "rent",
        "tax/b.txt": "vat",
    }.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(text)

    assert {"lease/a.txt": ("lease", "tax"), "tax/b.txt": ("tax",)} == read(tmp_path)


def test_tables_in_folders_are_read_by_the_columns_named(tmp_path: Path) -> None:
    for label in ("lease", "tax"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "a.csv").write_text("number,body,text\n7,rent,none\n")

    found = read_labelled_documents(tmp_path, text_column="body", id_column="number")

    assert [("rent", ("lease", "tax"))] == [
        (one.document.text, one.labels) for one in found
    ]


def test_a_list_of_a_row_holds_its_labels(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "1", "text": "rent", "label": ["tax", "lease", "tax"]},
        {"id": "2", "text": "vat", "label": "tax"},
        {"id": "3", "text": "sun", "label": []},
        {"id": "4", "text": "sea", "label": None},
    ]
    jsonl, table = tmp_path / "a.jsonl", tmp_path / "a.parquet"
    jsonl.write_text("\n".join(map(json.dumps, rows)))
    lists = [
        {**row, "label": ["tax"] if row["id"] == "2" else row["label"]} for row in rows
    ]
    parquet.write_table(pa.Table.from_pylist(lists), table)

    expected = {"1": ("lease", "tax"), "2": ("tax",), "3": (), "4": ()}
    assert expected == read(jsonl)
    assert expected == read(table)


def test_a_separator_stands_between_the_labels_of_a_cell(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text('id,text,label\n1,rent,"tax; lease"\n2,vat,tax\n3,sun,\n')

    assert {"1": ("lease", "tax"), "2": ("tax",), "3": ()} == read(source)
    assert ("tax; lease",) == read(source, separator="|")["1"]


def test_a_row_without_labels_is_set_aside(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(
        '{"text": "a", "label": ["x"]}\n{"text": "b"}\n{"text": "c", "label": {}}\n'
    )
    set_aside: list[SetAside] = []

    found = read_labelled_documents(source, on_set_aside=set_aside.append)

    assert ["1"] == [one.document.id for one in found]
    assert ['has no labels in its column "label": fill it in'] * 2 == [
        one.reason for one in set_aside
    ]


def test_texts_are_no_labels(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps({"text": "a", "label": "long " * 80}))

    with pytest.raises(ExamplesError, match="one of 399 characters"):
        read_labelled_documents(source)


def test_nested_folders_are_paths_where_one_asks_for_it(tmp_path: Path) -> None:
    for place in ["finance/tax/a.txt", "finance/b.txt", "law/c.txt"]:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(place)

    nested = [one.label for one in read_examples(tmp_path, nested=True)]

    assert ["finance", "finance/tax", "law"] == nested
    assert ["finance", "finance", "law"] == [
        one.label for one in read_examples(tmp_path)
    ]
