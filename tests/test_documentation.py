"""The documentation tells the truth: its code runs, and its commands exist."""

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from longshot.cli.app import app
from tests.encoders.elmo.test_encoder import OPTIONS as ELMO_OPTIONS
from tests.encoders.elmo.test_encoder import weights as elmo_weights
from tests.encoders.elmo.test_encoder import write as write_elmo
from tests.encoders.transformers.test_entailment import save_nli
from tests.reading.pdf_files import pdf_bytes

ROOT = Path(__file__).parents[1]
BEGINNING_CHARACTERS = 1_500
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = ROOT / "docs"
WALKS = [DOCS / "index.md", *sorted((DOCS / "tutorials").glob("*.md"))]
"""The pages that a reader follows step by step, each in one folder from its start."""

ELSEWHERE = {"commands.md", "mistakes.md", "scale.md", "server.md", "walk.md"}
"""Pages of shapes of commands, or of what a test or a person typed elsewhere: on a
cluster, say."""

PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if path not in WALKS
    and path.name not in ELSEWHERE
    and re.search(r"```python|`?longshot \w", path.read_text(encoding="utf-8"))
)
"""All other pages with commands or Python; their commands speak of `reader_files`."""


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, flags=re.DOTALL)


def commands(program: str, page: str = README) -> list[str]:
    return [one for block in blocks("console", page) for one in steps(program, block)]


def steps(program: str, block: str) -> list[str]:
    """Give the commands of a block, but for one that serves until it is stopped."""
    lines = [line.removeprefix("$ ") for line in block.splitlines() if line[:2] == "$ "]
    return [
        line
        for line in lines
        if line.startswith(program) and not line.startswith("longshot serve")
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


@pytest.fixture
def reader_files(short_examples: None, tmp_path: Path) -> None:
    """Add the files that a reader has, as the pages call them."""
    texts = {
        "lease": ["The tenant pays the rent.", "The lease ends in May."],
        "finance/tax": ["VAT is due in March.", "The tax return is late."],
        "finance/audit": ["The auditor checks the books.", "An audit took place."],
    }
    for label, own in texts.items():
        for number, text in enumerate([*own, "Rent and its VAT are due."]):
            path = tmp_path / "labelled" / label / f"{number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    (tmp_path / "pile").mkdir()
    for number, text in enumerate(["The tenant owes rent.", "VAT rises.", "An audit."]):
        (tmp_path / "pile" / f"{number}.txt").write_text(text)
        (tmp_path / f"{'abc'[number]}.pdf").write_bytes(pdf_bytes([text]))
    (tmp_path / "labels.yaml").write_text("lease: about renting\nfinance: money\n")
    rows = [("Rent and VAT are due.", ["lease", "tax"]), ("VAT rises.", ["tax"])]
    rows += [("The lease ends.", ["lease"])]
    (tmp_path / "labelled.jsonl").write_text(
        "".join(json.dumps({"text": text, "label": own}) + "\n" for text, own in rows)
    )
    lines = "".join(f"{text},{';'.join(own)}\n" for text, own in rows)
    (tmp_path / "labelled.csv").write_text(f"text,label\n{lines}")
    (tmp_path / "labels.csv").write_text("id,label\n0.txt,lease\n1.txt,finance\n")
    (tmp_path / "corrected.csv").write_text("file,start,end,label\na.pdf,0,9,lease\n")
    (tmp_path / "one.txt").write_text("The boiler of the town hall was inspected.")
    words = "the of and to a in for is on that by this with it as at be from".split()
    words += "application report lease minutes agreement".split()
    vectors = (f"{word} {len(word)} 1 {n}\n" for n, word in enumerate(words))
    (tmp_path / "glove.6B.300d.txt").write_text("".join(vectors))
    write_elmo(tmp_path, ELMO_OPTIONS, elmo_weights())
    save_nli(tmp_path / "cross-encoder" / "nli-deberta-v3-small")


def inline_commands(page: str) -> list[str]:
    """Give the commands within the text, but for those with something left open."""
    found = re.findall(
        r"`(longshot [^`]*)`", re.sub(r"```.*?```", "", page, flags=re.S)
    )
    return [one for one in found if _IS_WHOLE.fullmatch(one)]


_IS_WHOLE = re.compile(r"longshot (?:classify|suggest|check|evaluate|similar|embed) .+")


@pytest.mark.slow
@pytest.mark.usefixtures("reader_files")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_command_and_block_of_a_page_runs(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    typed = [*commands("longshot", page), *inline_commands(page)]
    for command in dict.fromkeys(typed):
        result = CliRunner().invoke(app, shlex.split(command, comments=True)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"
    names: dict[str, object] = {}
    for code in blocks("python", page):  # a later block goes on from the one before
        exec(compile(code, path.name, "exec"), names)


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
@pytest.mark.parametrize(
    "block", [one for block in blocks("console") if (one := steps("longshot", block))]
)
def test_commands_in_the_readme_run(block: list[str]) -> None:
    for command in block:
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"


@pytest.mark.slow
@pytest.mark.usefixtures("short_examples")
@pytest.mark.parametrize("path", WALKS, ids=lambda path: path.stem)
def test_every_step_of_a_tutorial_runs(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for command in commands("longshot", page):
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"
    for code in blocks("python", page):
        exec(compile(code, path.name, "exec"), {})


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_every_link_between_pages_leads_somewhere(path: Path) -> None:
    """The site's strict build finds anchors too; this one needs nothing but Python."""
    page = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page)
    missing = [link for link in links if not (path.parent / link).exists()]
    assert missing == []


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
