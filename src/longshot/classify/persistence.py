"""A fitted classifier on disk: safetensors for vectors, JSON for the rest.

Nothing is pickled. A folder is written whole or not at all, and is read only by a
version and under a recipe that it fits.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from longshot.classify.labels.support import SupportExample, SupportSet
from longshot.errors import OutputError, SavedClassifierError
from longshot.records import Span, Vectors, Window

FORMAT = 2
SETTINGS_FILE = "classifier.json"
VECTORS_FILE = "vectors.safetensors"


def save_support(folder: Path, support: SupportSet, settings: dict[str, Any]) -> None:
    """Write the examples, their vectors and the classifier's settings.

    Raises
    ------
    OutputError
        If the folder holds something else, or cannot be written.
    """
    if folder.exists() and not _is_replaceable(folder):
        raise OutputError(
            f"a classifier must be saved in a new folder or over a saved one; {folder} "
            "holds something else. Name another folder."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=folder.parent, prefix=f".{folder.name}-"
        ) as temporary:
            made = Path(temporary) / "classifier"
            made.mkdir()
            _write(made, support, settings)
            if folder.exists():
                shutil.move(folder, Path(temporary) / "replaced")
            made.rename(folder)
    except OSError as error:
        raise OutputError(
            f"a classifier's folder must be writable; {folder} is not "
            f"({error.strerror}). Free some space or name another folder."
        ) from error


def load_examples(folder: Path) -> tuple[list[SupportExample], dict[str, Any]]:
    """Read what :func:`save_support` wrote.

    Raises
    ------
    SavedClassifierError
        If the folder is not a saved classifier, or was written by another version.
    """
    content = _read_content(folder)
    try:
        _check_digest(folder / VECTORS_FILE, content["vectors_sha256"])
        arrays = load_file(folder / VECTORS_FILE)
        return _examples_of(content, arrays), content["settings"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise _damaged(folder, error) from error


def check_fingerprint(folder: Path, settings: dict[str, Any], fingerprint: str) -> None:
    """Hold the recipe and model that made a saved classifier against those at hand.

    Raises
    ------
    SavedClassifierError
        If they are others.
    """
    if fingerprint != settings["fingerprint"]:
        raise SavedClassifierError(
            "a saved classifier must be used under the recipe and model that made "
            f"it; {folder} was made under another. Fit it again, or load it with "
            "the model that it names."
        )


def _is_replaceable(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {"a file"}
    return names <= {SETTINGS_FILE, VECTORS_FILE}


def _write(folder: Path, support: SupportSet, settings: dict[str, Any]) -> None:
    save_file(_arrays(support), folder / VECTORS_FILE)
    content = {
        "format": FORMAT,
        "settings": settings,
        "vectors_sha256": _sha256(folder / VECTORS_FILE),
        "examples": [_plain(example) for example in support.examples],
    }
    path = folder / SETTINGS_FILE
    path.write_text(json.dumps(content, indent=1), encoding="ascii")


def _arrays(support: SupportSet) -> dict[str, np.ndarray]:
    """Give the vectors of all examples, one after the other."""
    vectors = [example.vectors for example in support.examples]
    return {
        "documents": np.ascontiguousarray(support.documents),
        "windows": np.concatenate([one.layer_means for one in vectors]),
        "spans": np.concatenate([one.span_vectors for one in vectors]),
    }


def _plain(example: SupportExample) -> dict[str, Any]:
    """Give what JSON holds of an example: all but its vectors."""
    return {
        "id": example.id,
        "label": example.label,
        "text": example.text,
        "windows": [asdict(window) for window in example.vectors.windows],
        "n_span_vectors": len(example.vectors.span_vectors),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_digest(path: Path, expected: str) -> None:
    if _sha256(path) != expected:
        raise ValueError("the vectors are not those that were saved")


def _read_content(folder: Path) -> dict[str, Any]:
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise SavedClassifierError(
            f"a saved classifier must be a folder with {SETTINGS_FILE}; {folder} is "
            "none. Check the path."
        )
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
        found = content["format"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise _damaged(folder, error) from error
    if found != FORMAT:
        raise SavedClassifierError(
            f"a saved classifier must have format {FORMAT}; {folder} has {found}. "
            "Fit and save it with this version."
        )
    return content


def _examples_of(
    content: dict[str, Any], arrays: dict[str, np.ndarray]
) -> list[SupportExample]:
    rows = content["examples"]
    n_windows = [len(row["windows"]) for row in rows]
    n_spans = [row["n_span_vectors"] for row in rows]
    examples = zip(
        rows,
        arrays["documents"],
        _split(arrays["windows"], n_windows),
        _split(arrays["spans"], n_spans),
        strict=True,
    )
    return [_example(*one) for one in examples]


def _split(rows: np.ndarray, counts: list[int]) -> list[np.ndarray]:
    if len(rows) != sum(counts):
        raise ValueError("there are not as many vectors as were saved")
    return np.split(rows, np.cumsum(counts)[:-1])


def _example(
    row: dict[str, Any], document: np.ndarray, windows: np.ndarray, spans: np.ndarray
) -> SupportExample:
    vectors = Vectors(
        document_id=row["id"],
        windows=tuple(_window(window) for window in row["windows"]),
        layer_means=windows,
        document=document,
        span_vectors=spans,
    )
    label = row["label"]
    label = tuple(label) if isinstance(label, list) else label
    return SupportExample(id=row["id"], label=label, text=row["text"], vectors=vectors)


def _window(fields: dict[str, Any]) -> Window:
    spans = tuple(Span(**span) for span in fields["spans"])
    return Window(**{**fields, "spans": spans})


def _damaged(folder: Path, error: Exception) -> SavedClassifierError:
    return SavedClassifierError(
        f"a saved classifier must be whole; {folder} is damaged "
        f"({type(error).__name__}). Fit and save it again."
    )
