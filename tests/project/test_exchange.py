import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot.embedder import DocumentEmbedder
from longshot.errors import OutputError, ReadingError, SettingError
from longshot.project import Project
from longshot.records import Document
from tests.project.conftest import DOCUMENTS, TEXTS

EXPORTS = Path(__file__).parent / "exports"
ROOF = "The surveyor found that the roof leaks."
TABLES = ("csv", "tsv", "jsonl", "parquet")
TOOLS = {
    "label-studio": "json",
    "argilla": "json",
    "prodigy": "jsonl",
    "doccano": "jsonl",
}


@pytest.fixture
def labelled(tmp_path: Path, embedder: DocumentEmbedder) -> Iterator[Project]:
    """Give a project with labels of two people, none of these, and decisions."""
    made = Project.create(tmp_path / "letters", who="ada", embedder=embedder)
    with made as project:
        project.add(DOCUMENTS)
        project.label(["rent-1"], "lease", who="ada")
        project.label(["leak-1"], "report", who="ben")
        project.label(["leak-3"], None, who="ben")
        project.classify()
        yield project


@pytest.fixture
def empty(tmp_path: Path, embedder: DocumentEmbedder) -> Iterator[Project]:
    made = Project.create(tmp_path / "other", who="eve", embedder=embedder)
    with made as project:
        yield project


def said(project: Project) -> dict[str, tuple[str | None, str]]:
    return {one.document_id: (one.label, one.who) for one in project.examples()}


EXPECTED = {
    "rent-1": ("lease", "ada"),
    "leak-1": ("report", "ben"),
    "leak-3": (None, "ben"),
}


@pytest.mark.parametrize("form", TABLES)
def test_a_table_brings_a_project_back(
    labelled: Project, empty: Project, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"out.{form}"
    assert labelled.export(path) == 6
    found = empty.import_(path)
    assert (found.n_added, found.n_labelled) == (6, 3)
    assert {one.id for one in empty.documents().rows} == set(TEXTS)
    assert empty.document("rent-2").text == TEXTS["rent-2"]
    assert said(empty) == EXPECTED


@pytest.mark.parametrize("form", TOOLS)
def test_another_tools_form_brings_a_project_back(
    labelled: Project, empty: Project, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"out.{TOOLS[form]}"
    assert labelled.export(path, form) == 6
    empty.import_(path, form)
    assert empty.document("rent-2").text == TEXTS["rent-2"]
    assert said(empty) == EXPECTED


@pytest.mark.parametrize("form", [*TABLES, *TOOLS])
def test_reading_in_twice_changes_nothing(
    labelled: Project, empty: Project, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"out.{TOOLS.get(form, form)}"
    labelled.export(path, form)
    empty.import_(path, form)
    n_entries = empty.status().n_entries
    again = empty.import_(path, form)
    assert (again.n_added, again.n_known) == (0, 6)
    assert empty.status().n_entries == n_entries


def test_importing_is_taken_back_by_who_imported(
    labelled: Project, empty: Project, tmp_path: Path
) -> None:
    labelled.export(tmp_path / "out.csv")
    empty.import_(tmp_path / "out.csv")
    while empty.undo():
        pass
    assert said(empty) == {}
    assert empty.status().n_documents == 0


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("label-studio", {("lease", "3"), ("report", "ben@example.org")}),
        (
            "argilla",
            {
                ("report", "b2d5f3a2-7b2e-4a88-9f60-2f3a5b6f3c11"),
                ("lease", "b2d5f3a2-7b2e-4a88-9f60-2f3a5b6f3c11"),
            },
        ),
        ("prodigy", {("lease", "letters-ada"), ("report", "eve")}),
        ("doccano", {("lease", "eve"), ("report", "eve")}),
    ],
)
def test_what_other_tools_wrote_is_read(
    empty: Project, form: str, expected: set[tuple[str, str]]
) -> None:
    (path,) = EXPORTS.glob(f"{form}.*")
    empty.import_(path, form)
    found = empty.opinions([one.id for one in empty.documents().rows])
    opinions = {(label, who) for one in found.values() for who, label in one.items()}
    assert expected <= opinions
    texts = [empty.document(one.id).text for one in empty.documents().rows]
    assert ROOF in texts
    assert TEXTS["rent-1"] in texts


def test_label_studio_tells_of_what_it_cannot_use(empty: Project) -> None:
    found = empty.import_(EXPORTS / "label-studio.json", "label-studio")
    assert (found.n_added, found.n_set_aside) == (3, 1)
    assert [one.state for one in empty.documents().rows].count("skipped") == 1
    (conflict,) = empty.conflicts()
    assert conflict.document_id == "roof"


def test_prodigys_answers_are_told_apart(empty: Project) -> None:
    empty.import_(EXPORTS / "prodigy.jsonl", "prodigy")
    by_text = {
        empty.document(one.id).text: (one.state, one.given_label)
        for one in empty.documents().rows
    }
    assert by_text["Nobody could tell what this one is."] == ("skipped", None)
    assert by_text["It is neither of the two."] == ("labelled", None)
    assert by_text["Not a report, but what?"] == ("open", None)


def test_labels_find_documents_by_their_text(empty: Project) -> None:
    empty.add([Document(id="my-letter.txt", text=TEXTS["rent-1"])])
    empty.import_(EXPORTS / "doccano.jsonl", "doccano")
    assert said(empty)["my-letter.txt"] == ("lease", "eve")


def test_a_table_of_ids_and_labels_labels(labelled: Project, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("id,label\nrent-2,lease\nnowhere,lease\n", encoding="utf-8")
    found = labelled.import_(path, who="eve")
    assert (found.n_added, found.n_labelled, found.n_set_aside) == (0, 1, 1)
    assert said(labelled)["rent-2"] == ("lease", "eve")


def test_decisions_that_nobody_checked_are_no_labels(
    labelled: Project, empty: Project, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    labelled.export(path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[1]["label"] = "corrected"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    empty.import_(path)
    assert said(empty) == {**EXPECTED, rows[1]["id"]: ("corrected", "eve")}


def test_a_table_says_which_labels_are_a_persons_as_for_classify(
    empty: Project, tmp_path: Path
) -> None:
    path = tmp_path / "results.csv"
    path.write_text("id,text,label,checked\na,The rent,lease,x\nb,The roof,lease,\n")
    empty.import_(path)
    assert said(empty) == {"a": ("lease", "eve")}


def test_a_table_tells_the_passage_that_decided_where_it_is_wanted(
    labelled: Project, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    labelled.export(path)
    assert "passage" not in path.read_text()
    labelled.export(path, evidence=True)
    rows = {row["id"]: row for row in map(json.loads, path.read_text().splitlines())}
    evidence = labelled.evidence("rent-2")
    assert evidence is not None
    assert rows["rent-2"]["passage"] == evidence.passage.text
    start, end = rows["rent-2"]["passage_start"], rows["rent-2"]["passage_end"]
    assert rows["rent-2"]["text"][start:end] == evidence.passage.text


def test_files_are_copied_into_one_folder_per_label(
    tmp_path: Path, embedder: DocumentEmbedder
) -> None:
    original = tmp_path / "a.md"
    original.write_bytes(b"# The rent\r\n")
    with Project.create(tmp_path / "p", embedder=embedder) as project:
        given = Document(id="a.md", text="The rent", source=str(original))
        row = Document(id="../../row", text="A row of a table", source="t.csv, line 2")
        other = Document(id="b/a.md", text="Another one")
        project.add([given, row, other])
        project.label(["a.md", "b/a.md"], "finance/rent")
        project.label(["../../row"], None)
        target = tmp_path / "sorted"
        assert project.export(target) == 3
        found = {
            str(one.relative_to(target)): one.read_bytes()
            for one in target.rglob("*")
            if one.is_file()
        }
        assert found == {
            "finance/rent/a.md": b"# The rent\r\n",
            "finance/rent/a (2).md": b"Another one",
            "_none of these/row.txt": b"A row of a table",
        }
        with pytest.raises(OutputError, match="empty"):
            project.export(target)


def test_folders_of_labels_are_read_in(empty: Project, tmp_path: Path) -> None:
    for label in ("lease", "report"):
        (tmp_path / "in" / label).mkdir(parents=True)
        (tmp_path / "in" / label / "x.txt").write_text(f"About a {label}.")
    empty.import_(tmp_path / "in")
    assert sorted(label or "" for label, _ in said(empty).values()) == [
        "lease",
        "report",
    ]


def test_the_report_shows_every_document(labelled: Project, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert labelled.export(path) == 6
    page = path.read_text(encoding="utf-8")
    assert "labelled by ben" in page
    assert all(one in page for one in TEXTS)


def test_a_form_must_be_named_or_clear(labelled: Project, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="--form"):
        labelled.export(tmp_path / "out.json")
    with pytest.raises(SettingError, match="HTML"):
        labelled.import_(EXPORTS / "doccano.jsonl", "report")
    with pytest.raises(ReadingError, match="must be JSON"):
        labelled.import_(Path(__file__), "argilla")
