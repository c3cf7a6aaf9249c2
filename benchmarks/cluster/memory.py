"""Short and very long documents mixed: peak memory of a worker, and what spills.

Run: python -m benchmarks.cluster.memory [--short 100000] [--long 1000]

A short document has 40 words, a long one 60,000. What encodes is a model of a few
numbers, so that only the pipeline is measured: what it holds of texts, windows and
results. Each process that Ray starts is looked at twice a second.
"""

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder
from longshot.scale import embed_files
from longshot.scale.engine import connected
from tests.fakes import FakeEncoder
from tests.scale.conftest import TOPICS, text_of

ROWS_PER_GROUP = 2_000
MIB = 1 << 20


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", type=int, default=100_000)
    parser.add_argument("--long", type=int, default=1_000)
    options = parser.parse_args()
    os.environ.setdefault("RAY_worker_niceness", "0")
    peaks: dict[str, int] = {}
    is_over = threading.Event()
    with tempfile.TemporaryDirectory() as folder, connected():
        pile = Path(folder) / "pile.parquet"
        _write(pile, options.short, options.long)
        watcher = threading.Thread(target=_watch, args=(peaks, is_over))
        watcher.start()
        started = time.perf_counter()
        embedder = DocumentEmbedder(encoder=FakeEncoder(), cache=None)
        told = embed_files(str(pile), f"{folder}/out", embedder)
        seconds = time.perf_counter() - started
        is_over.set()
        watcher.join()
        spilled = _spilled_bytes()
    print_header("documents", "tokens", "s", "process", "peak MiB", "spilled MiB")
    for name, peak in sorted(peaks.items()):
        print_row(
            f"{told.n_documents:,}",
            f"{told.n_tokens:,}",
            f"{seconds:.0f}",
            name,
            f"{peak / MIB:,.0f}",
            f"{spilled / MIB:,.0f}",
        )


def _write(path: Path, n_short: int, n_long: int) -> None:
    """Write a pile whose long documents stand between the short ones."""
    import pyarrow as pa
    from pyarrow import parquet

    topics = list(TOPICS)
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    long_each = n_long / max(n_short, 1)
    n_written = 0
    with parquet.ParquetWriter(path, schema) as writer:
        for first in range(0, n_short, ROWS_PER_GROUP):
            rows = [
                {"id": f"s{i}", "text": text_of(topics[i % 2], i)}
                for i in range(first, min(first + ROWS_PER_GROUP, n_short))
            ]
            while n_written < round((first + ROWS_PER_GROUP) * long_each):
                text = text_of(topics[n_written % 2], n_written, 60_000)
                rows.insert(len(rows) // 2, {"id": f"l{n_written}", "text": text})
                n_written += 1
            writer.write_table(pa.Table.from_pylist(rows, schema))


def _watch(peaks: dict[str, int], is_over: threading.Event) -> None:
    own = psutil.Process()
    while not is_over.wait(0.5):
        for one in [own, *own.children(recursive=True)]:
            try:
                name = "driver" if one == own else one.cmdline()[0].split("(")[0]
                memory = one.memory_info()
            except (psutil.Error, IndexError):
                continue
            if name in ("driver", "ray::MapWorker", "ray::FlatMap"):
                private = memory.rss - memory.shared
                peaks[name] = max(peaks.get(name, 0), private)


def _spilled_bytes() -> int:
    """Add up the files that Ray spilled objects to."""
    session = (
        Path(tempfile.gettempdir()) / "ray" / "session_latest"
    )  # where Ray puts it
    folders = session.glob("ray_spilled_objects*")
    return sum(path.stat().st_size for one in folders for path in one.rglob("*"))


if __name__ == "__main__":
    main()
