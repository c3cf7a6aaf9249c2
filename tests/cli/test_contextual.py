from pathlib import Path

import pytest
from typer.testing import CliRunner

from longshot.cli.app import app

pytest.importorskip("matplotlib")

MOUSE = Path(__file__).parents[2] / "examples" / "mouse.csv"


@pytest.fixture
def glove(tmp_path: Path) -> str:
    path = tmp_path / "vectors.txt"
    path.write_text("the 1 2\nmouse 3 4\nclick 5 -6\ncheese -1 0\na 2 2\n")
    return f"glove:{path}"


def test_study_is_printed_and_written(glove: str, tmp_path: Path) -> None:
    report, out, figures = (tmp_path / n for n in ("r.html", "n.csv", "figures"))
    options = ["--words", "mouse", "--models", glove]
    files = ["--report", str(report), "--out", str(out), "--figures", str(figures)]
    result = CliRunner().invoke(app, ["contextual", str(MOUSE), *options, *files])
    assert result.exit_code == 0, result.output
    assert "mouse · glove:vectors.txt · 36 uses" in result.stdout
    assert report.is_file()
    assert out.is_file()
    assert len(list(figures.iterdir())) == 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("zebra", "a word must occur in at least 2 sentences; of 36"),
        ("mouse,mouse", "words must be given, each once"),
    ],
)
def test_mistake_is_told_in_one_line(glove: str, words: str, told: str) -> None:
    command = ["contextual", str(MOUSE), "--words", words, "--models", glove]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_row_that_cannot_be_read_is_told(glove: str, tmp_path: Path) -> None:
    path = tmp_path / "sentences.csv"
    path.write_text("text,position\nthe mouse,x\na mouse,1\nclick the mouse,2\n")
    command = ["contextual", str(path), "--words", "mouse", "--models", glove]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert "has a position or start that is no whole number" in result.stderr
    assert "2 uses" in result.stdout


def test_report_without_a_place_is_told_before_the_work(glove: str) -> None:
    command = ["contextual", str(MOUSE), "--words", "mouse", "--models", glove]
    result = CliRunner().invoke(app, [*command, "--report", "/nowhere/r.html"])
    assert result.exit_code == 1
    assert "/nowhere is missing or read-only" in result.stderr
