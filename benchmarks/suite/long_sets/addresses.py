"""The annual messages of the presidents of the United States, by era and by party."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.suite.long_sets.labels import ERAS
from benchmarks.suite.long_sets.packages import Files, Rows, text_of


def eras(files: Files) -> Rows:
    """Give the addresses by the era in which they were given."""
    for row, text in _addresses(files):
        year = int(row["year"])
        yield next(era for last, era in ERAS.items() if year <= last), text


def parties(files: Files) -> Rows:
    """Give the addresses by the president's party."""
    return ((row["party"], text) for row, text in _addresses(files))


def _addresses(files: Files) -> Iterator[tuple[Mapping[str, str], str]]:
    rows: list[dict[str, str]] = []
    texts: dict[str, str] = {}
    for path, data in files:
        if path.endswith("metadata.csv"):
            rows = list(csv.DictReader(io.StringIO(text_of(data))))
        if "/speeches/" in path:
            texts[Path(path).stem] = text_of(data)
    return ((row, texts[row["fileid"]]) for row in rows)
