from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.formats.office.package import check_size
from tests.broken_files import docx_bomb, docx_bytes


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "lease.docx"
    path.write_bytes(docx_bomb())

    with pytest.raises(Unreadable, match=r"as a zip bomb does"):
        check_size(path)


@pytest.mark.parametrize("ending", ["docx", "epub", "pptx", "xlsx"])
def test_a_package_cut_short_is_not_taken_for_another_kind(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"lease.{ending}"
    path.write_bytes(docx_bytes()[:-100])

    with pytest.raises(Unreadable, match="cut short") as told:
        read_file(path)

    assert ("DOCX" in str(told.value)) == (ending == "docx")
