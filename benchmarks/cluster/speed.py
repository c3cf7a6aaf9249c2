"""Tokens per second: two workers on a local Ray beside the plain engine.

Run: python -m benchmarks.cluster.speed [--documents 60] [--rounds 3] [--tenfold]

Both read the same documents of CUAD, in turns. A run on Ray is measured as a whole, and
beyond its start: from when the first part was begun to when the last one was done, as
the manifest tells. Other programs share the machine, so that the processor's seconds
are given beside the clock's: those of this process and of all that it started.
``--tenfold`` lets the workers read ten times as many documents as well.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.cluster.agreement import _write
from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder
from longshot.records import Document
from longshot.scale import Workers, embed_files
from longshot.scale.engine import connected
from longshot.scale.manifest import ENTRIES, Entry
from longshot.scale.run import Cluster

_LOOKS_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took: the clock's seconds, the processor's, and those of workers.

    Of the clock's seconds, those of parts begin where the first part does.
    """

    clock_s: float
    parts_s: float
    processor_s: float
    workers_s: float


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tenfold", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("RAY_worker_niceness", "0")
    corpus = read_corpus("cuad", options.data)
    texts = corpus.texts[: options.documents]
    once = _documents(texts, 1)
    embedder = DocumentEmbedder(cache=None)
    n_tokens = sum(one.n_tokens for one in embedder.vectors(once))
    print_header(
        "engine",
        "documents",
        "tokens",
        "s",
        "tokens/s",
        "s beyond the start",
        "tokens/s beyond the start",
        "CPU s",
        "CPU s of workers",
    )
    took: dict[str, list[Took]] = {"plain": [], "two workers": [], "tenfold": []}
    with tempfile.TemporaryDirectory() as folder, connected():
        place = Path(folder) / "pile.parquet"
        for _ in range(options.rounds):
            took["plain"].append(_plain(once, embedder))
            _row("plain", len(once), n_tokens, took["plain"][-1])
            took["two workers"].append(_on_ray(once, place, embedder))
            _row("two workers", len(once), n_tokens, took["two workers"][-1])
            if options.tenfold:
                many = _documents(texts, 10)
                took["tenfold"].append(_on_ray(many, place, embedder))
                _row("two workers", len(many), 10 * n_tokens, took["tenfold"][-1])
    plain, workers = _median(took["plain"]), _median(took["two workers"])
    print(
        f"\ntwo workers: {plain.clock_s / workers.clock_s:.0%} of the plain engine's "
        f"speed, {plain.clock_s / workers.parts_s:.0%} beyond the start"
    )
    if options.tenfold:
        tenfold = _median(took["tenfold"])
        print(
            f"ten times as many documents: {tenfold.clock_s / workers.clock_s:.2f} "
            f"times as long, {tenfold.parts_s / workers.parts_s:.2f} beyond the start; "
            f"{10 * plain.clock_s / tenfold.clock_s:.0%} of the plain engine's speed"
        )


def _documents(texts: Sequence[str], n_times: int) -> list[Document]:
    """Give each text several times; a number makes them differ."""
    return [
        Document(id=f"{i}-{number}", text=f"{number} {text}")
        for number in range(n_times)
        for i, text in enumerate(texts)
    ]


def _median(took: list[Took]) -> Took:
    return Took(
        median(one.clock_s for one in took),
        median(one.parts_s for one in took),
        median(one.processor_s for one in took),
        median(one.workers_s for one in took),
    )


def _row(name: str, n_documents: int, n_tokens: int, took: Took) -> None:
    print_row(
        name,
        n_documents,
        f"{n_tokens:,}",
        f"{took.clock_s:.1f}",
        f"{n_tokens / took.clock_s:,.0f}",
        f"{took.parts_s:.1f}",
        f"{n_tokens / took.parts_s:,.0f}",
        f"{took.processor_s:.1f}",
        f"{took.workers_s:.1f}",
    )


def _plain(documents: list[Document], embedder: DocumentEmbedder) -> Took:
    started, before = time.perf_counter(), time.process_time()
    for _ in embedder.vectors(documents):
        pass
    processor_s = time.process_time() - before
    clock_s = time.perf_counter() - started
    return Took(clock_s, clock_s, processor_s, processor_s)


def _on_ray(documents: list[Document], place: Path, embedder: DocumentEmbedder) -> Took:
    _write(place, documents)
    with tempfile.TemporaryDirectory() as out, _Meter() as meter:
        started = time.perf_counter()
        cluster = Cluster(workers=Workers(n_most=2, n_least=2))
        embed_files(str(place), f"{out}/out", embedder, cluster=cluster)
        took_s = time.perf_counter() - started
        parts_s = _parts_s(Path(out) / "out" / ENTRIES)
    return Took(took_s, parts_s, meter.processor_s, meter.workers_s)


def _parts_s(entries: Path) -> float:
    """Tell how long it was from the first part's beginning to the last one's end."""
    done = {path: path.stat().st_mtime for path in entries.rglob("*.json")}
    begun = [at - Entry.of(path.read_bytes()).seconds for path, at in done.items()]
    return max(done.values()) - min(begun)


class _Meter:
    """Adds up the processor's seconds of this process and all that it started.

    Those that end are remembered as they were seen last.
    """

    def __enter__(self) -> "_Meter":
        self._is_over = threading.Event()
        self._first: dict[tuple[int, float], float] = {}
        self._last: dict[tuple[int, float], float] = {}
        self._workers: set[tuple[int, float]] = set()
        self._look(self._first)
        self._workers.clear()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._watcher.join()
        self._look(self._last)

    @property
    def processor_s(self) -> float:
        """What was used between entering and leaving."""
        return sum(s - self._first.get(one, 0.0) for one, s in self._last.items())

    @property
    def workers_s(self) -> float:
        """What workers used of it, with what loading their models took."""
        return sum(self._last[one] for one in self._workers)

    def _watch(self) -> None:
        while not self._is_over.wait(_LOOKS_EVERY_S):
            self._look(self._last)

    def _look(self, at: dict[tuple[int, float], float]) -> None:
        own = psutil.Process()
        for one in [own, *own.children(recursive=True)]:
            try:
                times = one.cpu_times()
                key = one.pid, one.create_time()
                at[key] = times.user + times.system
                if "MapWorker" in " ".join(one.cmdline()):
                    self._workers.add(key)
            except psutil.Error:
                continue


if __name__ == "__main__":
    main()
