"""A model's folder: its configuration, safetensors weights and tokenizer."""

import hashlib
import json
from functools import cache
from pathlib import Path

from longshot.errors import ModelIntegrityError

_SETTINGS = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)


def fingerprint_of_folder(folder: Path) -> str:
    """Hash a model's configuration, weights and tokenizer.

    Raises
    ------
    ModelIntegrityError
        If the folder holds no configuration or no safetensors weights.
    """
    weights = sorted(folder.glob("*.safetensors"))
    if not (folder / "config.json").is_file() or not weights:
        raise ModelIntegrityError(
            "a model's folder must hold config.json and *.safetensors weights (nothing "
            f"is unpickled); {folder} holds {listing(folder)}. Save the model with "
            "save_pretrained, or name another folder."
        )
    digest = hashlib.sha256()
    settings = [folder / name for name in _SETTINGS if (folder / name).is_file()]
    for path in [*weights, *settings, *tokenizer_files(folder)]:
        digest.update(bytes.fromhex(sha256_of(path)))
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """Hash a file, once in a process for as long as it stays the same."""
    status = path.stat()
    return _sha256(path.resolve(), status.st_size, status.st_mtime_ns)


@cache
def _sha256(path: Path, size_bytes: int, modified_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tokenizer_files(folder: Path) -> list[Path]:
    """Find the files that a model's tokenizer may consist of."""
    names = ("tokenizer.json", "vocab.txt", "vocab.json", "merges.txt")
    found = [folder / name for name in names if (folder / name).is_file()]
    return [*found, *sorted(folder.glob("*.model"))]


def listing(folder: Path) -> str:
    """Name what lies in a folder, for an error's one line."""
    names = sorted(path.name for path in folder.iterdir())
    return json.dumps(names[:8]) if names else "nothing"
