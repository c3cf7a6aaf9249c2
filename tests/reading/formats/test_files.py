"""Which reader reads which file."""

from pathlib import Path

from longshot.reading.formats.files import read_file


def test_a_page_that_is_saved_as_another_kind_is_a_page(tmp_path: Path) -> None:
    page = "<!DOCTYPE html>\n<html><body><p>The rent is due.</p></body></html>"
    for name in ("a.doc", "a.txt", "a.pdf"):
        (tmp_path / name).write_text(page)

        assert "The rent is due." == read_file(tmp_path / name).text
