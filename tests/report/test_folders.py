from pathlib import Path

import pytest

from longshot.errors import OutputError
from longshot.report.folders import check_folder_place, whole_folder


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    place = tmp_path / "model"
    with whole_folder(place) as folder:
        (folder / "config.json").write_text("{}")
        assert not place.exists()
    assert (place / "config.json").read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_an_error_leaves_what_stood_there(tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    (place / "old").write_text("old")

    def fail_half_way() -> None:
        with whole_folder(place, overwrite=True) as folder:
            (folder / "half").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert [path.name for path in tmp_path.rglob("*")] == ["model", "old"]


def test_a_folder_is_replaced_only_when_asked(tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    (place / "old").write_text("old")
    with pytest.raises(OutputError, match="holds something"), whole_folder(place):
        pass
    with whole_folder(place, overwrite=True) as folder:
        (folder / "new").write_text("new")
    assert [path.name for path in tmp_path.rglob("*")] == ["model", "new"]


def test_an_empty_folder_is_written_into(tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    with whole_folder(place) as folder:
        (folder / "new").write_text("new")
    assert [path.name for path in place.iterdir()] == ["new"]


def test_a_place_that_will_not_do_is_told_before_the_work(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(OutputError, match=r"must go to a folder; .*file is a file"):
        check_folder_place(file)
    with pytest.raises(OutputError, match="can be written"):
        check_folder_place(tmp_path / "missing" / "model")
