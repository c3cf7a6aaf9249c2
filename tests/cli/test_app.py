import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from longshot import __version__
from longshot.encoders.minilm import minilm_folder
from tests.cli.conftest import Run

_SPINS = "OPENBLAS_THREAD_TIMEOUT"

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


def test_a_command_that_does_not_exist_brings_the_nearest_to_mind(run: Run) -> None:
    result = run("clasify")

    assert "Did you mean 'classify'?" in result.stderr


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


@dataclass(frozen=True)
class Start:
    """What a process did until a text was labelled by names.

    Attributes
    ----------
    stdout
        The label.
    modules
        What was imported.
    collections
        How often garbage was collected.
    n_frozen
        How many objects are not looked at when the process ends.
    """

    stdout: str
    modules: set[str]
    collections: int
    n_frozen: int


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Label a text by names, with the default model, in a process of its own."""
    folder = tmp_path_factory.mktemp("start")
    labels, document = folder / "labels.txt", folder / "one.txt"
    labels.write_text("lease\nrecipe\n")
    document.write_text("The tenant pays the rent on the first day of each month.")
    arguments = ["longshot", "classify", str(labels), str(document)]
    program = (
        f"import gc, json, sys; sys.argv = {arguments}\n"
        "import longshot.cli\n"
        "collected = []\n"
        "gc.callbacks.append(lambda phase, info: collected.append(phase))\n"
        "try: longshot.cli.main()\n"
        "except SystemExit: pass\n"
        "n_collected = collected.count('start')\n"
        "found = [sorted(sys.modules), n_collected, gc.get_freeze_count()]\n"
        "print(json.dumps(found), file=sys.stderr)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    modules, collections, n_frozen = json.loads(ended.stderr.splitlines()[-1])
    return Start(ended.stdout, set(modules), collections, n_frozen)


def test_labelling_loads_only_what_it_needs(start: Start) -> None:
    """A first label is there within a second only while nothing else is imported."""
    spared = {"sklearn", "pandas", "torch", "transformers", "scipy.optimize"}
    spared |= {"scipy.stats", "trafilatura", "openvino.tools.ovc.convert"}
    spared |= {"longshot.contextuality", "longshot.report.classified.map"}
    spared |= {"longshot.cli.serving", "longshot.cli.train_static"}

    assert ",lease," in start.stdout
    assert set() == spared & start.modules


def test_a_start_collects_no_garbage(start: Start) -> None:
    """It makes none, and what it leaves behind ends with the process."""
    assert 0 == start.collections
    assert start.n_frozen > 10_000


@pytest.mark.parametrize(("given", "expected"), [({}, "20"), ({_SPINS: "26"}, "26")])
def test_idle_threads_of_openblas_sleep_soon(
    given: dict[str, str], expected: str
) -> None:
    """Unless a person says otherwise: they took the processor from what compiles."""
    environment = {k: v for k, v in os.environ.items() if k != _SPINS} | given
    program = (
        "import os, sys; sys.argv = ['longshot', '--version']\n"
        "import longshot.cli\n"
        "try: longshot.cli.main()\n"
        f"finally: print(os.environ[{_SPINS!r}], 'numpy' in sys.modules)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert f"{expected} False" == ended.stdout.splitlines()[-1]


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
