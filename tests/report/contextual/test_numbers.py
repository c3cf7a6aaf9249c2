import csv
from pathlib import Path

from longshot.contextuality import Study
from longshot.report.contextual import write_numbers


def test_numbers_are_one_per_line(found: Study, tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    write_numbers(path, found)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.rows)
    assert float(rows[0]["value"]) == found.rows[0].value
