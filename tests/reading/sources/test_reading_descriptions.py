from pathlib import Path

import pytest

from longshot.errors import ReadingError
from longshot.reading.sources.descriptions import (
    names_labels,
    read_descriptions,
    read_labels_file,
)
from longshot.records import NamedLabel

EXPECTED = {"lease": "a contract about renting", "report": None}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.yaml", "lease: a contract about renting\nreport:\n"),
        ("labels.json", '{"lease": "a contract about renting", "report": null}'),
        ("labels.csv", "label,description\nlease,a contract about renting\nreport,\n"),
        (
            "labels.jsonl",
            '{"label": "lease", "description": "a contract about renting"}\n'
            '{"label": "report"}\n',
        ),
    ],
)
def test_names_and_descriptions_are_read(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    assert EXPECTED == read_descriptions(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.txt", "lease\n\n report \n"),
        ("labels.yaml", "- lease\n- report\n"),
        ("labels.json", '["lease", "report"]'),
        ("labels.csv", "label\nlease\nreport\n"),
    ],
)
def test_names_alone_are_enough(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)

    assert {"lease": None, "report": None} == read_descriptions(path)


def test_yaml_s_words_for_truth_are_names_too(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("no: a refusal\nyes: a consent\n")

    assert {"no": "a refusal", "yes": "a consent"} == read_descriptions(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "labels.yaml",
            "lease:\n  description: renting\n  speaks_for: [second floor, 12]\n"
            "report:\n  speaks_against:\n  - tenant\nnone of it:\n",
        ),
        (
            "labels.json",
            '{"lease": {"description": "renting", "speaks_for": ["second floor", 12]}, '
            '"report": {"speaks_against": ["tenant"]}, "none of it": null}',
        ),
    ],
)
def test_phrases_for_and_against_are_read(
    tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    assert [
        NamedLabel(
            name="lease", description="renting", speaks_for=("second floor", "12")
        ),
        NamedLabel(name="report", speaks_against=("tenant",)),
        NamedLabel(name="none of it"),
    ] == read_labels_file(path)
    meanings = read_descriptions(path)
    assert "renting. second floor. 12" == meanings["lease"]
    assert meanings["report"] is None


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("labels.yaml", "lease: {speaks_fro: [a]}", "must hold label names"),
        ("labels.yaml", "lease: {speaks_for: a}", "must hold label names"),
        ("labels.yaml", "lease: {speaks_for: [[a]]}", "must hold label names"),
        ("labels.yaml", "lease: {description: [a]}", "must hold label names"),
        ("labels.yaml", "lease: [a, b]", "must hold label names"),
        ("labels.yaml", "lease: {a: b}", "must hold label names"),
        ("labels.yaml", "lease", "must hold label names"),
        ("labels.yaml", "a: b: c", "must be readable"),
        ("labels.json", "[", "must be readable"),
        ("labels.json", "[]", "must hold label names"),
        ("labels.txt", "lease\nlease\n", "names lease twice"),
        ("labels.pdf", "", "must be a file of labels"),
    ],
)
def test_anything_else_is_told(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(ReadingError, match=told):
        read_descriptions(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="--labels"):
        read_descriptions(tmp_path / "labels.yaml")


def test_only_files_of_names_can_stand_for_examples() -> None:
    assert names_labels("labels.yml")
    assert not names_labels("examples.csv")
    assert not names_labels("folder")
