import csv
from pathlib import Path

import pytest

from longshot.cli.project.suggesting import why
from longshot.project import Project
from tests.cli.conftest import Run


@pytest.fixture
def papers(run: Run, tmp_path: Path) -> Path:
    """Give a project of four documents, one of which is labelled."""
    pile = tmp_path / "pile"
    pile.mkdir()
    for name, text in {
        "rent.txt": "The tenant pays the rent.",
        "rent-2.txt": "The landlord asks for the rent.",
        "roof.txt": "The roof leaks above the boiler.",
        "roof-2.txt": "Rust on the boiler and the roof.",
    }.items():
        (pile / name).write_text(text, encoding="utf-8")
    project = tmp_path / "papers"
    assert 0 == run("init", project, "--who", "ada").exit_code
    assert 0 == run("add", project, pile, "--who", "ada").exit_code
    result = run("label", project, "rent.txt", "--as", "lease", "--who", "ada")
    assert 0 == result.exit_code
    return project


def test_a_project_is_made_filled_and_shown(run: Run, papers: Path) -> None:
    result = run("status", papers)
    assert 0 == result.exit_code, result.output
    assert result.stdout == (
        "papers: 4 documents, 1 labelled, 3 open, 0 put off\n"
        "labelled by ada 1\n"
        "label  labelled  decided\n"
        "lease         1        0\n"
    )
    assert f"run: longshot classify {papers}" in result.stderr


def test_adding_again_adds_nothing(run: Run, papers: Path) -> None:
    result = run("add", papers, papers.parent / "pile")
    assert 0 == result.exit_code
    assert "0 documents added, 4 there already, 0 set aside" in result.stderr


def test_what_cannot_be_read_is_named_and_the_code_says_so(
    run: Run, papers: Path
) -> None:
    (papers.parent / "pile" / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    result = run("add", papers, papers.parent / "pile")
    assert 1 == result.exit_code
    assert "broken.pdf" in result.stderr
    assert "1 document could not be added" in run("status", papers).stderr


def test_a_project_is_decided_and_written(run: Run, papers: Path) -> None:
    run("label", papers, "roof.txt", "--as", "report")
    out = papers.parent / "labels.csv"
    result = run("classify", papers, "--out", out)
    assert 0 == result.exit_code, result.output
    assert "4 documents decided from 2 examples" in result.stderr
    with out.open(newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"rent.txt", "rent-2.txt", "roof.txt", "roof-2.txt"}
    assert "yes" == rows["rent.txt"]["checked"]
    assert {row["label"] for row in rows.values()} <= {"lease", "report"}


def test_one_label_decides_nothing(run: Run, papers: Path) -> None:
    result = run("classify", papers)
    assert 1 == result.exit_code
    assert "labels must be at least two" in result.stderr


def test_options_that_a_project_settles_are_told(run: Run, papers: Path) -> None:
    result = run("classify", papers, "--head", "nearest")
    assert 1 == result.exit_code
    assert "--head must be left out" in result.stderr
    result = run("classify", papers, "--window-tokens", "99")
    assert 1 == result.exit_code
    assert "longshot init --model" in result.stderr


def test_what_to_label_next_comes_with_the_reason(run: Run, papers: Path) -> None:
    """It is what the page of the same project shows next."""
    run("label", papers, "roof.txt", "--as", "report")
    result = run("suggest", papers, "-n", 1)
    assert 0 == result.exit_code, result.output
    with Project.open(papers) as project:
        (first,) = project.suggest(1)
    lines = result.stdout.splitlines()
    assert ["document", "likely", "sure", "why", "begins"] == lines[0].split()
    assert 2 == len(lines)
    assert lines[1].startswith(f"{first.document_id}  {first.likely_label} ")
    assert why(first) in lines[1]


def test_suggestions_of_a_project_are_filled_in_and_imported(
    run: Run, papers: Path
) -> None:
    out = papers.parent / "next.csv"
    result = run("suggest", papers, "--out", out)
    assert 0 == result.exit_code, result.output
    assert f"longshot import {papers} {out}" in result.stderr
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"rent-2.txt", "roof.txt", "roof-2.txt"} == {row["id"] for row in rows}
    for row in rows:
        row["label"] = "report"
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert 0 == run("import", papers, out).exit_code
    assert "papers: 4 documents, 4 labelled" in run("status", papers).stdout


def test_options_that_a_project_settles_are_told_by_suggest(
    run: Run, papers: Path
) -> None:
    for option in ("--labels", "--text-column", "--window-tokens"):
        result = run("suggest", papers, option, "9")
        assert 1 == result.exit_code
        assert "must be left out where EXAMPLES is a project" in result.stderr


@pytest.mark.parametrize("command", ["classify", "suggest"])
def test_documents_are_missed_where_there_is_no_project(
    run: Run, labelled: Path, command: str
) -> None:
    result = run(command, labelled)
    assert 1 == result.exit_code
    assert "DOCUMENTS must be named unless EXAMPLES is a project" in result.stderr


def test_every_step_can_be_taken_back(run: Run, papers: Path) -> None:
    run("label", papers, "rent-2.txt", "--none", "--why", "unclear", "--who", "ada")
    run("forget", papers, "rent.txt", "--who", "ada")
    run("skip", papers, "roof.txt", "--note", "later", "--who", "ada")
    lines = run("history", papers).stdout.splitlines()
    assert [line.split("  ", 2)[2] for line in lines] == [
        "5  put off roof.txt (later)",
        "4  took rent.txt out of the examples",
        "3  labelled rent-2.txt as none of these (unclear)",
        "2  labelled rent.txt as lease",
        "1  added 4 documents",
    ]
    result = run("undo", papers, "-n", "9", "--who", "ada")
    assert "nothing is left to take back for ada" in result.stderr
    assert "10  took back entry 1" in result.stdout
    assert "  that was 1  " in result.stderr
    assert "papers: 0 documents" in run("status", papers).stdout


def test_a_passage_is_ignored_everywhere(run: Run, papers: Path) -> None:
    result = run("ignore", papers, "roof.txt", "leaks above  the boiler.")
    assert 0 == result.exit_code, result.output
    assert "said what to ignore everywhere, in roof.txt" in result.stdout
    result = run("ignore", papers, "rent.txt", "leaks above the boiler.")
    assert 1 == result.exit_code
    assert "must stand in its document" in result.stderr


def test_a_label_must_be_given_or_none(run: Run, papers: Path) -> None:
    for options in ([], ["--as", "x", "--none"]):
        result = run("label", papers, "rent.txt", *options)
        assert 1 == result.exit_code
        assert "exactly one of --as LABEL and --none" in result.stderr


def test_an_unknown_document_is_told(run: Run, papers: Path) -> None:
    result = run("label", papers, "nowhere.txt", "--as", "lease")
    assert 1 == result.exit_code
    assert "nowhere.txt" in result.stderr


def test_labels_come_with_their_meaning(run: Run, tmp_path: Path) -> None:
    labels = tmp_path / "labels.yaml"
    labels.write_text(
        "lease: a contract about renting\n"
        "report:\n"
        "  description: what a surveyor saw\n"
        "  speaks_for: [roof, boiler]\n",
        encoding="utf-8",
    )
    result = run("init", tmp_path / "p", "--labels", labels)
    assert 0 == result.exit_code, result.output
    assert "2 labels named" in result.stderr
    assert "report" in run("status", tmp_path / "p").stdout
    labels.write_text("report:\n  speaks: [roof]\n", encoding="utf-8")
    result = run("init", tmp_path / "q", "--labels", labels)
    assert 1 == result.exit_code
    assert "speaks_for" in result.stderr


def test_data_go_out_and_come_in(run: Run, papers: Path, tmp_path: Path) -> None:
    out = tmp_path / "tasks.json"
    assert 0 == run("export", papers, out, "--form", "label-studio").exit_code
    assert 0 == run("init", tmp_path / "other").exit_code
    result = run("import", tmp_path / "other", out, "--form", "label-studio")
    assert 0 == result.exit_code, result.output
    assert "4 documents added, 0 there already; 1 with a label" in result.stderr
    assert "labelled by ada 1" in run("status", tmp_path / "other").stdout


def test_a_project_is_audited(run: Run, papers: Path, tmp_path: Path) -> None:
    run("label", papers, "roof.txt", "--as", "report", "--who", "ada")
    assert 0 == run("classify", papers).exit_code
    sample = tmp_path / "sample.csv"
    result = run("audit", papers, "-n", 2, "--out", sample)
    assert 0 == result.exit_code, result.output
    with sample.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"rent-2.txt", "roof-2.txt"} == {row["id"] for row in rows}
    assert all(row["text"] and not row["label"] for row in rows)
    with sample.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([{**rows[0], "label": "lease"}, {**rows[1], "label": "?"}])
    result = run("audit", papers, "--checked", sample)
    assert 0 == result.exit_code, result.output
    assert "Checked: 2 of 2 drawn at random" in result.stdout
    assert "1 unsure" in result.stdout
    assert "checked" in run("history", papers).stdout


def test_no_project_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    for command in ("status", "history", "undo"):
        result = run(command, tmp_path)
        assert 1 == result.exit_code
        assert "PROJECT must be a folder that longshot init made" in result.stderr
