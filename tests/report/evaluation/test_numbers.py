import csv
import json
from pathlib import Path

import numpy as np
import pytest

from longshot.errors import SettingError
from longshot.evaluation import Evaluation, Settings, evaluate
from longshot.report.evaluation import check_numbers_ending, write_numbers
from tests.report.evaluation.conftest import EVIL


def test_every_figure_is_a_row(found: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    write_numbers(path, found)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert 2 * 3 * 6 + 3 * 3 + 3 == len(rows)
    assert float(rows[0]["value"]) == found.points[0].accuracy.value
    assert {EVIL, "b" * 80, "c", ""} == {row["class"] for row in rows}
    assert 3 == sum(row["p_value"] != "" for row in rows)


def test_json_holds_everything(found: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    write_numbers(path, found)
    read = json.loads(path.read_text())

    assert found.closely.confusion.tolist() == read["closely"]["confusion"]
    assert list(found.answers) == read["answers"]


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    """A class that is never predicted has no precision."""
    classes = np.repeat([0, 1], 5)
    found = evaluate(
        ["a" if c else "b" for c in classes],
        {"always": lambda _, __, test: np.tile([1.0, 0.0], (len(test), 1))},
        settings=Settings(shots=(1,), n_splits=2, n_resamples=5),
    )
    path = tmp_path / "figures.json"
    write_numbers(path, found)
    read = json.loads(path.read_text(), parse_constant=pytest.fail)

    assert [0.5, None] == [
        one["precision"]["value"] for one in read["closely"]["classes"]
    ]


def test_ending_without_a_format_is_told() -> None:
    with pytest.raises(SettingError, match="must end in"):
        check_numbers_ending(Path("figures.xls"))
