"""Word vectors as longshot keeps them: converted once, then mapped into memory.

A file of word vectors takes minutes to parse; its rows as plain 32-bit floats open at
once and are shared between processes. The first use converts a file into a folder of
the user's cache, which is moved into place when it is whole.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from jaxtyping import Float

from longshot.encoders.static.files import Rows, read_vectors
from longshot.errors import ModelIntegrityError
from longshot.machine.locations import cache_folder
from longshot.machine.unfinished import unfinished_folder

_FORMAT = 1
_NUMBERS, _WORDS, _FACTS = "vectors.f32", "words.txt", "facts.json"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WordVectors:
    """A vocabulary with its vectors.

    Attributes
    ----------
    rows
        Each word's row.
    vectors
        Mapped from disk; nothing is read until a row is.
    fingerprint
        The SHA-256 of words and vectors.
    n_repeated
        Lines of the file that gave a word again; the first vector of a word counts.
    """

    rows: dict[str, int]
    vectors: Float[np.ndarray, "word dim"]
    fingerprint: str
    n_repeated: int


def word_vectors_folder() -> Path:
    """Give the folder that converted word vectors are kept in."""
    return cache_folder() / "word-vectors"


def open_word_vectors(path: Path) -> WordVectors:
    """Open a file of word vectors; the first time, convert it.

    Raises
    ------
    ModelNotFoundError, ModelIntegrityError
        See :func:`~longshot.encoders.static.files.read_vectors`.
    """
    folder = word_vectors_folder() / _key(path)
    if not (folder / _FACTS).is_file():
        _convert(path, folder)
    return _open(folder)


def _key(path: Path) -> str:
    """Name a file by its place, size and time: hashing gigabytes takes too long."""
    if not path.is_file():
        return "missing"
    facts = path.stat()
    told = (_FORMAT, str(path.resolve()), facts.st_size, facts.st_mtime_ns)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _convert(path: Path, folder: Path) -> None:
    chunks = read_vectors(path)
    first = next(chunks, None)
    if first is None:
        raise ModelIntegrityError(
            f"{path} must hold at least one word; it holds none. Check the file."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with unfinished_folder(folder.parent, ".word-vectors-") as unfinished:
        try:
            _write(unfinished, first, chunks)
            unfinished.rename(folder)
        except OSError:
            if not (folder / _FACTS).is_file():  # else another process was first
                raise


def _write(folder: Path, first: Rows, chunks: Iterable[Rows]) -> None:
    digest = hashlib.sha256()
    seen: set[str] = set()
    n_repeated = 0
    with (
        (folder / _NUMBERS).open("wb") as numbers,
        (folder / _WORDS).open("w", encoding="utf-8", newline="\n") as names,
    ):
        for words, vectors in chain([first], chunks):
            new = _first_ones(words, seen)
            n_repeated += len(words) - len(new)
            kept = np.ascontiguousarray(vectors[new], dtype="<f4")
            lines = "".join(f"{words[i]}\n" for i in new)
            numbers.write(kept.tobytes())
            names.write(lines)
            digest.update(lines.encode())
            digest.update(kept.tobytes())
    facts = {
        "dim": first[1].shape[1],
        "n_repeated": n_repeated,
        "fingerprint": digest.hexdigest(),
    }
    (folder / _FACTS).write_text(json.dumps(facts))


def _first_ones(words: list[str], seen: set[str]) -> list[int]:
    new = []
    for i, word in enumerate(words):
        if word not in seen:
            seen.add(word)
            new.append(i)
    return new


def _open(folder: Path) -> WordVectors:
    facts = json.loads((folder / _FACTS).read_text())
    words = (folder / _WORDS).read_text(encoding="utf-8").split("\n")[:-1]
    vectors = np.memmap(folder / _NUMBERS, dtype="<f4", mode="r")
    return WordVectors(
        rows=dict(zip(words, range(len(words)), strict=True)),
        vectors=vectors.reshape(len(words), facts["dim"]),
        fingerprint=facts["fingerprint"],
        n_repeated=facts["n_repeated"],
    )
