import json
from pathlib import Path

import pytest

from longshot.errors import ExamplesError, LongshotError, ReadingError
from longshot.reading import read_examples
from longshot.reading.sources.descriptions import read_descriptions
from longshot.records import Document, Example, SetAside


def read(source: Path) -> tuple[list[Example], list[SetAside]]:
    set_aside: list[SetAside] = []
    return list(read_examples(source, on_set_aside=set_aside.append)), set_aside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ["lease/a.txt", "lease/2024/b.txt", "sale/c.txt"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_each_sub_folder_is_a_label(folder: Path) -> None:
    examples, set_aside = read(folder)

    assert [
        ("lease/2024/b.txt", "lease"),
        ("lease/a.txt", "lease"),
        ("sale/c.txt", "sale"),
    ] == [(example.document.id, example.label) for example in examples]
    assert [] == set_aside


def test_a_table_in_a_labels_folder_belongs_to_it(folder: Path) -> None:
    (folder / "sale" / "d.csv").write_text("id,text\nx/y,more\n")

    assert ("sale/d.csv#x/y", "sale") == (
        read(folder)[0][-1].document.id,
        read(folder)[0][-1].label,
    )


def test_files_beside_the_labels_are_set_aside(folder: Path) -> None:
    (folder / "README.txt").write_text("about these")
    (folder / "pile.csv").write_text("id,text\nx/y,more\n")

    examples, set_aside = read(folder)

    assert 3 == len(examples)
    assert {
        (
            name,
            "is beside the labels' sub-folders, so it has no label: move it "
            "into one of them",
        )
        for name in ["README.txt", "pile.csv#x/y"]
    } == {(item.id, item.reason) for item in set_aside}


def test_an_unreadable_example_is_set_aside(folder: Path) -> None:
    (folder / "sale" / "d.txt").write_text("")

    assert ["is empty"] == [item.reason for item in read(folder)[1]]


@pytest.mark.parametrize(
    ("ending", "table"),
    [
        ("csv", "label,text\n lease ,The rent.\n"),
        ("tsv", "label\ttext\nlease\tThe rent.\n"),
        ("jsonl", '{"label": "lease", "text": "The rent."}\n'),
    ],
)
def test_a_table_gives_a_label_per_row(tmp_path: Path, ending: str, table: str) -> None:
    path = tmp_path / f"examples.{ending}"
    path.write_text(table)
    line = 1 if ending == "jsonl" else 2

    assert [
        Example(
            document=Document(id="1", text="The rent.", source=f"{path}, line {line}"),
            label="lease",
        )
    ] == list(read_examples(path))


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "examples.csv"
    path.write_text("kind,body,key\nlease,The rent.,k\n")

    examples = read_examples(
        path, text_column="body", label_column="kind", id_column="key"
    )

    assert [("k", "lease")] == [(item.document.id, item.label) for item in examples]


@pytest.mark.parametrize("label", ['""', '" "', "null", "[1]", None])
def test_a_row_without_a_label_is_set_aside(tmp_path: Path, label: str | None) -> None:
    path = tmp_path / "examples.jsonl"
    bad = '{"text": "b"}' if label is None else f'{{"text": "b", "label": {label}}}'
    path.write_text('{"text": "a", "label": 0}\n' + bad)

    examples, set_aside = read(path)

    assert ["0"] == [example.label for example in examples]
    assert [("2", 'has no label in its column "label": fill it in')] == [
        (item.id, item.reason) for item in set_aside
    ]


def test_a_row_without_text_is_set_aside_for_that(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text('{"text": "a", "label": "x"}\n{"text": null, "label": "x"}\noops\n')

    reasons = [item.reason for item in read(path)[1]]

    assert 'holds nothing in its column "text"' == reasons[0]
    assert reasons[1].startswith("is not JSON")


def test_a_missing_label_column_is_told_with_those_that_are_there(
    tmp_path: Path,
) -> None:
    path = tmp_path / "contracts.csv"
    path.write_text("id,text,kind\n1,a,b\n")

    with pytest.raises(ExamplesError) as raised:
        read(path)

    assert (
        'EXAMPLES must have a column "label"; contracts.csv has: id, text, kind. '
        "Choose it with --label-column." == str(raised.value)
    )


def test_texts_in_the_column_of_labels_are_told(tmp_path: Path) -> None:
    path = tmp_path / "contracts.jsonl"
    path.write_text(json.dumps({"text": "lease", "label": "The rent. " * 100}))

    with pytest.raises(ExamplesError) as raised:
        read(path)

    assert (
        'EXAMPLES must have labels in the column "label"; line 1 of contracts.jsonl '
        "has 999 characters there. Choose the column with --label-column; there are: "
        "text, label." == str(raised.value)
    )


def made(folder: Path, name: str, content: str | None) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    return folder


@pytest.mark.parametrize(
    ("name", "content", "error", "told"),
    [
        ("set/a.txt", "a", ExamplesError, "one sub-folder per label"),
        ("set/lease", None, ExamplesError, "every label must have a document"),
        ("set", None, ExamplesError, "one sub-folder per label"),
        ("set", "one text", ExamplesError, "is a single document"),
        ("other", "x", ReadingError, "^EXAMPLES must exist; there is no "),
    ],
)
def test_what_is_no_labelled_set_is_an_error(
    tmp_path: Path,
    name: str,
    content: str | None,
    error: type[LongshotError],
    told: str,
) -> None:
    made(tmp_path, name, content)

    with pytest.raises(error, match=told):
        read(tmp_path / "set")


def test_labels_that_look_the_same_are_one_label(tmp_path: Path) -> None:
    """A Mac writes the names of its folders in Unicode's form D."""
    for number, label in enumerate(("caf\xe9", "cafe\u0301")):
        (tmp_path / "labelled" / label).mkdir(parents=True)
        (tmp_path / "labelled" / label / f"{number}.txt").write_text(f"text {number}")
    (tmp_path / "labels.txt").write_text("cafe\u0301\nbar\n")
    (tmp_path / "table.jsonl").write_text('{"text": "a", "label": "cafe\\u0301"}\n')

    assert {"caf\xe9"} == {one.label for one in read_examples(tmp_path / "labelled")}
    assert ["caf\xe9"] == [one.label for one in read_examples(tmp_path / "table.jsonl")]
    assert ["caf\xe9", "bar"] == list(read_descriptions(tmp_path / "labels.txt"))
