import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def open_pile(tmp_path: Path) -> Path:
    path = tmp_path / "pile.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerow(["known", "The tenant pays the rent."])
        for i in range(8):
            writer.writerow([f"d{i}", f"Paper {i} speaks of matter {i * 7}."])
    return path


def test_documents_are_named_with_what_is_thought_of_them(
    run: Run, labelled: Path, open_pile: Path
) -> None:
    result = run("suggest", labelled, open_pile, "-n", 3)

    assert 0 == result.exit_code, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["document", "likely", "sure", "or", "begins"] == lines[0]
    assert 4 == len(lines)
    assert all({"lease", "report"} == {line[1], line[3]} for line in lines[1:])
    assert "known" not in result.stdout


def test_nothing_need_be_labelled(run: Run, open_pile: Path, tmp_path: Path) -> None:
    out = tmp_path / "next.csv"
    result = run("suggest", "none", open_pile, "-n", 2, "--out", out)

    assert 0 == result.exit_code, result.output
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert 2 == len(rows)
    assert {""} == {row["likely_label"] for row in rows}
    assert "2 documents to label are in" in result.stderr


def test_one_label_is_enough_to_begin(
    run: Run, open_pile: Path, tmp_path: Path
) -> None:
    (tmp_path / "some" / "lease").mkdir(parents=True)
    (tmp_path / "some" / "lease" / "a.txt").write_text("The tenant pays the rent.")
    result = run("suggest", tmp_path / "some", open_pile, "-n", 2)

    assert 0 == result.exit_code, result.output
    assert 3 == len(result.stdout.splitlines())


def test_an_empty_pile_is_told(run: Run, labelled: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("suggest", labelled, tmp_path / "empty")

    assert 1 == result.exit_code
    assert "error:" in result.stderr


def test_suggestions_that_a_person_labelled_are_examples(
    run: Run, open_pile: Path, tmp_path: Path
) -> None:
    out = tmp_path / "next.csv"
    run("suggest", "none", open_pile, "-n", 3, "--out", out)
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert "text" not in rows[0]
    for row, label in zip(rows, ("lease", "report"), strict=False):
        row["label"] = label
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    result = run("suggest", out, open_pile, "-n", 1)

    assert 0 == result.exit_code, result.output
    assert "1 of the 3 rows of next.csv were not labelled" in result.stderr
    assert "2 examples: lease 1, report 1" in result.stderr
