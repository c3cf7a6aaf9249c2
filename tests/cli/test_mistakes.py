"""Every mistake on the page: one line, the exit code, no traceback, nothing written."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from longshot import LongshotClassifier
from longshot.cli.app import app
from longshot.errors import LongshotError
from tests.cli.mistakes import FILES, SECTIONS, Mistake, page

ROOT = Path(__file__).parents[2]
MISTAKES = [one for mistakes in SECTIONS.values() for one in mistakes]
TYPED = [one for one in MISTAKES if one.typed.startswith("longshot ")]
PYTHON = [one for one in MISTAKES if one not in TYPED]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_ocr: None) -> Path:
    """Stand in a folder with the files of which the mistakes speak."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("longshot.cli.output.progress.LINE_EVERY_S", 3600.0)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("mistake", TYPED, ids=lambda one: one.typed)
def test_a_mistake_is_told_in_one_line(folder: Path, mistake: Mistake) -> None:
    before = contents(folder)

    result = CliRunner().invoke(app, shlex.split(mistake.typed)[1:], input=b"")

    assert [mistake.line] == [
        line for line in result.output.splitlines() if line == mistake.line
    ]
    errors = [line for line in result.stderr.splitlines() if "error:" in line]
    if mistake.line.startswith("error: "):
        assert [mistake.line] == errors
        assert mistake.line == result.stderr.splitlines()[-1]
    assert mistake.exit_code == result.exit_code
    assert "Traceback" not in result.output
    assert before == contents(folder)


@pytest.mark.parametrize("mistake", PYTHON, ids=lambda one: one.what)
def test_a_mistake_in_python_is_told_in_one_line(mistake: Mistake) -> None:
    with pytest.raises(LongshotError) as raised:
        exec(mistake.typed, {"LongshotClassifier": LongshotClassifier})

    assert mistake.line == str(raised.value)


def test_there_are_more_than_thirty_of_them() -> None:
    assert len({one.typed for one in MISTAKES}) >= 30


def test_the_page_of_mistakes_is_up_to_date() -> None:
    written = (ROOT / "docs" / "mistakes.md").read_text(encoding="utf-8")
    assert written == page(), "run `make mistakes`"
