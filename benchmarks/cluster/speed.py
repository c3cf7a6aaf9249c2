"""Tokens per second: two workers on a local Ray beside the plain engine.

Run: python -m benchmarks.cluster.speed [--documents 60] [--rounds 3] [--tenfold]

Both read the same documents of CUAD, in turns. Other programs share the machine, so
that the processor's seconds are given beside the clock's: those of this process and
of all that it started. ``--tenfold`` reads ten times as many documents as well, and
compares the times: what is beyond the start of workers and models is the difference.
"""

import argparse
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.cluster.agreement import _write
from benchmarks.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.tables import print_header, print_row
from longshot import DocumentEmbedder
from longshot.records import Document
from longshot.scale import Workers, embed_files
from longshot.scale.engine import connected
from longshot.scale.run import Cluster

_LOOKS_EVERY_S = 0.25


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took: the clock's seconds, the processor's, and those of workers."""

    clock_s: float
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
    n_times = 10 if options.tenfold else 1
    texts = corpus.texts[: options.documents]
    documents = [
        Document(id=f"{i}-{number}", text=f"{number} {text}")
        for number in range(n_times)
        for i, text in enumerate(texts)
    ]
    embedder = DocumentEmbedder(cache=None)
    n_tokens = sum(one.n_tokens for one in embedder.vectors(documents[: len(texts)]))
    print_header(
        "engine",
        "documents",
        "tokens",
        "s",
        "tokens/s",
        "CPU s",
        "tokens/CPU s",
        "CPU s of workers",
    )
    with tempfile.TemporaryDirectory() as folder, connected():
        place = Path(folder) / "pile.parquet"
        sizes = [len(texts), len(documents)] if options.tenfold else [len(documents)]
        took: dict[tuple[str, int], list[Took]] = {}
        for number in range(options.rounds):
            for size in sizes:
                some = documents[:size]
                for name, run in (("plain", _plain), ("two workers", _on_ray)):
                    took.setdefault((name, size), []).append(run(some, place, embedder))
                    one = took[name, size][-1]
                    n = n_tokens * size // len(texts)
                    _row(f"{name}, round {number + 1}", size, n, one)
    if not options.tenfold:
        return
    print("\nten times as many documents, beside one time (median of rounds):\n")
    print_header("engine", "s", "CPU s", "tokens/CPU s beyond the start")
    for name in ("plain", "two workers"):
        few, many = (_median(took[name, size]) for size in sizes)
        print_row(
            name,
            f"{many.clock_s / few.clock_s:.1f} times",
            f"{many.processor_s / few.processor_s:.1f} times",
            f"{9 * n_tokens / (many.processor_s - few.processor_s):,.0f}",
        )


def _median(took: list[Took]) -> Took:
    return Took(
        median(one.clock_s for one in took),
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
        f"{took.processor_s:.1f}",
        f"{n_tokens / took.processor_s:,.0f}",
        f"{took.workers_s:.1f}",
    )


def _plain(documents: list[Document], place: Path, embedder: DocumentEmbedder) -> Took:
    del place
    started, before = time.perf_counter(), time.process_time()
    for _ in embedder.vectors(documents):
        pass
    processor_s = time.process_time() - before
    return Took(time.perf_counter() - started, processor_s, processor_s)


def _on_ray(documents: list[Document], place: Path, embedder: DocumentEmbedder) -> Took:
    _write(place, documents)
    with tempfile.TemporaryDirectory() as out, _Meter() as meter:
        started = time.perf_counter()
        cluster = Cluster(workers=Workers(n_most=2, n_least=2))
        embed_files(str(place), f"{out}/out", embedder, cluster=cluster)
        took_s = time.perf_counter() - started
    return Took(took_s, meter.processor_s, meter.workers_s)


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
