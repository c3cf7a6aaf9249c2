import subprocess
import sys

import pytest

from longshot import __version__
from longshot.encoders.minilm import minilm_folder
from tests.cli.conftest import Run

COMMANDS = {
    "classify": "Label DOCUMENTS from a few labelled EXAMPLES.",
    "embed": "Turn DOCUMENTS into vectors.",
    "evaluate": "Measure accuracy on EXAMPLES",
    "suggest": "Suggest which DOCUMENTS to label next",
    "check": "Find EXAMPLES that look wrong",
    "similar": "Give the cosine similarity of two documents",
    "models": "List the models on this machine",
}


def test_version(run: Run) -> None:
    result = run("--version")

    assert (f"longshot {__version__}\n", 0) == (result.stdout, result.exit_code)


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help").stdout

    assert set() == {name for name in COMMANDS if f" {name} " not in shown}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")

    assert COMMANDS[command] in result.stdout
    assert 0 == result.exit_code


def test_help_loads_no_heavy_library() -> None:
    program = (
        "import sys; sys.argv = ['longshot', 'classify', '--help']\n"
        "import longshot.cli\n"
        "try: longshot.cli.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sklearn', 'scipy', 'pyarrow', 'docx'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "[]\n" == ended.stderr


def test_the_package_is_a_program() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "longshot", "--version"], capture_output=True, text=True
    )

    assert (f"longshot {__version__}\n", 0) == (ended.stdout, ended.returncode)


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify"],
        ["classify", "only-examples"],
        ["classify", "a", "b", "--head", "tail"],
        ["classify", "a", "b", "--format", "xml"],
        ["classify", "a", "b", "--window-tokens", "many"],
        ["embed", "a"],
        ["nonsense"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_exits_with_two(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)

    assert (2, "") == (result.exit_code, result.stdout)
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(" --help")


def test_the_bundled_model_is_listed_whole(run: Run) -> None:
    lines = run("models").stdout.splitlines()

    assert ["model", "dimensions", "hidden", "states", "window", "folder"] == (
        lines[0].split()
    )
    assert ["minilm", "384", "7", "512", str(minilm_folder())] == lines[1].split()
