import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from longshot.errors import OutputError
from longshot.report.files import check_writable, whole_file


def stopped_after(file: IO[bytes]) -> None:
    file.write(b"half")
    raise KeyboardInterrupt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file that holds a result already."""
    path = tmp_path / "labels.csv"
    path.write_text("old")
    return path


def test_the_file_appears_once_it_is_whole(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"new")
        file.flush()
        assert "old" == path.read_text()

    assert "new" == path.read_text()
    assert [path] == list(path.parent.iterdir())


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(
    path: Path,
) -> None:
    with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
        stopped_after(file)

    assert "old" == path.read_text()
    assert [path] == list(path.parent.iterdir())


def test_a_process_killed_in_the_middle_leaves_the_old_file(path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from longshot.report.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )

    ended = subprocess.run([sys.executable, "-c", program, path], check=False)

    assert -signal.SIGKILL == ended.returncode
    assert "old" == path.read_text()


def test_a_full_disk_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    """A limit on the size of files stands in for the full disk."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from longshot.errors import OutputError\n"
        "from longshot.report.files import whole_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    with whole_file(Path(sys.argv[1])) as file: file.write(bytes(9999))\n"
        "except OutputError as error: print(error)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program, path],
        check=True,
        capture_output=True,
        text=True,
    )

    assert (
        f"{path} must be writable; writing failed (File too large). Nothing was left "
        "there. Free some space or name another file with --out.\n" == ended.stdout
    )
    assert "old" == path.read_text()
    assert [path] == list(path.parent.iterdir())


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_the_umask_is_respected(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        with whole_file(tmp_path / "new.csv") as file:
            file.write(b"new")
    finally:
        os.umask(before)

    assert mode == stat.S_IMODE((tmp_path / "new.csv").stat().st_mode)


def test_a_link_stays_and_the_file_that_it_leads_to_is_written(path: Path) -> None:
    link = path.with_name("link.csv")
    link.symlink_to(path)

    with whole_file(link) as file:
        file.write(b"new")

    assert link.is_symlink()
    assert "new" == path.read_text()


def test_a_place_without_a_folder_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(
            OutputError,
            match=r"missing or read-only\. Create it, or name another with --out",
        ),
        whole_file(tmp_path / "missing" / "labels.csv"),
    ):
        pass


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="writing failed"),
        whole_file(tmp_path / ("n" * 300)),
    ):
        pass


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"is a folder\. Name a file in it"):
        check_writable(tmp_path)


def test_a_pipe_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    with pytest.raises(OutputError, match="is a device or a pipe"), whole_file(pipe):
        pass

    assert pipe.is_fifo()


def test_standard_output_is_never_replaced_by_a_file() -> None:
    with (
        pytest.raises(OutputError),
        whole_file(Path("/dev/null")),
    ):
        pass

    assert Path("/dev/null").is_char_device()
