"""The documentation tells the truth: its code runs, and its commands exist."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from longshot.cli.app import app

ROOT = Path(__file__).parents[1]
BEGINNING_CHARACTERS = 1_500
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands(program: str) -> list[str]:
    lines = "".join(blocks("console")).splitlines()
    return [
        line.removeprefix("$ ") for line in lines if line.startswith(f"$ {program}")
    ]


@pytest.fixture
def short_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with the bundled example, each paper cut to its beginning."""
    for path in (ROOT / "examples").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            beginning = text if path.suffix == ".csv" else text[:BEGINNING_CHARACTERS]
            cut = tmp_path / path.relative_to(ROOT)
            cut.parent.mkdir(parents=True, exist_ok=True)
            cut.write_text(beginning, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("short_examples")
@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_the_readme_runs(code: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert "inspection-report" in printed.getvalue()


@pytest.mark.slow
@pytest.mark.usefixtures("short_examples")
@pytest.mark.parametrize("command", commands("longshot"))
def test_commands_in_the_readme_run(command: str) -> None:
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("command", commands("make"))
def test_make_targets_in_the_readme_exist(command: str) -> None:
    target = command.split()[1]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_page_of_commands_is_up_to_date(tmp_path: Path) -> None:
    page = tmp_path / "commands.md"
    made = "typer longshot.cli.app utils docs --name longshot --title Commands --output"
    subprocess.run(
        [sys.executable, "-m", *made.split(), str(page)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == page.read_text(encoding="utf-8"), "run `make commands`"


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    missing = [link for link in links if not (ROOT / link).exists()]
    assert missing == []


def test_bundled_example_is_as_the_readme_says() -> None:
    labels = [path.name for path in sorted((ROOT / "examples/labelled").iterdir())]
    labelled = [
        len(list((ROOT / "examples/labelled" / label).iterdir())) for label in labels
    ]
    assert labelled == [3] * 6
    pile = list((ROOT / "examples/pile").iterdir())
    assert len(pile) == 36
    longest = max(len(path.read_text(encoding="utf-8").split()) for path in pile)
    assert longest > 2_500
