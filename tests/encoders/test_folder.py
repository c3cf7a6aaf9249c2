"""What a large file hashed to is kept for as long as nobody writes to the file."""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import pytest

from longshot.encoders import folder
from longshot.encoders.folder import sha256_of
from longshot.machine.locations import CACHE_VARIABLE

CONTENT = b"weights " * (1 << 18)

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows does not tell when a file was changed"
)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of what is kept, which is empty."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(folder, "_STEP_NS", 0)  # no waiting until a file is settled
    return tmp_path / "cache" / "models"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a large file."""
    found = tmp_path / "model.safetensors"
    found.write_bytes(CONTENT)
    return found


def in_a_new_process(path: Path) -> str:
    """Hash a file as a process does that has hashed nothing yet."""
    folder._sha256.cache_clear()
    return sha256_of(path)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mark(kept: Path) -> None:
    """Replace what is kept, so that it is seen where that is taken."""
    (file,) = kept.iterdir()
    file.write_text(json.dumps(json.loads(file.read_text()) | {"sha256": "kept"}))


def test_a_file_that_stays_is_hashed_once(kept: Path, path: Path) -> None:
    assert digest(CONTENT) == in_a_new_process(path)
    mark(kept)

    assert "kept" == in_a_new_process(path)


def test_a_change_is_seen_even_with_size_and_time_as_before(
    kept: Path, path: Path
) -> None:
    before = path.stat()
    in_a_new_process(path)
    mark(kept)
    changed = b"W" + CONTENT[1:]
    time.sleep(0.02)  # a step in which the file system counts time
    with path.open("r+b") as file:
        file.write(b"W")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert before.st_mtime_ns == path.stat().st_mtime_ns
    assert digest(changed) == in_a_new_process(path)


def test_another_file_in_its_place_is_seen(kept: Path, path: Path) -> None:
    in_a_new_process(path)
    mark(kept)
    other = path.with_name("other")
    other.write_bytes(CONTENT[::-1])
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)

    assert digest(CONTENT[::-1]) == in_a_new_process(path)


def test_a_file_that_was_just_written_is_hashed_again(
    kept: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second change within the same step of the clock would not show."""
    monkeypatch.setattr(folder, "_STEP_NS", 3_600_000_000_000)
    in_a_new_process(path)

    assert not kept.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"state": [1, 2, 3, 4]}'])
def test_what_is_kept_in_another_form_counts_as_nothing(
    kept: Path, path: Path, content: str
) -> None:
    in_a_new_process(path)
    (file,) = kept.iterdir()
    file.write_text(content)

    assert digest(CONTENT) == in_a_new_process(path)


def test_nothing_is_kept_where_nothing_can_be_written(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "cache"))

    assert digest(CONTENT) == in_a_new_process(path)


def test_small_files_leave_nothing_behind(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"{}")

    assert digest(b"{}") == in_a_new_process(tmp_path / "config.json")
    assert not kept.exists()
