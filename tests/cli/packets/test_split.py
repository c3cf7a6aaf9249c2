"""``longshot split`` and ``longshot classify --sections``, as people type them."""

import csv
import io
import json
import sys
from pathlib import Path

import pikepdf
import pytest

from longshot.machine.locations import example_folder
from tests.cli.conftest import Run
from tests.packets.merged import merge, pages_as_lines

PAGES = [
    ["The tenant owes the rent."],
    ["The boiler was found to burst."],
    ["The tenant pays the rent again."],
]


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """Three pages of one PDF, with a blank one before the last."""
    path = tmp_path / "scan.pdf"
    merge(path, [[PAGES[0]], [PAGES[1], [""]], [PAGES[2]]])
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def pages_in(rows: list[dict[str, str]]) -> list[int]:
    return [
        page
        for row in rows
        for page in range(int(row["first_page"]), int(row["last_page"]) + 1)
    ]


def test_sections_cover_all_pages_of_a_pdf_in_order(
    run: Run, labelled: Path, merged: Path
) -> None:
    result = run("split", merged, labelled)
    assert result.exit_code == 0, result.stderr
    rows = rows_of(result.stdout)
    assert pages_in(rows) == [1, 2, 3, 4]
    assert [row["section"] for row in rows] == [
        str(number) for number in range(1, len(rows) + 1)
    ]
    assert rows[0]["file"] == "scan.pdf"
    assert rows[0]["id"] == "scan.pdf#1"
    assert [int(row["start"]) for row in rows[1:]] == [
        int(row["end"]) for row in rows[:-1]
    ]
    assert f"{len(rows)} section" in result.stderr


def test_names_of_labels_are_enough(run: Run, tmp_path: Path, merged: Path) -> None:
    labels = tmp_path / "labels.yaml"
    labels.write_text("lease: about rent\nreport: about boilers\n", encoding="utf-8")
    result = run("split", merged, "--labels", labels, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["label"] for row in rows} <= {"lease", "report"}


def test_without_labels_it_says_how_to_give_them(run: Run, merged: Path) -> None:
    result = run("split", merged)
    assert result.exit_code == 1
    assert "split must know the labels; got neither EXAMPLES nor --labels" in (
        result.stderr.replace("\n", " ")
    )


def test_the_parts_together_are_the_whole(
    run: Run, labelled: Path, merged: Path, tmp_path: Path
) -> None:
    parts, out = tmp_path / "parts", tmp_path / "sections.csv"
    result = run("split", merged, labelled, "--pdfs", parts, "--out", out)
    assert result.exit_code == 0, result.stderr
    rows = rows_of(out.read_text(encoding="utf-8"))
    files = sorted(parts.iterdir())
    assert len(files) == len(rows)
    n_pages = []
    for path, row in zip(files, rows, strict=True):
        with pikepdf.open(path) as part:
            n_pages.append(len(part.pages))
        assert path.name == f"scan-{row['section']}-{row['label']}.pdf"
    assert sum(n_pages) == 4


def test_a_file_that_is_no_pdf_is_named_where_parts_are_wanted(
    run: Run, labelled: Path, pile: Path, tmp_path: Path
) -> None:
    result = run("split", pile / "1.txt", labelled, "--pdfs", tmp_path / "parts")
    assert result.exit_code == 0, result.stderr
    assert "1.txt: no PDF with pages" in result.stderr
    assert list((tmp_path / "parts").iterdir()) == []


def test_a_missing_library_for_parts_is_named_with_its_extra(
    run: Run, labelled: Path, merged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("longshot.report.packets.parts.find_spec", lambda _: None)
    result = run("split", merged, labelled, "--pdfs", merged.parent / "parts")
    assert result.exit_code == 1
    assert "pip install 'longshot[documents]'" in result.stderr.replace("\n", " ")
    assert not (merged.parent / "parts").exists()


def test_the_report_has_a_strip_for_each_file(
    run: Run, labelled: Path, merged: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    result = run("split", merged, labelled, "--report", report)
    assert result.exit_code == 0, result.stderr
    page = report.read_text(encoding="utf-8")
    assert "What each file holds" in page
    assert 'href="#document=scan.pdf%231"' in page


def test_every_section_of_a_long_document_is_labelled(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    paragraphs = [40 * f"The tenant pays the rent of {n}. " for n in range(4)]
    text = "\n\n".join(paragraphs)
    long = tmp_path / "long.txt"
    long.write_text(text, encoding="utf-8")
    result = run("classify", labelled, long, "--sections")
    assert result.exit_code == 0, result.stderr
    rows = rows_of(result.stdout)
    assert rows[0]["start"] == "0"
    assert rows[-1]["end"] == str(len(text))
    assert {row["first_page"] for row in rows} == {""}


@pytest.mark.parametrize("command", ["split", "classify"])
def test_a_corrected_section_goes_back_in(
    run: Run, labelled: Path, tmp_path: Path, command: str
) -> None:
    """Its label is taken, and the section is learned from, in both ways to ask."""
    texts = [40 * line[0] for line in PAGES]
    (tmp_path / "scan.txt").write_text("\f\n\n".join(texts), encoding="utf-8")
    out, again = tmp_path / "sections.csv", tmp_path / "again.csv"
    both = (tmp_path / "scan.txt", labelled)
    given = both if command == "split" else (*reversed(both), "--sections")
    assert run(command, *given, "--out", out).exit_code == 0
    rows = rows_of(out.read_text(encoding="utf-8"))
    former = rows[0]["label"]
    rows[0]["label"] = corrected = "other" if former == "lease" else "lease"
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    result = run(command, *given, "--corrections", out, "--out", again)

    assert result.exit_code == 0, result.stderr
    assert f"{len(rows) - 1} of the {len(rows)} rows" in result.stderr
    first = rows_of(again.read_text(encoding="utf-8"))[0]
    assert first["end"] == rows[0]["end"]
    assert (first["label"], first["checked"]) == (corrected, "yes")


def test_a_table_of_pages_is_enough_to_learn_from(
    run: Run, merged: Path, tmp_path: Path
) -> None:
    table = tmp_path / "pages.csv"
    table.write_text(
        "path,first_page,last_page,label\nscan.pdf,1,1,lease\nscan.pdf,2,,report\n"
    )
    result = run("split", merged, table)
    assert result.exit_code == 0, result.stderr
    assert "2 examples: lease 1, report 1" in result.stderr
    assert pages_in(rows_of(result.stdout)) == [1, 2, 3, 4]


def test_sections_go_with_what_can_be_said_of_them_alone(
    run: Run, labelled: Path, pile: Path
) -> None:
    result = run("classify", labelled, pile, "--sections", "--level", 1)
    assert result.exit_code == 1
    assert "got --level" in result.stderr.replace("\n", " ")


@pytest.mark.slow
@pytest.mark.usefixtures("real_models")
def test_papers_merged_to_one_pdf_are_found_again(run: Run, tmp_path: Path) -> None:
    folder = example_folder()
    assert folder is not None
    examples, kinds = tmp_path / "labelled", ("incident-report", "lease")
    joined = []
    for kind in kinds:
        *known, other = sorted((folder / "labelled" / kind).iterdir())
        (examples / kind).mkdir(parents=True)
        for one in known:
            (examples / kind / one.name).write_bytes(one.read_bytes())
        joined.append(pages_as_lines(other.read_text(encoding="utf-8")))
    starts = merge(tmp_path / "pile.pdf", joined)
    result = run("split", tmp_path / "pile.pdf", examples, "--no-cache")
    rows = rows_of(result.stdout)
    assert [(int(row["first_page"]), row["label"]) for row in rows] == list(
        zip(starts, kinds, strict=True)
    )
