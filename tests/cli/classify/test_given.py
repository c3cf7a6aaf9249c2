"""A label that a person gave to a document of the pile stands in every result."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def corrections(tmp_path: Path) -> Path:
    """Say of the pile's first document, which is about rent, that it is a report."""
    table = tmp_path / "corrected.csv"
    table.write_text("id,label,checked,predicted_label\n1.txt,report,,lease\n")
    return table


def by_id(text: str) -> dict[str, dict[str, str]]:
    return {one["id"]: one for one in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.mark.parametrize("pile_option", ["--pile", "--no-pile"])
def test_a_correction_is_the_answer_and_what_was_decided_stands_beside_it(
    run: Run, labelled: Path, pile: Path, corrections: Path, pile_option: str
) -> None:
    text = (pile / "1.txt").read_text()
    (labelled / "lease" / "b.txt").write_text(text)  # which speaks for a lease

    result = run("classify", labelled, pile, "--corrections", corrections, pile_option)

    row = by_id(result.stdout)["1.txt"]
    assert ("report", "yes") == (row["label"], row["checked"])
    assert "" == by_id(result.stdout)["2.txt"]["checked"]
    assert "3 examples: lease 1, report 2" in result.stderr  # it counts once
    told = "1 document among the examples, too: the label stays as you gave it"
    assert told in result.stderr


def test_a_result_with_corrections_goes_back_in_unchanged(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, corrections: Path
) -> None:
    out = tmp_path / "labels.csv"
    run("classify", labelled, pile, "--corrections", corrections, "--out", out)

    result = run("classify", labelled, pile, "--corrections", out)

    assert "report" == by_id(result.stdout)["1.txt"]["label"]


def test_several_labels_and_labels_cut_to_a_level_stand(
    run: Run, tmp_path: Path, pile: Path
) -> None:
    text = (pile / "1.txt").read_text()
    lines = [
        {"id": "a", "text": text, "label": ["lease", "report"]},
        {"id": "b", "text": "a roof and a wall", "label": ["report"]},
        {"id": "c", "text": "the rent of a flat", "label": ["lease"]},
    ]
    several, paths = tmp_path / "several.jsonl", tmp_path / "paths.jsonl"
    several.write_text("\n".join(map(json.dumps, lines)))
    for line, label in zip(lines, ("law/lease/flat", "house/roof", "law"), strict=True):
        line["label"] = label
    paths.write_text("\n".join(map(json.dumps, lines)))

    both = run("classify", several, pile, "--several")
    cut = run("classify", paths, pile, "--level", "1")

    assert "lease;report" == by_id(both.stdout)["1.txt"]["labels"]
    assert "law" == by_id(cut.stdout)["1.txt"]["label"]


def test_texts_with_two_labels_are_decided(
    run: Run, labelled: Path, pile: Path
) -> None:
    text = (pile / "1.txt").read_text()
    for label in ("lease", "report"):
        (labelled / label / "same.txt").write_text(text)

    result = run("classify", labelled, pile)

    assert "" == by_id(result.stdout)["1.txt"]["checked"]
    assert "stays as you gave it" not in result.stderr
    assert (
        "1 document among the examples, too, under several labels: longshot decided\n"
        "  1.txt\n" in result.stderr
    )


def test_people_see_whose_label_it_is(
    run: Run, tmp_path: Path, labelled: Path, pile: Path, corrections: Path
) -> None:
    page = tmp_path / "page.html"
    given = ("--corrections", corrections, "--format", "table", "--report", page)

    result = run("classify", labelled, pile, *given)

    line = next(line for line in result.stdout.splitlines() if "1.txt" in line)
    assert "report" in line
    assert "100" in line
    assert "the label is yours; longshot" in page.read_text()
