"""What a plain installation brings is enough, and says what to install for the rest."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from longshot.machine.locations import CACHE_VARIABLE, example_folder
from tests.encoders.transformers.test_encoder import CONFIGS, save_model

EXAMPLE = example_folder()
NOT_INSTALLED = (
    "torch",
    "transformers",
    "nncf",
    "sentence_transformers",
    "pyarrow",
    "kreuzberg",
    "platformdirs",
    "oxmsg",
    "rapidocr",
    "onnx",
    "onnxruntime",
    "sqlalchemy",
    "ray",
)
SCRIPT = f"""
import sys
from importlib.machinery import PathFinder

class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] not in {NOT_INSTALLED}:
            return super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Finder
from longshot.cli import main
main()
"""
"""The command line, in an environment that lacks some libraries."""


@pytest.fixture(autouse=True)
def no_vectors_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def paper(name: str) -> Path:
    assert EXAMPLE is not None
    return EXAMPLE / "pile" / name


def test_a_project_says_what_to_install(tmp_path: Path) -> None:
    done = run("init", tmp_path / "project")
    assert done.returncode == 1
    assert "pip install 'longshot[project]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_documents_are_labelled_from_examples() -> None:
    assert EXAMPLE is not None
    done = run("classify", EXAMPLE / "labelled", paper("paper-042.txt"))
    assert done.returncode == 0, done.stderr
    assert "inspection-report" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "auto"])
def test_documents_are_embedded(precision: str, tmp_path: Path) -> None:
    out = tmp_path / "vectors.npz"
    done = run("embed", paper("paper-042.txt"), "--out", out, "--precision", precision)
    assert done.returncode == 0, done.stderr
    assert out.is_file()


def test_models_are_listed() -> None:
    done = run("models")
    assert done.returncode == 0, done.stderr
    assert "minilm" in done.stdout


TORCH = "Run: pip install 'longshot[torch]'\n"


def test_engine_torch_says_what_to_install() -> None:
    done = run(
        "similar", paper("paper-042.txt"), paper("paper-013.txt"), "--engine=torch"
    )
    assert done.returncode == 1
    assert done.stderr.endswith(TORCH)
    assert "error: engine torch must have PyTorch and transformers" in done.stderr


def test_other_families_say_what_to_install(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "gpt2", CONFIGS["gpt2"](), framed=False)
    one, other = paper("paper-042.txt"), paper("paper-013.txt")
    done = run("similar", one, other, "--model", folder, "--window-tokens", 30)
    assert done.returncode == 1
    assert "error: a model of the family gpt2 must have PyTorch" in done.stderr
    assert done.stderr.endswith(TORCH)


def test_elmo_says_what_to_install() -> None:
    one, other = paper("paper-042.txt"), paper("paper-013.txt")
    done = run("similar", one, other, "--model", "elmo:options.json,weights.hdf5")
    assert (done.returncode, done.stderr.endswith(TORCH)) == (1, True)


def test_asking_about_names_says_what_to_install() -> None:
    options = ["--names-model", "cross-encoder/nli-deberta-v3-small"]
    assert EXAMPLE is not None
    done = run("classify", EXAMPLE / "labelled", paper("paper-042.txt"), *options)
    assert done.returncode == 1
    assert "names_model cross-encoder/nli-deberta-v3-small must" in done.stderr
    assert done.stderr.endswith(TORCH)


def test_training_glove_says_what_to_install(tmp_path: Path) -> None:
    options = ["--algorithm", "glove", "--out", tmp_path / "vectors.glove"]
    done = run("train-static", paper("paper-042.txt"), *options)
    assert (done.returncode, done.stderr.endswith(TORCH)) == (1, True)


def test_a_gpu_that_is_asked_for_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LONGSHOT_DEVICE", "cuda")
    done = run("similar", paper("paper-042.txt"), paper("paper-013.txt"))
    assert done.returncode == 1
    assert "error: LONGSHOT_DEVICE=cuda must have PyTorch" in done.stderr


def test_the_processor_that_is_asked_for_needs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LONGSHOT_DEVICE", "cpu")
    done = run("similar", paper("paper-042.txt"), paper("paper-042.txt"))
    assert (done.returncode, "1.0000" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("classify", "{example}/labelled", "{example}/pile", "--out", "labels.parquet"),
        ("classify", "table.parquet", "{example}/pile"),
        ("embed", "{example}/pile", "--out", "vectors.parquet"),
    ],
)
def test_parquet_says_what_to_install(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("table.parquet").write_bytes(b"PAR1")
    done = run(*(one.format(example=EXAMPLE) for one in arguments))
    assert done.returncode == 1
    assert done.stderr.endswith(
        "pyarrow must be installed for this; it is not. "
        "Run: pip install 'longshot[parquet]'\n"
    )


FILES = Path(__file__).parent / "reading" / "files"


def test_files_that_extras_read_say_what_to_install(tmp_path: Path) -> None:
    pile = tmp_path / "pile"
    shutil.copytree(FILES, pile)
    (pile / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")

    done = run("embed", pile, "--out", tmp_path / "vectors.npz")

    told = {
        "lease.doc": "is an old Word file (DOC)",
        "lease.epub": "is a book (EPUB)",
        "lease.pptx": "is a presentation (PPTX)",
        "lease.rtf": "is an RTF file",
        "lease.xls": "is an old spreadsheet (XLS)",
        "lease.xlsx": "is a spreadsheet (XLSX)",
        "mail.msg": "is an Outlook message",
    }
    for name, what in told.items():
        line = f"{pile / name}: {what}: pip install 'longshot[documents]' to read it"
        assert line in done.stderr
    picture = "is a picture (PNG): pip install 'longshot[ocr]' to read it"
    assert f"{pile / 'scan.png'}: {picture}" in done.stderr
    assert "lease.odt" not in done.stderr
    assert "lease.tex: read with its markup: pip install 'longshot[doc" in done.stderr


def test_a_cluster_says_which_extra_it_needs(tmp_path: Path) -> None:
    out = tmp_path / "vectors"
    process = run("embed", tmp_path, "--out", out, "--cluster", "local")
    assert process.returncode == 1
    assert process.stderr == (
        "error: ray must be installed for this; it is not. "
        "Run: pip install 'longshot[cluster]'\n"
    )
