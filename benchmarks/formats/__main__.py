"""Makes the corpus, reads it, and prints what was recovered and how fast."""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from benchmarks.formats.corpus import make
from benchmarks.formats.measures import Recovered, recovered
from benchmarks.formats.speed import alone, long_files, longshot, pages_per_second
from benchmarks.output.tables import print_header, print_row
from longshot.reading import read_documents
from longshot.records import SetAside


def main() -> None:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ["make", "read", "speed"]
    parser.add_argument("parts", nargs="*", choices=[*parts, []], default=parts)
    parser.add_argument("--folder", type=Path, default=Path("results/formats"))
    options = parser.parse_args()
    for part in options.parts:
        if part == "make":
            print(f"{make(options.folder)} files in {options.folder / 'files'}")
        elif part == "read":
            _read(options.folder)
        else:
            _speed(options.folder)
        print()


def _read(folder: Path) -> None:
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truth = {row["id"]: row["text"] for row in map(json.loads, lines)}
    set_aside: list[SetAside] = []
    found = {
        one.id: one.text
        for one in read_documents(folder / "files", on_set_aside=set_aside.append)
    }
    kinds: dict[str, list[Recovered]] = defaultdict(list)
    for id_, text in truth.items():
        kinds[_kind(id_)].append(recovered(text, found.get(id_, "")))
    print_header("kind", "documents", "words, %", "in order, %", "surplus, %", "least")
    for kind, ones in sorted(kinds.items()):
        shares = [
            f"{100 * sum(getattr(one, name) for one in ones) / len(ones):.1f}"
            for name in Recovered.__slots__
        ]
        least = f"{100 * min(one.in_order for one in ones):.1f}"
        print_row(kind, len(ones), *shares, least)
    for one in set_aside:
        print(f"    set aside: {one.id}: {one.reason}")
    for id_ in sorted(found.keys() - truth.keys()):
        print(f"    not in the truth: {id_}")


def _kind(id_: str) -> str:
    """Name a document's kind: that of the file, or what that lies in."""
    name, _, inner = id_.partition("/")
    if not inner:
        scan = "scan, " if name.startswith("scan-") else ""
        maker = (
            f", {name.split('-')[0]}" if name.startswith(("office", "pandoc")) else ""
        )
        return f"{scan}{name.rpartition('.')[2]}{maker}"
    return f"in {name}"


def _speed(folder: Path) -> None:
    print_header("kind", "pages/s", "the library alone", "share, %")
    for kind, path in long_files(folder).items():
        ours = pages_per_second(longshot, path)
        theirs = pages_per_second(alone(kind), path)
        print_row(kind, f"{ours:,.0f}", f"{theirs:,.0f}", f"{100 * ours / theirs:.0f}")


if __name__ == "__main__":
    main()
