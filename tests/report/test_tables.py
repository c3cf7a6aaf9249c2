import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from longshot.errors import OutputError, SettingError
from longshot.formulas import as_meant, as_text
from longshot.report.tables import Cell, Row, as_csv, as_jsonl, write_table

CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8")),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False),
)
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.text(st.characters(codec="utf-8")), "cell": CELLS}),
    min_size=1,
)


def written_out(cell: object) -> str:
    return "" if cell is None else str(cell)


@given(ROWS, st.sampled_from(",\t"))
def test_csv_comes_back_as_its_text(
    rows: list[dict[str, Cell]], delimiter: str
) -> None:
    text = as_csv(rows, delimiter=delimiter, keep_formulas=True)

    found = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    expected = [{name: written_out(row[name]) for name in row} for row in rows]
    assert expected == found


FORMULAS = ["=1+1", "+1-1", "-2+cmd|' /C calc'!A1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]


@pytest.mark.parametrize("cell", [*FORMULAS, "'=1+1", "- an item"])
def test_a_formula_gets_an_apostrophe_in_csv_and_tsv_alone(
    tmp_path: Path, cell: str
) -> None:
    row: Row = {"id": cell, "confidence": -0.5}
    for ending, delimiter in ((".csv", ","), (".tsv", "\t")):
        path = tmp_path / f"labels{ending}"
        for keep_formulas, expected in ((False, f"'{cell}"), (True, cell)):
            write_table(path, [row], keep_formulas=keep_formulas)
            with path.open(newline="", encoding="utf-8") as file:
                [found] = csv.DictReader(file, delimiter=delimiter)
            assert {"id": expected, "confidence": "-0.5"} == found
    write_table(tmp_path / "labels.jsonl", [row])
    assert row == json.loads((tmp_path / "labels.jsonl").read_text("utf-8"))
    write_table(tmp_path / "labels.parquet", [row])
    assert [row] == parquet.read_table(tmp_path / "labels.parquet").to_pylist()


@pytest.mark.parametrize("cell", ["rent", "-1", "+2.5", "-3e-5", "'tis", "a=b", ""])
def test_other_cells_are_written_as_they_are(cell: str) -> None:
    assert as_csv([{"id": cell}]) == as_csv([{"id": cell}], keep_formulas=True)


@given(st.text(st.characters(codec="utf-8")))
def test_what_was_written_is_what_is_meant(cell: str) -> None:
    assert cell == as_meant(as_text(cell))


@given(ROWS)
def test_jsonl_comes_back_with_its_types(rows: list[dict[str, Cell]]) -> None:
    lines = as_jsonl(rows).split("\n")

    assert "" == lines.pop()
    assert rows == [json.loads(line) for line in lines]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "id": st.text(st.characters(codec="utf-8")),
                "confidence": st.floats(0, 1),
                "n_tokens": st.integers(0, 2**53),
                "passage": st.none() | st.text(st.characters(codec="utf-8")),
            }
        ),
        min_size=1,
    )
)
def test_parquet_comes_back_with_its_types(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Row]
) -> None:
    path = tmp_path_factory.mktemp("tables") / "labels.parquet"

    write_table(path, rows)

    assert rows == parquet.read_table(path).to_pylist()


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_lone_surrogates_are_written_as_question_marks(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"labels.{ending}"

    write_table(path, [{"id": "a", "passage": "half \ud83d a face"}])

    assert b"half ? a face" in path.read_bytes()


@pytest.mark.parametrize("name", ["labels", "labels.xlsx", "labels.CSV.bak"])
def test_another_ending_is_told_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingError) as raised:
        write_table(tmp_path / name, [])

    assert (
        f"a table's file name must end in .csv, .tsv, .jsonl or .parquet; got {name}. "
        "Change --out." == str(raised.value)
    )


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Create it, or name another"):
        write_table(tmp_path / "missing" / "labels.csv", [])


def test_no_rows_make_an_empty_table() -> None:
    assert ("\n", "") == (as_csv([]), as_jsonl([]))
