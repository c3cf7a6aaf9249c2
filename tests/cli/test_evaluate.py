import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Give a table with six documents of each of two labels."""
    path = tmp_path / "labelled.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "label"])
        for i in range(6):
            writer.writerow([f"l{i}", f"The tenant pays the rent number {i}.", "lease"])
            writer.writerow([f"r{i}", f"A boiler was found to leak, {i}.", "report"])
    return path


def test_tables_and_answers_go_to_stdout(run: Run, table: Path) -> None:
    result = run("evaluate", table, "--shots", "1,2,4", "--splits", 3)

    assert 0 == result.exit_code, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split() == (
        "shots learner accuracy macro F1 calibration error AURC".split()
    )
    assert ["longshot", "article", "tf-idf"] * 3 == [
        line.split()[1] for line in lines[1:10]
    ]
    assert "Accuracy with 4 examples per class: " in result.stdout
    assert "8 examples per class (16 labels in all)" in result.stdout
    assert "12 examples: lease 6, report 6\n" == result.stderr


def test_figures_and_report_are_written(run: Run, table: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out, report = tmp_path / "figures.json", tmp_path / "report.html"
    options = ["--shots", "1,2", "--splits", 2, "--out", out, "--report", report]
    result = run("evaluate", table, *options)

    assert 0 == result.exit_code, result.output
    assert out.is_file()
    assert "Learning curve" in report.read_text()


def test_another_model_is_compared_on_the_same_splits(run: Run, table: Path) -> None:
    options = ["--shots", "1", "--splits", 2, "--against", "other"]
    result = run("evaluate", table, *options)

    assert 0 == result.exit_code, result.output
    # both models are the fake one here
    assert (
        "No clear difference between longshot and longshot with other" in result.stdout
    )


def test_what_was_left_out_is_told(run: Run, table: Path) -> None:
    result = run("evaluate", table, "--splits", 2)

    assert "note: 8 examples per class left out" in result.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--shots", "many"], "shots must be whole numbers of at least 1"),
        (["--shots", "0"], "shots must be whole numbers of at least 1"),
        (["--shots", "8"], "half of the classes must have 9 documents or more"),
        (["--out", "figures.xls"], "a table's file name must end in"),
        (["--report", "/nowhere/r.html"], "/nowhere is missing or read-only"),
    ],
)
def test_mistakes_are_told_in_one_line(
    run: Run, table: Path, options: list[str], told: str
) -> None:
    result = run("evaluate", table, *options)

    assert (1, "") == (result.exit_code, result.stdout)
    assert told in result.stderr.splitlines()[-1]


def test_single_documents_cannot_be_evaluated(run: Run, labelled: Path) -> None:
    result = run("evaluate", labelled)

    assert 1 == result.exit_code
    assert "at least two labels must have 2 documents or more" in result.stderr
