"""Tables that are written row by row, and have their name once they are whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot.errors import OutputError
from longshot.report import growing
from longshot.report.growing import can_grow, growing_table, partial_path
from longshot.report.tables import Row, write_table

ROWS: list[Row] = [
    {"id": "a", "label": 'a "lease", say', "confidence": 0.5},
    {"id": "b\nb", "label": None, "confidence": 1 / 3},
    {"id": "c\ud800", "label": "ü", "confidence": 1.0},
]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
def test_it_holds_what_a_table_written_at_once_holds(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "FLUSH_EVERY_S", -1.0)  # each row by itself
    at_once, grown = tmp_path / f"once{ending}", tmp_path / f"grown{ending}"
    write_table(at_once, ROWS)

    with growing_table(grown) as table:
        for row in ROWS:
            table.add(row)

    assert at_once.read_bytes() == grown.read_bytes()
    assert {at_once, grown} == set(tmp_path.iterdir())


def test_until_all_rows_are_there_those_finished_stand_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("former")

    with growing_table(path) as table:
        table.add(ROWS[0])
        table.flush()
        assert "former" == path.read_text()
        assert partial_path(path).read_text().startswith("id,label,confidence\na,")

    assert path.read_text().startswith("id,label,confidence\na,")


def test_an_error_leaves_the_finished_rows_and_no_result(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"

    def rows() -> Iterator[Row]:
        yield ROWS[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), growing_table(path) as table:
        any(map(table.add, rows()))

    assert [partial_path(path)] == list(tmp_path.iterdir())
    assert 1 == len(partial_path(path).read_text().splitlines())


def test_an_error_before_the_first_row_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        growing_table(tmp_path / "labels.csv"),
    ):
        raise ZeroDivisionError

    assert [] == list(tmp_path.iterdir())


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"

    with growing_table(path) as table:
        table.add(ROWS[0])
        with (
            pytest.raises(OutputError, match="one run at a time"),
            growing_table(path),
        ):
            pass

    assert 2 == len(path.read_text().splitlines())


def test_a_new_run_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    partial_path(path).write_text("half a r")

    with growing_table(path) as table:
        table.add(ROWS[0])

    assert path.read_text().startswith("id,label,confidence\na,")


def test_parquet_is_written_at_once() -> None:
    assert not can_grow(Path("labels.parquet"))
