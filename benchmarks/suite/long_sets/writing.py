"""Sets as the suite reads them: NAME.jsonl.gz, a line for each document."""

import gzip
import json
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.suite.long_sets.packages import Rows

LEAST_WORDS = 80
"""Of a document: what is shorter is a stub or a table of contents."""

LEAST_DOCUMENTS = 12
"""Of a label: eight examples, and some to judge."""


def write(
    name: str, rows: Iterable[tuple[str, str]], folder: Path, most: int | None = None
) -> None:
    """Write a set in a drawn order, and tell what is in it.

    Parameters
    ----------
    name
        Of the set.
    rows
        Labels and texts.
    folder
        Where the file is to lie.
    most
        How many documents of a label are written at most.
    """
    kept = chosen(rows, most)
    lines = (
        json.dumps(
            {"id": f"{name}-{number:05d}", "text": text, "label": label},
            ensure_ascii=False,
        )
        for number, (label, text) in enumerate(kept)
    )
    data = "".join(f"{line}\n" for line in lines).encode()
    # without the time, so that the same set is the same file
    (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
    _tell(name, kept)


def chosen(
    rows: Iterable[tuple[str, str]], most: int | None = None
) -> list[tuple[str, str]]:
    """Leave out stubs, repeats and rare labels, and draw the others' order."""
    labels: dict[str, str] = {}
    for label, text in rows:
        if len(text.split()) >= LEAST_WORDS:
            labels.setdefault(text.strip(), label)
    drawn = [(label, text) for text, label in labels.items()]
    random.Random(0).shuffle(drawn)
    return list(_bounded(drawn, most))


def _bounded(rows: Sequence[tuple[str, str]], most: int | None) -> Rows:
    counts = Counter(label for label, _ in rows)
    seen: Counter[str] = Counter()
    for label, text in rows:
        seen[label] += 1
        if counts[label] >= LEAST_DOCUMENTS and (most is None or seen[label] <= most):
            yield label, text


def _tell(name: str, rows: Sequence[tuple[str, str]]) -> None:
    words = statistics.median(len(text.split()) for _, text in rows)
    counts = Counter(label for label, _ in rows)
    print(f"{name}: {len(rows):,} documents, {len(counts)} labels, {words:,.0f} words")
    for label, count in counts.most_common():
        print(f"    {count:4} {label}")
