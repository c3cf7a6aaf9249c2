import subprocess
import sys
from pathlib import Path

import pytest

from longshot import __version__
from longshot.encoders.minilm import minilm_folder
from tests.cli.conftest import Run

COMMANDS = {
    "classify": "Label DOCUMENTS from a few labelled EXAMPLES, or decide about a "
    "project.",
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


def test_labelling_loads_only_what_it_needs(tmp_path: Path) -> None:
    """A first label is there within a second only while nothing else is imported."""
    labels, document = tmp_path / "labels.txt", tmp_path / "one.txt"
    labels.write_text("lease\nrecipe\n")
    document.write_text("The tenant pays the rent on the first day of each month.")
    arguments = ["longshot", "classify", str(labels), str(document)]
    program = (
        f"import sys; sys.argv = {arguments}\n"
        "import longshot.cli\n"
        "try: longshot.cli.main()\n"
        "except SystemExit: pass\n"
        "spared = {'sklearn', 'pandas', 'torch', 'transformers', 'scipy.optimize',\n"
        "    'scipy.stats', 'trafilatura', 'openvino.tools.ovc.convert',\n"
        "    'longshot.contextuality', 'longshot.report.classified.map'}\n"
        "print(sorted(spared & set(sys.modules)), file=sys.stderr)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ",lease," in ended.stdout
    assert "[]" == ended.stderr.splitlines()[-1]


def test_the_package_is_a_program() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "longshot", "--version"], capture_output=True, text=True
    )

    assert (f"longshot {__version__}\n", 0) == (ended.stdout, ended.returncode)


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify"],
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
