import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from longshot.cli.app import app
from longshot.encoders import load_encoder
from tests.fakes import FakeEncoder

Run = Callable[..., Result]

FAKE_PROGRAM = """
import longshot.cli.output.progress
import longshot.embedder
longshot.cli.output.progress.LINE_EVERY_S = 3600
from tests.fakes import FakeEncoder
longshot.embedder.load_encoder = lambda *_, **__: FakeEncoder()
from longshot.cli import main
main()
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that runs a command in this process, with the fake model.

    Lines that tell how far a run is come by the clock: here they do not.
    """
    monkeypatch.setattr("longshot.cli.output.progress.LINE_EVERY_S", 3600.0)
    monkeypatch.setattr(
        "longshot.embedder.load_encoder", lambda *_, **__: FakeEncoder()
    )

    def command(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(one) for one in arguments], input=stdin)

    return command


@pytest.fixture
def real_models(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load models as they are, no longer the fake one."""
    monkeypatch.setattr("longshot.embedder.load_encoder", load_encoder)


@pytest.fixture
def fake_longshot() -> list[str]:
    """Give the words that start a process of its own with the fake model."""
    return [sys.executable, "-c", FAKE_PROGRAM]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Give a folder of examples under two labels."""
    folder = tmp_path / "labelled"
    for place, text in {
        "lease/a.txt": "The tenant pays the rent.",
        "report/b.txt": "The boiler was found to leak.",
    }.items():
        path = folder / place
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return folder


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """Give a folder with a document of each of the two labels."""
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "1.txt").write_text("The tenant owes the rent.")
    (folder / "2.txt").write_text("The boiler was found to burst.")
    return folder


def in_shell(command: list[str], rest: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of a shell that begins with a program."""
    line = f"set -o pipefail; {shlex.join(command)} {rest}"
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True)
