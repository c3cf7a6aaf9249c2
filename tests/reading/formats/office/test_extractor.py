"""Office files as programs write them: tests/reading/files/README.md."""

import os
import shutil
from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.formats.office import extractor
from tests.reading.reading import read

FILES = Path(__file__).parents[2] / "files"
DUE = "The tenant pays the rent of the office at 14 Quay Street on the first"
GERMAN = "Die Miete für das Büro beträgt 1.250 €."
PAGES = ("doc", "epub", "odp", "odt", "pptx", "rtf", "tex")
OPEN = ("odp", "ods", "odt")


@pytest.mark.parametrize("ending", [*PAGES, "ods", "xls", "xlsx"])
@pytest.mark.parametrize("is_named", [True, False])
def test_all_of_a_file_is_read_in_order_whatever_its_name(
    tmp_path: Path, ending: str, is_named: bool
) -> None:
    if ending not in OPEN:
        pytest.importorskip("kreuzberg")
    path = tmp_path / (f"lease.{ending}" if is_named else "lease")
    shutil.copy(FILES / f"lease.{ending}", path)

    text = read_file(path).text

    last = ["three months", "ten years"] if ending in PAGES else []
    places = [text.find(one) for one in (DUE, GERMAN, *last)]
    assert -1 not in places
    assert sorted(places) == places


@pytest.mark.parametrize("ending", ["doc", "epub", "pptx", "rtf", "xls", "xlsx"])
def test_a_broken_office_file_is_told_in_one_line(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("kreuzberg")
    whole = (FILES / f"lease.{ending}").read_bytes()
    (tmp_path / f"a.{ending}").write_bytes(whole[:700])

    documents, set_aside = read(tmp_path)

    assert 1 == len(documents) + len(set_aside)
    assert all(len(one.reason.splitlines()) == 1 for one in set_aside)


def test_a_panic_of_the_library_is_one_line_and_leaves_standard_error_alone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("kreuzberg")
    cut = (FILES / "lease.xls").read_bytes()[:549]

    told = "is an old spreadsheet .* it is damaged. Open it in the program"
    with pytest.raises(Unreadable, match=told):
        extractor.extracted(cut, "excel, old")

    assert "" == capfd.readouterr().err


def test_what_others_write_while_a_file_is_read_reaches_standard_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with extractor._without_panics():
        os.write(
            2, b"\nthread '<unnamed>' (7) panicked at a.rs:1:2:\nno\nnote: n\nyes\n"
        )

    assert "yes\n" == capfd.readouterr().err
