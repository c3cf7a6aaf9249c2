import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Give 200 decided documents, of which those with an odd number are leases."""
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "label", "checked", "confidence"])
        for i in range(200):
            writer.writerow([f"d{i}", "lease" if i % 2 else "", "", 0.6 + i / 500])
        writer.writerow(["mine", "lease", "x", 0.5])
    return path


def fill(path: Path, said: dict[str, str] | None = None, most: int = 1000) -> None:
    """Label the sample as the truth has it, but for what is given."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[:most]:
        truth = "lease" if int(row["id"][1:]) % 2 else "none"
        row["label"] = (said or {}).get(row["id"], truth)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def ids(path: Path) -> list[str]:
    with path.open(newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def test_sample_then_certificate(run: Run, labels: Path, tmp_path: Path) -> None:
    sample, certificate = tmp_path / "sample.csv", tmp_path / "certificate.json"
    drawn = run("audit", labels, "-n", 60, "--seed", 3, "--out", sample)
    assert 0 == drawn.exit_code, drawn.output
    assert "1 document labelled by a person: left out" in drawn.stderr
    chosen = ids(sample)
    assert 50 < len(chosen) <= 60
    assert "lease" not in sample.read_text()  # the person must not see it

    wrong, unsure = chosen[4:6]
    fill(sample, {wrong: "report", unsure: "?"})
    told = run(
        "audit", labels, "--checked", sample, "--target", 0.5, "--out", certificate
    )

    assert 0 == told.exit_code, told.output
    assert "of 200 labels are right, 95 % certain" in told.stdout
    assert "1 wrong, 1 unsure, which count as wrong" in told.stdout
    assert "The target of 50 % is reached." in told.stdout
    kept = json.loads(certificate.read_text())
    assert (200, 3, len(chosen) - 2) == (
        kept["n_documents"],
        kept["seed"],
        kept["n_right"],
    )
    assert kept["n_right"] < kept["n_right_at_least"] < 200


def test_one_may_stop_early_and_sort_the_table(
    run: Run, labels: Path, tmp_path: Path
) -> None:
    sample = tmp_path / "sample.csv"
    run("audit", labels, "-n", 60, "--out", sample)
    fill(sample, most=20)
    plain = run("audit", labels, "--checked", sample).stdout
    header, *lines = sample.read_text().splitlines()
    sample.write_text("\n".join([header, *sorted(lines)]) + "\n")

    assert plain == run("audit", labels, "--checked", sample).stdout
    assert f"Checked: 20 of {len(lines)} drawn at random, 20 right" in plain


def test_without_out_the_sample_is_printed(run: Run, labels: Path) -> None:
    printed = run("audit", labels, "-n", 12)

    assert "id,label,asked_for,seed,population" == printed.stdout.splitlines()[0]


def test_other_labels_than_those_drawn_from_are_told(
    run: Run, labels: Path, tmp_path: Path
) -> None:
    sample = tmp_path / "sample.csv"
    run("audit", labels, "-n", 60, "--out", sample)
    labels.write_text(labels.read_text().replace("d7,lease", "d7,report"))
    told = run("audit", labels, "--checked", sample)

    assert 1 == told.exit_code
    assert "LABELS must be the labels that the sample was drawn from" in told.stderr


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id,label\na,lease\n", 'a number in the column "confidence"; "a"'),
        ("id,label,confidence\na,x,0.5\na,y,0.5\n", 'has "a" twice'),
        ("id,confidence\na,0.5\n", 'a column "label"'),
        ("id,label,confidence\na,x,7\n", "confidences must be in [0, 1]; got 7.0"),
    ],
)
def test_tables_that_cannot_be_audited_are_told(
    run: Run, tmp_path: Path, table: str, message: str
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(table)
    told = run("audit", path)

    assert (1, "") == (told.exit_code, told.stdout)
    assert message in told.stderr
