"""The texts that are measured on: public data sets, where they are at hand.

A data set is a file ``NAME.jsonl.gz`` whose lines hold ``id``, ``text`` and ``label``.
The folder is given with ``--data`` or the environment variable ``LONGSHOT_DATA``. Their
sources are named in docs/benchmarks.md; none of them is part of this project.
"""

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_FOLDER = Path(os.environ.get("LONGSHOT_DATA", "../shared/data"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Texts with their labels, in the order of the file."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    splits: tuple[str, ...]


def read_corpus(name: str, folder: Path = DEFAULT_FOLDER) -> Corpus:
    """Read a data set; the program stops with a line if it is not at hand."""
    path = folder / f"{name}.jsonl.gz"
    if not path.is_file():
        raise SystemExit(f"{path} is not at hand: name the folder with --data")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return Corpus(
        name=name,
        texts=tuple(row["text"] for row in rows),
        labels=tuple(row["label"] for row in rows),
        splits=tuple(row.get("split", "") for row in rows),
    )
