"""Files are whole or not there, wherever they are."""

import pickle
from pathlib import Path

import pytest

from longshot.errors import OutputError, ReadingError
from longshot.scale.place import Place


def test_what_was_written_is_read_and_listed(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "out"))
    place.write("labels/a.parquet", b"one")
    place.write("labels/a.parquet", b"two")
    assert place.read("labels/a.parquet") == b"two"
    assert place.has("labels/a.parquet")
    assert not place.has("labels/b.parquet")
    assert place.names("labels") == ["a.parquet"]
    assert place.names() == ["labels/a.parquet"]


def test_what_was_not_finished_is_not_there_and_goes(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    left = tmp_path / "labels" / ".a.parquet-1.unfinished"
    left.parent.mkdir()
    left.write_bytes(b"PAR1")
    assert place.names() == []
    place.remove_unfinished()
    assert not left.exists()


def test_it_can_be_sent_to_another_process(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    place.write("a", b"1")
    assert pickle.loads(pickle.dumps(place)).read("a") == b"1"


def test_an_address_that_nothing_opens_is_told() -> None:
    with pytest.raises(ReadingError, match="must be one that pyarrow opens"):
        Place("ftp://host/pile").names()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="results must go where"):
        Place(str(tmp_path / "file")).write("a/b", b"1")
