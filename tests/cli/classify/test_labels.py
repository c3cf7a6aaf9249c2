"""Several labels per document, and labels that are paths, from the command line."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TEXTS = {
    "finance/tax/a.txt": "the tax on goods is due",
    "finance/audit/b.txt": "the books were checked by an auditor",
    "law/c.txt": "the court heard the case",
}


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    folder = tmp_path / "nested"
    for place, text in TEXTS.items():
        (folder / place).parent.mkdir(parents=True)
        (folder / place).write_text(text)
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "1.txt").write_text(TEXTS["finance/tax/a.txt"])
    (folder / "2.txt").write_text(TEXTS["law/c.txt"])
    return folder


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_nested_folders_give_paths_and_how_sure_each_part_is(
    run: Run, nested: Path, documents: Path
) -> None:
    result = run("classify", nested, documents, "--nested", "--no-pile")

    rows = rows_of(result.stdout)
    assert ["finance/tax", "law"] == [row["label"] for row in rows]
    first, second = map(float, rows[0]["level_confidences"].split("/"))
    assert first >= second
    assert second == pytest.approx(float(rows[0]["confidence"]), abs=1e-4)
    assert 1 == len(rows[1]["level_confidences"].split("/"))
    assert "finance/audit 1, finance/tax 1, law 1" in result.stderr


def test_a_level_gives_the_first_parts(
    run: Run, nested: Path, documents: Path, tmp_path: Path
) -> None:
    for path in documents.iterdir():  # what is an example, too, is not counted
        path.write_text(f"{path.read_text()} today")
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\n1.txt,finance/audit\n2.txt,law\n")

    result = run(
        "classify", nested, documents, "--nested", "--level", 1, "--truth", truth
    )

    assert ["finance", "law"] == [row["label"] for row in rows_of(result.stdout)]
    assert "2 of 2 are right" in result.stderr


def test_a_level_without_a_tree_is_told(
    run: Run, nested: Path, documents: Path
) -> None:
    result = run("classify", nested, documents, "--level", 1)

    assert 1 == result.exit_code
    assert "level needs labels that form a tree" in " ".join(result.stderr.split())


def test_several_labels_stand_in_a_column_of_their_own(
    run: Run, tmp_path: Path, documents: Path
) -> None:
    source = tmp_path / "examples.jsonl"
    labels = [["finance", "tax"], ["finance"], ["law"]]
    rows = zip(TEXTS.values(), labels, strict=True)
    source.write_text(
        "\n".join(json.dumps({"text": text, "label": one}) for text, one in rows)
    )

    result = run("classify", source, documents, "--several", "--format", "jsonl")

    assert 0 == result.exit_code, result.stderr
    found = [json.loads(line) for line in result.stdout.splitlines()]
    for one in found:
        several = one["labels"].split(";") if one["labels"] else [None]
        assert several[0] == one["label"]
    assert "finance 2, law 1, tax 1" in result.stderr


def test_a_report_can_be_written_of_several_labels(
    run: Run, tmp_path: Path, documents: Path
) -> None:
    source, page = tmp_path / "examples.csv", tmp_path / "page.html"
    source.write_text("text,label\nthe tax is due,finance|tax\nthe court sat,law\n")

    result = run(
        "classify",
        source,
        documents,
        "--several",
        "--label-separator",
        "|",
        "--report",
        page,
    )

    assert 0 == result.exit_code, result.stderr
    assert "finance" in page.read_text()


def test_a_truth_of_one_label_cannot_judge_several(
    run: Run, nested: Path, documents: Path, tmp_path: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("id,label\n1.txt,finance\n")

    result = run("classify", nested, documents, "--several", "--truth", truth)

    assert 1 == result.exit_code
    assert "--truth must hold one label" in " ".join(result.stderr.split())


def test_sets_of_labels_are_refused_where_documents_may_have_several(
    run: Run, nested: Path, documents: Path
) -> None:
    result = run("classify", nested, documents, "--several", "--confidence", "0.9")

    assert 1 == result.exit_code
    assert "confidence cannot be used where documents may have several" in result.stderr


def test_a_level_is_refused_where_documents_may_have_several(
    run: Run, nested: Path, documents: Path
) -> None:
    result = run("classify", nested, documents, "--several", "--nested", "--level", "1")

    assert 1 == result.exit_code
    assert "level cannot be used where documents may have several" in result.stderr


def test_sets_at_a_level_hold_the_labels_of_that_level(
    run: Run, nested: Path, documents: Path
) -> None:
    level = ["--nested", "--level", "1", "--confidence", "0.9"]

    rows = rows_of(run("classify", nested, documents, *level).stdout)

    assert all({"finance", "law"} == set(json.loads(r["label_set"])) for r in rows)
