"""What a killed process leaves is removed by the next one, and nothing else is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot.machine.unfinished import unfinished_file, unfinished_folder

WORKS_IN_A_FOLDER = """
import sys, time
from pathlib import Path
from longshot.machine.unfinished import unfinished_folder
with unfinished_folder(Path(sys.argv[1]), ".model-") as folder:
    (folder / "half").write_bytes(b"half")
    print(folder, flush=True)
    time.sleep(600)
"""
WRITES_A_FILE = """
import sys, time
from pathlib import Path
from longshot.report.files import whole_file
with whole_file(Path(sys.argv[1]) / "labels.csv") as file:
    file.write(b"half")
    file.flush()
    print(*Path(sys.argv[1]).iterdir(), flush=True)
    time.sleep(600)
"""


@pytest.fixture
def working(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKS_IN_A_FOLDER, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def begun(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    return Path(process.stdout.readline().strip())


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_what_a_killed_process_left_goes_when_the_next_one_begins(
    tmp_path: Path, working: subprocess.Popen[str]
) -> None:
    left = begun(working)
    killed(working)
    assert (left / "half").exists()

    with unfinished_folder(tmp_path, ".model-") as folder:
        assert [folder] == list(tmp_path.iterdir())

    assert [] == list(tmp_path.iterdir())


def test_what_another_process_works_on_stays(
    tmp_path: Path, working: subprocess.Popen[str]
) -> None:
    theirs = begun(working)

    with unfinished_folder(tmp_path, ".model-") as ours:
        assert {theirs, ours} == set(tmp_path.iterdir())

    assert (theirs / "half").exists()


def test_other_files_of_a_similar_name_stay(tmp_path: Path) -> None:
    mine = tmp_path / ".labels.csv-backup"
    other = tmp_path / ".labels.tsv-a.unfinished"
    for path in (mine, other):
        path.write_text("mine")

    with unfinished_file(tmp_path / "labels.csv") as (path, _):
        os.replace(path, tmp_path / "labels.csv")

    assert {mine, other, tmp_path / "labels.csv"} == set(tmp_path.iterdir())


def test_a_result_that_was_half_written_goes_with_the_next_run(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES_A_FILE, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        left = begun(process)
        killed(process)
    assert [left] == list(tmp_path.iterdir())

    with unfinished_file(tmp_path / "labels.csv") as (path, _):
        os.replace(path, tmp_path / "labels.csv")

    assert [tmp_path / "labels.csv"] == list(tmp_path.iterdir())


def test_a_long_name_leaves_room_for_what_is_unfinished(tmp_path: Path) -> None:
    with unfinished_file(tmp_path / ("n" * 255)) as (path, _):
        os.replace(path, tmp_path / ("n" * 255))

    assert [tmp_path / ("n" * 255)] == list(tmp_path.iterdir())
