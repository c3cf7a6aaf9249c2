from pathlib import Path

import pytest

from longshot.contextuality import Sentence, read_sentences
from longshot.errors import ReadingError
from longshot.records import SetAside


def test_table_gives_text_sense_and_place(tmp_path: Path) -> None:
    path = tmp_path / "sentences.csv"
    path.write_text("id,text,label,word,position\na,The mouse.,animal,mouse,1\n")
    expected = Sentence(
        id="a", text="The mouse.", label="animal", word="mouse", index=1
    )
    assert [expected] == list(read_sentences(path))


def test_parquet_gives_the_same(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "sentences.parquet"
    columns = {"id": ["a"], "text": ["The mouse."], "start": [4], "more": ["x"]}
    parquet.write_table(pyarrow.table(columns), path)
    assert [Sentence(id="a", text="The mouse.", start=4)] == list(read_sentences(path))


def test_text_file_holds_one_sentence_per_line(tmp_path: Path) -> None:
    path = tmp_path / "sentences.txt"
    path.write_text("A mouse.\n\nThe mouse.\n")
    assert [("1", "A mouse."), ("3", "The mouse.")] == [
        (sentence.id, sentence.text) for sentence in read_sentences(path)
    ]


def test_place_that_is_no_number_sets_the_row_aside(tmp_path: Path) -> None:
    path = tmp_path / "sentences.csv"
    path.write_text("text,position\nThe mouse.,second\nA mouse.,1\n")
    told: list[SetAside] = []
    assert len(list(read_sentences(path, on_set_aside=told.append))) == 1
    assert "no whole number" in told[0].reason
    with pytest.raises(ReadingError, match="no whole number"):
        list(read_sentences(path))


def test_missing_file_and_column_are_told(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="SENTENCES must be a file"):
        read_sentences(tmp_path / "nowhere.csv")
    path = tmp_path / "sentences.csv"
    path.write_text("sentence\nThe mouse.\n")
    with pytest.raises(ReadingError, match='a column "text"'):
        list(read_sentences(path))
