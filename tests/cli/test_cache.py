"""``longshot cache show`` tells what is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from longshot.encoders.openvino.store import models_folder
from longshot.machine.locations import CACHE_VARIABLE
from tests.cli.conftest import Run

CONVERTS_FOR_EVER = """
import sys
from longshot.encoders.openvino import conversion
conversion.end_with_parent()
print("begun", flush=True)
import time
time.sleep(600)
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_unfinished_is_no_model_and_takes_its_room(
    run: Run, cache: Path
) -> None:
    for name in ("whole-float", ".model-abc.unfinished/entry"):
        (models_folder() / name).mkdir(parents=True)
        (models_folder() / name / "model.bin").write_bytes(bytes(2_000_000))

    lines = run("cache", "show").stdout.splitlines()

    assert f"converted models: {models_folder()}" == lines[2]
    assert (
        "  1 model; 4.0 MB, 2.0 MB of them unfinished: either in the making, or left "
        "by a killed process (the next run removes those)" == lines[3]
    )
    assert "  0 files; 0.0 MB" == lines[5]
    assert "  0.0 MB" == lines[7]
    assert ["  0 projects; 0.0 MB"] == lines[9:]


def test_clearing_drops_what_was_read_for_projects_and_tells_languages(
    run: Run, cache: Path
) -> None:
    for name in ("projects/abc/1.safetensors", "languages/model.npz"):
        (cache / name).parent.mkdir(parents=True)
        (cache / name).write_bytes(bytes(2_000_000))
    shown = run("cache", "show").stdout
    assert "  1 project; 2.0 MB" in shown
    assert f"what tells languages: {cache / 'languages'}\n  2.0 MB" in shown
    assert 0 == run("cache", "clear").exit_code
    assert not (cache / "projects").exists()
    assert not (cache / "languages").exists()


def test_a_conversion_ends_with_the_process_that_began_it() -> None:
    """Its standard input is closed then; the process that it was lives no longer."""
    child = subprocess.Popen(
        [sys.executable, "-c", CONVERTS_FOR_EVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert "begun\n" == child.stdout.readline()

    child.stdin.close()

    assert 1 == child.wait()
    child.stdout.close()
