"""Converted models on disk: made once, checked at each use, made again when in doubt.

An entry is a folder that appears by one rename, so that it is never half there; its
manifest holds the SHA-256 of every file, so that an altered one is noticed. Two
processes may make the same entry: each works in a folder of its own, and the later one
takes what the earlier one put in place.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "manifest.json"
MODEL = "model.xml"
TOKENIZER = "tokenizer.json"


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
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=".making-", ignore_cleanup_errors=True
    ) as work:
        made = Path(work) / "entry"
        made.mkdir()
        make(made)
        return _put_in_place(made, folder, Path(work) / "replaced")


def write_manifest(folder: Path, facts: Facts) -> None:
    """Write down what the folder's files must be, once they are all there."""
    digests = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    text = json.dumps({"facts": asdict(facts), "sha256": digests}, indent=1)
    (folder / MANIFEST).write_text(text)


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


def remove_all(folder: Path) -> None:
    """Remove every converted model."""
    shutil.rmtree(folder, ignore_errors=True)
