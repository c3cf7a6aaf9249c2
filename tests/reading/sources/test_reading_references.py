"""Tables of ids and labels are examples of the pile that they name."""

import json
from pathlib import Path

import pytest

from longshot.errors import ExamplesError, ReadingError
from longshot.reading import read_documents, read_examples, read_labelled_documents
from longshot.records import SetAside
from tests.reading.pdf_files import pdf_bytes


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    folder = tmp_path / "pile"
    (folder / "old").mkdir(parents=True)
    (folder / "1.txt").write_text("The tenant owes the rent.")
    (folder / "old" / "2.txt").write_text("The boiler was found to burst.")
    (folder / "more.csv").write_text("id,text\n7,The roof leaks.\n8,Minutes.\n")
    return folder


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def texts(table: Path, documents: Path | None) -> dict[str, str]:
    found = read_examples(table, documents=documents)
    return {one.document.text: one.label for one in found}


def test_ids_name_documents_of_a_folder_and_of_tables_in_it(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "some.csv",
        "id,label",
        "1.txt,lease",
        "old/2.txt,report",
        "more.csv#7,report",
    )

    assert {
        "The tenant owes the rent.": "lease",
        "The boiler was found to burst.": "report",
        "The roof leaks.": "report",
    } == texts(table, pile)


def test_ids_name_rows_of_a_table(tmp_path: Path, pile: Path) -> None:
    table = write(tmp_path / "some.jsonl", json.dumps({"id": 8, "label": "minutes"}))

    assert {"Minutes.": "minutes"} == texts(table, pile / "more.csv")


@pytest.mark.parametrize("documents", [True, False])
def test_paths_name_files_below_the_documents_or_beside_the_table(
    pile: Path, documents: bool
) -> None:
    table = write(
        pile / "some.csv", "path,label", "1.txt,lease", "old/2.txt,report", "1.txt,"
    )

    found = {"The tenant owes the rent.": "lease"}
    found["The boiler was found to burst."] = "report"
    assert found == texts(table, pile if documents else None)


def test_of_results_only_what_a_person_changed_or_checked_is_an_example(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "labels.csv",
        "id,label,checked,predicted_label",
        "1.txt,lease,,report",
        "old/2.txt,report,x,report",
        "more.csv#7,report,,report",
        "more.csv#8,lease,no,lease",
    )

    examples = list(read_examples(table, documents=pile))

    assert [("1.txt", "lease"), ("old/2.txt", "report")] == [
        (one.document.id, one.label) for one in examples
    ]
    assert (
        "2 of the 4 rows of labels.csv were not labelled, corrected or checked by a "
        "person, and are not used as examples",
    ) == examples[0].document.notes


def test_of_results_with_several_labels_all_of_them_count(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "labels.csv",
        "id,label,labels,checked,predicted_label,predicted_labels",
        "1.txt,lease,lease;due,,lease,lease",
        "old/2.txt,report,report;due,,report,report;due",
    )

    (example,) = read_labelled_documents(table, documents=pile)

    assert ("due", "lease") == example.labels


def test_a_table_that_names_no_document_of_the_pile_is_a_mistake(
    tmp_path: Path, pile: Path
) -> None:
    table = write(tmp_path / "some.csv", "id,label", "17,lease", "18,report")

    with pytest.raises(ExamplesError, match=r'none of the 2 that .* such as "17"'):
        texts(table, pile)


def test_results_that_nobody_looked_at_are_no_examples(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "labels.csv", "id,label,checked,predicted_label", "1.txt,a,,a"
    )

    with pytest.raises(ExamplesError, match='put an x into the column "checked"'):
        texts(table, pile)


def test_one_that_is_not_there_is_set_aside(tmp_path: Path, pile: Path) -> None:
    table = write(tmp_path / "some.csv", "id,label", "1.txt,lease", "3.txt,report")
    aside: list[SetAside] = []

    assert 1 == len(
        list(read_examples(table, documents=pile, on_set_aside=aside.append))
    )
    assert ['names the document "3.txt", which does not exist: correct the name'] == [
        one.reason for one in aside
    ]


def test_names_of_files_are_no_texts(tmp_path: Path, pile: Path) -> None:
    table = write(tmp_path / "some.csv", "file,label", "pile/1.txt,lease", "b.pdf,x")

    with pytest.raises(ExamplesError, match='Call the column "path"'):
        list(read_examples(table, text_column="file", documents=pile))
    with pytest.raises(ReadingError, match="Name the folder of the files"):
        list(read_documents(table, text_column="file"))


def test_a_text_that_mentions_a_file_is_a_text(tmp_path: Path) -> None:
    table = write(tmp_path / "some.csv", "text", "see lease.pdf", "lease.pdf", "rent")

    assert 3 == len(list(read_documents(table)))


def test_of_what_the_page_saves_only_a_persons_labels_are_examples(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "all-labels.csv",
        "id,label,labelled_by,note",
        "1.txt,lease,person,",
        "old/2.txt,lease,longshot,",
    )

    assert {"The tenant owes the rent.": "lease"} == texts(table, pile)


def test_rows_of_sections_name_a_run_of_a_documents_text(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "sections.csv",
        "id,file,start,end,label,predicted_label",
        "1.txt#1,1.txt,0,10,lease,report",
        "1.txt#2,1.txt,10,25,lease,lease",
        "more.csv#7#1,more.csv#7,4,8,report,lease",
    )

    found = [one.document for one in read_examples(table, documents=pile)]

    assert [("1.txt#1", "The tenant"), ("more.csv#7#1", "roof")] == [
        (one.id, one.text) for one in found
    ]
    assert f"{pile / '1.txt'}, characters 0 to 10" == found[0].source


def test_pages_of_a_file_are_named_by_their_numbers(tmp_path: Path) -> None:
    pages = [["The lease"], ["goes on."], [], ["A report"]]
    (tmp_path / "scan.pdf").write_bytes(pdf_bytes(*pages))
    table = write(
        tmp_path / "pages.csv",
        "path,first_page,last_page,label",
        "scan.pdf,1,3,lease",
        "scan.pdf,4,,report",
        "scan.pdf,5,9,report",
    )
    aside: list[SetAside] = []

    found = list(read_examples(table, on_set_aside=aside.append))

    assert ["The lease\n\ngoes on.", "A report"] == [
        one.document.text.strip() for one in found
    ]
    assert ["scan.pdf#pages 1 to 3", "scan.pdf#pages 4 to 4"] == [
        one.document.id for one in found
    ]
    assert ["has 3 pages with text, and not pages 5 to 9: split it again"] == [
        one.reason for one in aside
    ]


def test_sections_need_no_id_of_their_own(tmp_path: Path, pile: Path) -> None:
    table = write(tmp_path / "some.csv", "file,start,end,label", "1.txt,0,10,lease")

    (found,) = read_examples(table, documents=pile)

    assert ("1.txt#characters 0 to 10", "The tenant") == (
        found.document.id,
        found.document.text,
    )


def test_a_section_of_a_file_that_changed_is_set_aside(
    tmp_path: Path, pile: Path
) -> None:
    table = write(
        tmp_path / "sections.csv",
        "id,file,start,end,label",
        "1.txt#1,1.txt,0,10,lease",
        "1.txt#2,1.txt,10,99,lease",
    )
    aside: list[SetAside] = []

    list(read_examples(table, documents=pile, on_set_aside=aside.append))

    assert ["has 25 characters, and not characters 10 to 99: split it again"] == [
        one.reason for one in aside
    ]
