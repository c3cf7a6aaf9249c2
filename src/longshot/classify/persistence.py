"""A fitted classifier as files: JSON for people, safetensors for arrays.

Nothing is pickled. A folder is written whole or not at all, and is read only by a
version and under a recipe that it fits.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.label_lists import Label
from longshot.classify.labels.support import (
    SeveralSupportSet,
    SupportExample,
    SupportSet,
)
from longshot.embedder import DocumentEmbedder
from longshot.errors import OutputError, SavedClassifierError
from longshot.recipe import Recipe
from longshot.records import Span, Vectors, Window

if TYPE_CHECKING:
    from longshot.encoders.transformers.entailment import EntailmentModel

FORMAT = 3
SETTINGS_FILE = "classifier.json"
VECTORS_FILE = "vectors.safetensors"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SavedClassifier:
    """All that makes a fitted classifier.

    Attributes
    ----------
    parameters
        Those of the estimator, without its embedder.
    embedder
        What gave the examples their vectors.
    descriptions
        What is said of the labels.
    support
        The examples.
    names_fingerprint
        That of the model that is asked about names; None where none is.
    """

    parameters: dict[str, Any]
    embedder: DocumentEmbedder
    descriptions: dict[Label, str | None]
    support: SupportSet
    names_fingerprint: str | None = None

    def save(self, folder: Path) -> None:
        """Write it to a folder.

        Raises
        ------
        OutputError
            If the folder holds something else, or cannot be written.
        """
        if folder.exists() and not _is_replaceable(folder):
            raise OutputError(
                "a classifier must be saved in a new folder or over a saved one; "
                f"{folder} holds something else. Name another folder."
            )
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(
                dir=folder.parent, prefix=f".{folder.name}-"
            ) as temporary:
                made = Path(temporary) / "classifier"
                made.mkdir()
                self._write(made)
                if folder.exists():
                    shutil.move(folder, Path(temporary) / "replaced")
                made.rename(folder)
        except OSError as error:
            raise OutputError(
                f"a classifier's folder must be writable; {folder} is not "
                f"({error.strerror}). Free some space or name another folder."
            ) from error

    @classmethod
    def load(cls, folder: Path, embedder: DocumentEmbedder | None) -> "SavedClassifier":
        """Read what was saved.

        Raises
        ------
        SavedClassifierError
            If it was written by another version, or under another recipe or model.
        """
        content = _read_content(folder)
        try:
            if _sha256(folder / VECTORS_FILE) != content["vectors_sha256"]:
                raise ValueError("the vectors are not those that were saved")
            arrays = load_file(folder / VECTORS_FILE)
            features = DocumentFeatures.of_arrays(arrays)
            examples = _examples_of(content["examples"], features, arrays["windows"])
            settings = content["settings"]
            descriptions = dict(map(tuple, settings["descriptions"]))
            recipe = settings["recipe"]
            several = settings["several"]
            names_fingerprint = settings.get("names_fingerprint")
        except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
            raise _damaged(folder, error) from error
        embedder = embedder or DocumentEmbedder(Recipe.from_dict(recipe))
        if embedder.fingerprint != settings["fingerprint"]:
            raise SavedClassifierError(
                "a saved classifier must be used under the recipe and model that made "
                f"it; {folder} was made under another. Fit it again, or load it with "
                "the model that it names."
            )
        if several is None:
            support = SupportSet(examples, features, descriptions)
        else:
            form, named = several
            support = SeveralSupportSet(examples, features, named, form)
        return cls(
            parameters=settings["parameters"],
            embedder=embedder,
            descriptions=descriptions,
            support=support,
            names_fingerprint=names_fingerprint,
        )

    def check_names_model(self, model: "EntailmentModel | None") -> None:
        """Hold the model that is asked about names against the one that was.

        Raises
        ------
        SavedClassifierError
            If it is another one.
        """
        if model is not None and model.fingerprint != self.names_fingerprint:
            raise SavedClassifierError(
                "a saved classifier must ask the model that it was fitted with; "
                f"{model.name} has changed since. Fit it again, or bring that model "
                "back."
            )

    def _write(self, folder: Path) -> None:
        several = None
        if isinstance(self.support, SeveralSupportSet):
            several = [self.support.form, list(self.support.named)]
        arrays = self.support.features.arrays()
        n_layers = len(self.embedder.layers)
        nothing = np.empty((0, n_layers, self.embedder.encoder.dim), dtype=np.float32)
        windows = [one.layer_means for one in self.support.vectors]
        arrays["windows"] = np.concatenate([nothing, *windows])
        save_file(arrays, folder / VECTORS_FILE)
        content = {
            "format": FORMAT,
            "settings": {
                "parameters": self.parameters,
                "descriptions": list(self.descriptions.items()),
                "recipe": self.embedder.recipe.to_dict(),
                "fingerprint": self.embedder.fingerprint,
                "several": several,
                "names_fingerprint": self.names_fingerprint,
            },
            "vectors_sha256": _sha256(folder / VECTORS_FILE),
            "examples": [_plain(example) for example in self.support.examples],
        }
        path = folder / SETTINGS_FILE
        path.write_text(json.dumps(content, indent=1), encoding="ascii")


def _is_replaceable(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {"a file"}
    return names <= {SETTINGS_FILE, VECTORS_FILE}


def _plain(example: SupportExample) -> dict[str, Any]:
    """Give what JSON holds of an example: all but its vectors."""
    vectors = example.vectors
    return {
        "id": example.id,
        "label": example.label,
        "text": example.text,
        "windows": [asdict(one) for one in vectors.windows] if vectors else None,
        "has_spans": vectors is not None and len(vectors.span_vectors) > 0,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_content(folder: Path) -> dict[str, Any]:
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise SavedClassifierError(
            f"a saved classifier must be a folder with {SETTINGS_FILE}; {folder} does "
            "not hold one. Check the path."
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
    rows: list[dict[str, Any]], features: DocumentFeatures, windows: np.ndarray
) -> list[SupportExample]:
    ends = np.cumsum([len(row["windows"] or ()) for row in rows], dtype=np.int64)
    if len(windows) != ends.max(initial=0) or len(features) != len(rows):
        raise ValueError("there are not as many vectors as were saved")
    of_examples = np.split(windows, ends)[:-1]
    return [
        _example(row, features, number, of_examples[number])
        for number, row in enumerate(rows)
    ]


def _example(
    row: dict[str, Any], features: DocumentFeatures, number: int, windows: np.ndarray
) -> SupportExample:
    vectors = None
    if row["windows"] is not None:
        spans = features.spans[number]
        vectors = Vectors(
            document_id=row["id"],
            windows=tuple(
                Window(**{**one, "spans": tuple(Span(**span) for span in one["spans"])})
                for one in row["windows"]
            ),
            layer_means=windows,
            document=features.vectors[number],
            span_vectors=spans if row["has_spans"] else spans[:0],
        )
    label = row["label"]
    label = tuple(label) if isinstance(label, list) else label
    return SupportExample(id=row["id"], label=label, text=row["text"], vectors=vectors)


def _damaged(folder: Path, error: Exception) -> SavedClassifierError:
    return SavedClassifierError(
        f"a saved classifier must be whole; {folder} is damaged "
        f"({type(error).__name__}). Fit and save it again."
    )
