"""Converted models on disk: made once, checked at each use, made again when in doubt.

An entry is a folder that appears by one rename, so that it is never half there; its
manifest holds the SHA-256 of every file, so that an altered one is noticed. Two
processes may make the same entry: each works in a folder of its own, and the later one
takes what the earlier one put in place. Where it lies names the model, the arithmetic
and the libraries, so that a new version of one converts anew.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from longshot.encoders.extra import require_torch
from longshot.encoders.openvino.arithmetic import Arithmetic, arithmetic_of
from longshot.errors import ModelError, OutputError
from longshot.machine.locations import CACHE_VARIABLE, cache_folder
from longshot.machine.unfinished import unfinished_folder
from longshot.recipe import Precision

MANIFEST = "manifest.json"
MODEL = "model.xml"
TOKENIZER = "tokenizer.json"

_CONVERSION = "longshot.encoders.openvino.conversion"
"""Run as a program: it imports what this process is to be spared."""

_LIBRARIES = ("longshot", "openvino")

Converter = Callable[[Path, Path, Arithmetic], None]
"""Fills an empty folder with a model's conversion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What must be known of a model besides its weights.

    Attributes
    ----------
    n_layers, dim
        Hidden states with the input embeddings, and dimensions of each.
    max_framed_tokens
        Tokens of its longest window, special ones included; None for no limit.
    unknown_id
        The token that stands for what the vocabulary lacks.
    """

    n_layers: int
    dim: int
    max_framed_tokens: int | None
    unknown_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConvertedModel:
    """An entry that was found whole."""

    folder: Path
    facts: Facts

    @property
    def model_path(self) -> Path:
        """The graph; its weights lie beside it."""
        return self.folder / MODEL

    @property
    def tokenizer_path(self) -> Path:
        """The tokenizer as ``tokenizers`` reads it."""
        return self.folder / TOKENIZER


def models_folder() -> Path:
    """Give the folder that converted models are kept in."""
    return cache_folder() / "models"


def remove_all(folder: Path) -> None:
    """Remove every converted model.

    Raises
    ------
    OutputError
        If one cannot be removed.
    """
    if not folder.exists():
        return
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise OutputError(
            f"{folder} must be writable to remove what it holds; it is not ({error}). "
            "End other programs that use it, or remove it by hand."
        ) from error


def converted_model(
    folder: Path,
    what: str,
    fingerprint: str,
    precision: Precision,
    converter: Converter,
) -> ConvertedModel:
    """Find what a model's folder was converted to, or have it converted.

    Parameters
    ----------
    folder, what, fingerprint
        The model's; what it is, for the message where what converts it is missing.
    precision
        Decides the arithmetic of the graph.
    converter
        What converts the model, the first time.

    Raises
    ------
    ModelError
        If it does not convert or cannot be kept.
    MissingExtraError
        If what converts it is not installed.
    """
    arithmetic = arithmetic_of(precision)
    place = models_folder() / f"{fingerprint[:32]}-{arithmetic}-{_versions()}"

    def convert(target: Path) -> None:
        require_torch(what)
        converter(folder, target, arithmetic)

    try:
        return entry(place, convert)
    except OSError as error:
        raise ModelError(
            f"engine openvino must be able to keep the converted model; {place.parent} "
            f"does not take it ({error}). Set {CACHE_VARIABLE} to another folder, or "
            "use --engine torch."
        ) from error


def convert_in_a_process(source: Path, target: Path, arithmetic: Arithmetic) -> None:
    """Convert a model's folder into an empty one, in another process.

    Raises
    ------
    ModelError
        If the model does not convert; with the reason in one line.
    """
    command = [sys.executable, "-W", "ignore", "-m", _CONVERSION]
    with subprocess.Popen(
        [*command, str(source), str(target), arithmetic],
        stdin=subprocess.PIPE,  # it ends where this process does: see `end_with_parent`
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as child:
        assert child.stderr is not None
        try:
            told = child.stderr.read().strip().splitlines()
        except BaseException:  # Ctrl-C, for instance
            child.kill()
            raise
        code = child.wait()
    if code:
        told = told or [f"exit code {code}"]
        raise ModelError(
            f"a model must convert for engine openvino; {source} does not "
            f"({told[-1][:200]}). Use --engine torch."
        )


def entry(folder: Path, make: Callable[[Path], None]) -> ConvertedModel:
    """Find a converted model, or make it.

    Parameters
    ----------
    folder
        Where it lies, or will.
    make
        Fills an empty folder and ends with :func:`write_manifest`. What it raises is
        passed on, and nothing is left behind.
    """
    found = _read(folder)
    if found is not None:
        return found
    folder.parent.mkdir(parents=True, exist_ok=True)
    with unfinished_folder(folder.parent, ".model-") as work:
        made = work / "entry"
        made.mkdir()
        make(made)
        return _put_in_place(made, folder, work / "replaced")


def write_manifest(folder: Path, facts: Facts) -> None:
    """Write down what the folder's files must be, once they are all there."""
    digests = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    text = json.dumps({"facts": asdict(facts), "sha256": digests}, indent=1)
    (folder / MANIFEST).write_text(text)


def _versions() -> str:
    """Name the libraries that a conversion depends on."""
    return "-".join(f"{library}-{version(library)}" for library in _LIBRARIES)


def _put_in_place(made: Path, folder: Path, replaced: Path) -> ConvertedModel:
    """Rename the made entry to its place, unless another process was faster."""
    found = _read(folder)
    if found is None:
        if folder.exists():
            folder.rename(replaced)
        try:
            made.rename(folder)
        except OSError:  # another process put its own there in this moment
            pass
        found = _read(folder)
    if found is None:
        raise OSError(f"{folder} was altered while it was put in place")
    return found


def _read(folder: Path) -> ConvertedModel | None:
    """Read an entry; None where it is missing, incomplete or altered."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        for name, digest in manifest["sha256"].items():
            if _sha256(folder / name) != digest:
                return None
        return ConvertedModel(folder=folder, facts=Facts(**manifest["facts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
