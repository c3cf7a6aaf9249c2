import csv
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "label"])
        for i in range(8):
            writer.writerow([f"l{i}", f"The tenant pays the rent in {i}.", "lease"])
            writer.writerow([f"r{i}", f"A boiler was seen to leak {i} times", "report"])
        writer.writerow(["wrong", "The tenant pays the rent in 99.", "report"])
        writer.writerow(["same", "A boiler was seen to leak 3 times", "lease"])
    return path


def test_wrong_examples_are_named(run: Run, table: Path) -> None:
    pytest.importorskip("cleanlab")
    result = run("check", table)

    assert 0 == result.exit_code, result.output
    lines = result.stdout.splitlines()
    assert ["id", "label", "likely", "sure", "why"] == lines[0].split()
    assert lines[1].split(maxsplit=4)[:3] == ["same", "lease", "report"]
    assert "the same text as r3, which has another label" in lines[1]
    assert any(line.split()[:3] == ["wrong", "report", "lease"] for line in lines)


def test_missing_library_is_told(
    run: Run, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    result = run("check", table)

    assert (1, "") == (result.exit_code, result.stdout)
    assert "pip install 'longshot[check]'" in result.stderr
