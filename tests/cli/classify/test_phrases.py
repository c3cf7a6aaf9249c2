"""Phrases of ``labels.yaml`` that speak for and against labels count."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PHRASES = """\
lease:
  description: a contract about renting
report:
  speaks_for: [roof, keys]
  speaks_against: [monthly rent]
"""


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "1.txt").write_text("The roof was seen to, and the keys were returned.")
    return folder


def likely(run: Run, *arguments: object) -> float:
    """Give how likely the only document is a report."""
    result = run("classify", *arguments, "--explain")
    [row] = csv.DictReader(io.StringIO(result.stdout, newline=""))
    sure = float(row["confidence"])
    return sure if row["label"] == "report" else float(row["second_confidence"])


@pytest.mark.parametrize("options", [(), ("--no-pile",)])
def test_phrases_count_from_names_and_beside_examples(
    options: tuple[str, ...], run: Run, pile: Path, tmp_path: Path
) -> None:
    plain, phrased = tmp_path / "plain.yaml", tmp_path / "phrased.yaml"
    plain.write_text("lease: a contract about renting\nreport: roof. keys\n")
    phrased.write_text(PHRASES)
    for label in ("lease", "report"):
        (tmp_path / "examples" / label).mkdir(parents=True)
        (tmp_path / "examples" / label / "1.txt").write_text(f"This is a {label}.")

    assert likely(run, phrased, pile, *options) > likely(run, plain, pile, *options)
    given = [tmp_path / "examples", pile, "--labels"]
    with_phrases = likely(run, *given, phrased, *options)
    assert with_phrases > likely(run, *given, plain, *options)


def test_phrases_are_for_one_label_each(run: Run, pile: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.yaml"
    labels.write_text(PHRASES)
    examples = tmp_path / "examples.csv"
    examples.write_text("text,label\nrent is due,lease\nthe roof leaks,report\n")

    result = run("classify", examples, pile, "--labels", labels, "--several")

    assert 1 == result.exit_code
    assert "phrases must be for documents with one label each" in result.stderr
