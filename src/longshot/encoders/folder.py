"""A model's folder: its configuration, safetensors weights and tokenizer."""

import hashlib
import json
import os
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from longshot.errors import ModelIntegrityError
from longshot.machine.locations import cache_folder

_SETTINGS = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)

_LARGE_BYTES = 1 << 20
"""A smaller file is hashed as quickly as what it hashed to would be read."""

_STEP_NS = 3_000_000_000
"""Longer than the coarsest steps in which a file system counts time (FAT: 2 s)."""


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


class _State(NamedTuple):
    """What the file system says of a file; no program can write to it and keep all.

    Size and time of the last change can be set; the time at which they were set, ctime,
    cannot. Git takes the files of a checkout for unchanged by the same.
    """

    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "_State":
        found = path.stat()
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    @property
    def is_settled(self) -> bool:
        """Whether another change would show: file systems count time in steps."""
        return max(self.modified_ns, self.changed_ns) < time.time_ns() - _STEP_NS


def sha256_of(path: Path) -> str:
    """Hash a file, and a large one not again for as long as nobody writes to it.

    What it hashed to is kept in the cache folder: for the default model's weights this
    is a fifteenth of a start.
    """
    return _sha256(path.resolve(), _State.of(path))


@cache
def _sha256(path: Path, state: _State) -> str:
    tells_of_changes = os.name != "nt"  # whose ctime is that of the creation
    if state.size_bytes < _LARGE_BYTES or not tells_of_changes:
        return _hashed(path)
    name = hashlib.sha256(str(path).encode(errors="surrogateescape")).hexdigest()
    kept = cache_folder() / "models" / f"sha256-{name[:32]}.json"
    with suppress(OSError, ValueError, TypeError, KeyError):
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["state"] == [*state]:
            return str(known["sha256"])
    found = _hashed(path)
    with suppress(OSError):  # then it is hashed again next time
        if state.is_settled and _State.of(path) == state:
            kept.parent.mkdir(parents=True, exist_ok=True)
            # Half of it, or two processes' at once, is no JSON, and counts as nothing.
            kept.write_text(json.dumps({"state": state, "sha256": found}))
    return found


def _hashed(path: Path) -> str:
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
