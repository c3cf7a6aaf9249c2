"""Machines, hours and storage for piles that no machine here could hold: a simulation.

Run: python -m benchmarks.cluster.capacity --core-tokens N [--gpu-tokens N]

``--core-tokens`` is what one processor reads per second, as
``benchmarks.cluster.speed`` measures it; ``--gpu-tokens`` is what one GPU does, as
``benchmarks.speed.gpu`` measures it. Workers take parts one after the other; each is
read from storage, encoded and written; storage serves so many requests and bytes per
second, and one process takes in every entry. What is busiest is where the bottleneck
lies.
"""

import argparse
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks.output.tables import table
from longshot.classify.models.views import MOST_SCORES
from longshot.scale.work import work_characters
from longshot.windows import SPAN_TOKENS

PILES = (10**6, 10**8, 10**10)
TOKENS_PER_DOCUMENT = 5_000
CHARACTERS_PER_TOKEN = 5.1
"""Of CUAD's first twenty contracts: 1,016,513 characters, 199,600 tokens."""

BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"
HOUR_S = 3600
TERA = 10**12
MOST_SIMULATED = 2_000
"""Workers; of more, each stands for several."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """What a recipe keeps of a window."""

    dim: int = 384
    n_layers: int = 4
    window_tokens: int = 510

    @property
    def window_bytes(self) -> int:
        """Of one window: layers in float32, spans in float16, and their places."""
        n_spans = ceil(self.window_tokens / SPAN_TOKENS)
        places = 8 * (9 + 3 * n_spans)
        return 4 * self.n_layers * self.dim + 2 * n_spans * self.dim + places


@dataclass(frozen=True, kw_only=True)
class Storage:
    """An object store, and the process that takes entries in; assumed, not measured.

    Attributes
    ----------
    bytes_per_second
        Of all workers together: what ten storage prefixes commonly serve.
    requests_per_second
        Of writing: what S3 promises for each prefix is 3,500.
    entries_per_second
        That one process takes in from Ray Data.
    latency_s
        Of a request.
    """

    bytes_per_second: float = 10e9
    requests_per_second: float = 3500.0
    entries_per_second: float = 300.0
    latency_s: float = 0.1


@dataclass(frozen=True, kw_only=True)
class Pile:
    """Documents of one length.

    Attributes
    ----------
    n_documents, n_classes
        How many there are.
    """

    n_documents: int
    n_classes: int = 10
    tokens_each: int = TOKENS_PER_DOCUMENT

    @property
    def n_tokens(self) -> int:
        """Of all documents."""
        return self.n_documents * self.tokens_each

    @property
    def text_bytes(self) -> float:
        """Of the texts."""
        return self.n_tokens * CHARACTERS_PER_TOKEN

    @property
    def part_tokens(self) -> float:
        """Of one part: what goes together, as the run decides by the pile's size."""
        characters = work_characters(int(self.text_bytes))
        return max(characters / CHARACTERS_PER_TOKEN, self.tokens_each)

    @property
    def n_parts(self) -> int:
        """Parts of the results."""
        return ceil(self.n_tokens / self.part_tokens)

    def kept_bytes(self, model: Model) -> float:
        """Give what a pile that is judged together keeps until it is decided."""
        windows = ceil(self.tokens_each / model.window_tokens) * self.n_documents
        return windows * model.window_bytes + self.text_bytes

    def learning_bytes(self, model: Model) -> float:
        """Give what the learning process holds of the documents that it learns from.

        Their last layer three times (as it came, centred, and in the mixture), and of
        each class four numbers of eight bytes.
        """
        n_learned = min(self.n_documents, MOST_SCORES // self.n_classes)
        return n_learned * (3 * 4 * model.dim + 4 * 8 * self.n_classes)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a simulated run took.

    Attributes
    ----------
    seconds
        From the first part to the last entry.
    busy
        The share of the time in which each resource was in use.
    """

    seconds: float
    busy: dict[str, float]
    has_idle_workers: bool

    @property
    def bottleneck(self) -> str:
        """What was busiest; with more workers than parts, that there are so few."""
        if self.has_idle_workers:
            return "too few parts"
        return max(self.busy, key=lambda name: self.busy[name])


def simulated(
    pile: Pile, n_workers: int, worker_tokens: float, storage: Storage
) -> Run:
    """Let workers go through a pile, part by part.

    Of very many workers some are simulated, with their share of the parts and of what
    all share: so each has as many parts to read as in truth. Reading from storage is
    served in the order in which it is asked for.
    """
    scale = min(1.0, MOST_SIMULATED / n_workers)
    n_parts = ceil(pile.n_parts * scale)
    workers = [0.0] * max(1, round(n_workers * scale))
    encoding_s = pile.part_tokens / worker_tokens
    part_bytes = pile.part_tokens * CHARACTERS_PER_TOKEN
    reading_s = part_bytes / (storage.bytes_per_second * scale)
    free_at = 0.0
    for _ in range(n_parts):
        ready = heapq.heappop(workers)
        free_at = max(ready, free_at) + reading_s
        heapq.heappush(workers, free_at + encoding_s + storage.latency_s)
    totals = {
        "encoding": n_parts * encoding_s / len(workers),
        "storage": n_parts * reading_s,
        "requests": pile.n_parts * _WRITES_PER_PART / storage.requests_per_second,
        "entries": pile.n_parts / storage.entries_per_second,
    }
    # Writing and taking in go on beside encoding, and hold it up only as a whole.
    seconds = max(*workers, *totals.values())
    busy = {name: one / seconds for name, one in totals.items()}
    is_idle = n_workers > pile.n_parts
    return Run(seconds=seconds, busy=busy, has_idle_workers=is_idle)


_WRITES_PER_PART = 2
"""Its results, and its entry."""


def workers_for(
    pile: Pile, seconds: float, worker_tokens: float, storage: Storage
) -> int | None:
    """Find the fewest workers that are done in time; None where none are."""
    needed = max(1, ceil(pile.n_tokens / (worker_tokens * seconds)))
    for factor in (1.0, 1.01, 1.02, 1.05, 1.1, 1.25, 1.5, 2.0):
        n_workers = ceil(needed * factor)
        if simulated(pile, n_workers, worker_tokens, storage).seconds <= seconds:
            return n_workers
    return None


def main() -> None:
    """Print the tables, or write them into a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--core-tokens", type=float, required=True)
    parser.add_argument("--gpu-tokens", type=float)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--cores", type=int, default=64, help="of one machine")
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--write", type=Path, help="the page, between its marks")
    options = parser.parse_args()
    found = "\n".join(lines(options))
    if options.write is None:
        print(found)
        return
    page = options.write.read_text(encoding="utf-8")
    options.write.write_text(with_tables(page, found), encoding="utf-8")


def with_tables(page: str, tables: str) -> str:
    """Put the tables into a page, between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Give the tables, line by line."""
    model, storage = Model(), Storage()
    yield (
        f"One core reads {options.core_tokens:,.0f} tokens/s; machines of "
        f"{options.cores} cores; {options.classes} labels; all of it in "
        f"{options.hours:g} hours; documents of {TOKENS_PER_DOCUMENT:,} tokens.\n"
    )
    rows = []
    for n_documents in PILES:
        pile = Pile(n_documents=n_documents, n_classes=options.classes)
        rows.append(_row(pile, model, options.core_tokens, options, storage))
    yield table(
        [
            "documents",
            "tokens",
            "core hours",
            "machines",
            "parts",
            "text",
            "kept until a pile is decided",
            "labels",
            "memory to learn from the pile",
            "busiest",
        ],
        rows,
    )
    yield "\nWhere the bottleneck moves, with 100 million documents:\n"
    pile = Pile(n_documents=PILES[1], n_classes=options.classes)
    rows = []
    for n_cores in (64, 640, 6_400, 64_000, 640_000):
        run = simulated(pile, n_cores, options.core_tokens, storage)
        ideal = pile.n_tokens / (options.core_tokens * n_cores)
        rows.append(
            [
                f"{n_cores:,}",
                f"{run.seconds / HOUR_S:,.2f}",
                f"{ideal / run.seconds:.0%}",
                run.bottleneck,
                *(f"{run.busy[name]:.0%}" for name in run.busy),
            ]
        )
    yield table(["cores", "hours", "of the ideal", "busiest", *run.busy], rows)
    if options.gpu_tokens:
        yield f"\nOne GPU reads {options.gpu_tokens:,.0f} tokens/s, as was given:\n"
        rows = []
        for n_documents in PILES:
            hours = n_documents * TOKENS_PER_DOCUMENT / options.gpu_tokens / HOUR_S
            gpus = ceil(hours / options.hours)
            rows.append([f"{n_documents:,}", f"{hours:,.1f}", f"{gpus:,}"])
        yield table(["documents", "GPU hours", "GPUs"], rows)


def _row(
    pile: Pile,
    model: Model,
    core_tokens: float,
    options: argparse.Namespace,
    storage: Storage,
) -> list[str]:
    n_workers = workers_for(pile, options.hours * HOUR_S, core_tokens, storage)
    machines, busiest = "none is enough", "-"
    if n_workers is not None:
        machines = f"{ceil(n_workers / options.cores):,}"
        busiest = simulated(pile, n_workers, core_tokens, storage).bottleneck
    return [
        f"{pile.n_documents:,}",
        f"{pile.n_tokens:,}",
        f"{pile.n_tokens / core_tokens / HOUR_S:,.0f}",
        machines,
        f"{pile.n_parts:,}",
        f"{pile.text_bytes / TERA:,.2f} TB",
        f"{pile.kept_bytes(model) / TERA:,.2f} TB",
        f"{pile.n_documents * _LABEL_BYTES / TERA:,.3f} TB",
        f"{pile.learning_bytes(model) / 10**9:,.1f} GB",
        busiest,
    ]


_LABEL_BYTES = 750
"""Of a document's row with its passage: 44,936 bytes for 60 news of BBC."""


if __name__ == "__main__":
    main()
