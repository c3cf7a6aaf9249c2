"""The texts that are measured on: public data sets, where they are at hand, or others.

A public data set is a file ``NAME.jsonl.gz`` whose lines hold ``id``, ``text`` and
``label``. The folder is given with ``--data`` or the environment variable
``LONGSHOT_DATA``. Their sources are named in docs/benchmarks.md; none of them is part
of this project. Anything else is a path to a labelled set as longshot's commands take
it: a folder with one sub-folder per label, or a table with ``text`` and ``label``.
"""

import gzip
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from longshot.classify import Label
from longshot.errors import LongshotError
from longshot.reading.sources.descriptions import read_descriptions
from longshot.reading.sources.labelled import read_examples

DEFAULT_FOLDER = Path(os.environ.get("LONGSHOT_DATA", "data"))
PUBLIC_SETS = ("bbc", "cuad", "movie", "clinc150")
DESCRIPTIONS: Mapping[str, Mapping[Label, str | None]] = {
    "movie": {
        "neg": "negative review, a bad film",
        "pos": "positive review, a great film",
    }
}
"""Of public data sets whose labels are no words."""

_ELSEWHERE = "oos"
"""How the splits begin that hold queries of none of the labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Texts with their labels, in the order of the file.

    Attributes
    ----------
    name
        What it is called in tables.
    texts, labels
        One label for each text.
    splits
        ``train`` or ``test`` where the file says so, else empty.
    descriptions
        What labels mean, where it is told.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    splits: tuple[str, ...]
    descriptions: Mapping[Label, str | None] = field(default_factory=dict)

    def take(self, rows: Sequence[int]) -> "Corpus":
        """Give some of the documents."""
        return replace(
            self,
            texts=tuple(self.texts[row] for row in rows),
            labels=tuple(self.labels[row] for row in rows),
            splits=tuple(self.splits[row] for row in rows),
        )

    def in_scope(self) -> "Corpus":
        """Leave out queries of none of the labels."""
        rows = range(len(self.splits))
        return self.take([r for r in rows if not self.splits[r].startswith(_ELSEWHERE)])


def read_corpus(
    name: str, folder: Path = DEFAULT_FOLDER, labels: Path | None = None
) -> Corpus:
    """Read a data set; the program stops with a line if it is not at hand.

    Parameters
    ----------
    name
        A public data set's name, or the path of one's own.
    folder
        Where public data sets lie.
    labels
        A file of label names and what they mean, for one's own.
    """
    path = folder / f"{name}.jsonl.gz"
    if path.is_file():
        return _public(name, path)
    if not Path(name).exists():
        raise SystemExit(f"{path} is not at hand: name the folder with --data")
    try:
        return _own(Path(name), labels)
    except LongshotError as error:
        raise SystemExit(str(error)) from None


def name_of(given: str) -> str:
    """Give what a data set is called in tables, whether named or given by its path."""
    return Path(given).name.partition(".")[0]


def _public(name: str, path: Path) -> Corpus:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return Corpus(
        name=name,
        texts=tuple(row["text"] for row in rows),
        labels=tuple(row["label"] for row in rows),
        splits=tuple(row.get("split", "") for row in rows),
        descriptions=DESCRIPTIONS.get(name, {}),
    )


def _own(path: Path, labels: Path | None) -> Corpus:
    examples = list(read_examples(path))
    told = read_descriptions(labels) if labels else {}
    return Corpus(
        name=name_of(str(path)),
        texts=tuple(one.document.text for one in examples),
        labels=tuple(one.label for one in examples),
        splits=("",) * len(examples),
        descriptions={label: text for label, text in told.items()},
    )
