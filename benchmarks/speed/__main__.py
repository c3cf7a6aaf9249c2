"""The compiled engine beside every other way of encoding the same windows.

Run: python -m benchmarks.speed [--data FOLDER] [--rounds 5] [--quick]
     [--model minilm] [--peers .venv-peers/bin/python]
     [--figure docs/figures/speed.svg]

One run, the same texts, weights and windows, in turn; the ratio of medians first. Peers
that cannot be run here are named and left out. Then the share of the machine's limit, a
whole process for one short document, and the same pile a second time. The picture shows
the ratios of this run; --quick draws none unless it is told where.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.side_by_side import print_ratios, time_in_turn
from benchmarks.output.tables import print_header, print_row
from benchmarks.speed.limits import print_shares
from benchmarks.speed.peers import PEERS_PYTHON, READS_WHOLE_TEXTS, Peer, running_peers
from benchmarks.speed.picture import draw_ratios
from benchmarks.speed.plain_loop import PlainLoop
from longshot import DocumentEmbedder, Recipe
from longshot.encoders.minilm import NAME as MINILM
from longshot.encoders.minilm import minilm_folder
from longshot.encoders.published import PUBLISHED, fetch
from longshot.encoding.cache import VectorCache
from longshot.recipe import Precision, PrecisionSetting
from longshot.similarity import unit

N_DOCUMENTS = {"bbc": 24, "cuad": 2, "clinc150": 600}
QUICK_N_DOCUMENTS = {"bbc": 2, "cuad": 1, "clinc150": 20}
LONGEST_CHARACTERS, QUICK_LONGEST_CHARACTERS = 40_000, 4_000
WORDS_OF_A_SHORT_DOCUMENT = 300
FIGURE = Path("docs/figures/speed.svg")
FASTEST = "longshot, auto"
PLAIN_LOOP = "the article's plain loop"
ONLY_LONG = {PLAIN_LOOP: ("clinc150",)}
"""What would take a quarter of an hour on short texts, each padded to 512 tokens."""


def main() -> None:
    """Measure, and print the tables."""
    options = _options()
    n_documents = QUICK_N_DOCUMENTS if options.quick else N_DOCUMENTS
    longest = QUICK_LONGEST_CHARACTERS if options.quick else LONGEST_CHARACTERS
    samples = {
        name: _sample(name, n, longest, options.data) for name, n in n_documents.items()
    }
    alone = options.processor_time or options.model != MINILM
    with running_peers(options.peers) as peers:
        ways = _ways(peers, options.model, only_fast=options.processor_time)
        clock = time.perf_counter
        if options.processor_time:
            clock = partial(_processor_seconds, list(peers.values()))
        medians = {
            name: _measure_pile(name, texts, ways, options.rounds, clock)
            for name, texts in samples.items()
        }
    if options.figure and not alone:
        draw_ratios(medians, options.figure, base=FASTEST)
    _print_cosines(samples["bbc"], options.model)
    if not alone:
        print_shares(options.rounds, n_windows=2 if options.quick else 16)
        _measure_second_run(samples["bbc"])
        _measure_process(samples["bbc"][0], options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--model", choices=sorted(PUBLISHED), default=MINILM)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--processor-time", action="store_true")
    parser.add_argument("--peers", type=Path, default=PEERS_PYTHON)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.figure = options.figure or (None if options.quick else FIGURE)
    return options


def _sample(name: str, n_documents: int, longest: int, folder: Path) -> list[str]:
    texts = read_corpus(name, folder).texts
    short = [text for text in texts if len(text) < longest]
    return short[:: len(short) // n_documents][:n_documents]


Way = Callable[[Sequence[str], Sequence[str]], object]
"""Takes the texts, and the texts of their windows."""


def _processor_seconds(peers: Sequence[Peer]) -> float:
    return time.process_time() + sum(peer.processor_s for peer in peers)


def _ways(
    peers: dict[str, Peer], model: str, *, only_fast: bool = False
) -> dict[str, Way]:
    ways: dict[str, Way] = {
        f"longshot, {precision}": _longshot(precision, model=model)
        for precision in get_args(PrecisionSetting)
    }
    ways["sentence-transformers, float32"] = _sentences(model)
    ways["sentence-transformers, bfloat16"] = _sentences(model, "bfloat16")
    if model != MINILM:
        return ways
    ways |= {
        name: _peer(peer, name in READS_WHOLE_TEXTS) for name, peer in peers.items()
    }
    if only_fast:
        return ways
    ways["longshot, PyTorch, float32"] = _longshot("float32", "torch")
    loop = PlainLoop()
    ways[PLAIN_LOOP] = lambda texts, _: [loop.embed(t) for t in texts]
    return ways


def _peer(peer: Peer, reads_whole_texts: bool) -> Way:
    if reads_whole_texts:
        return lambda texts, _: peer.encode(texts)
    return lambda _, windows: peer.encode(windows)


def _longshot(
    precision: PrecisionSetting,
    engine: Literal["auto", "torch"] = "auto",
    *,
    model: str = MINILM,
) -> Way:
    recipe = Recipe(model=model, precision=precision)
    embedder = DocumentEmbedder(recipe, engine=engine, cache=None)
    return lambda texts, _: embedder.embed(texts)


def _sentences(name: str, kind: str = "float32") -> Way:
    folder = minilm_folder() if name == MINILM else fetch(PUBLISHED[name])
    model: Any = SentenceTransformer(str(folder), model_kwargs={"dtype": kind})
    model.max_seq_length = 512
    return lambda _, windows: model.encode(windows, show_progress_bar=False)


def _print_cosines(texts: Sequence[str], model: str) -> None:
    """Print how near each precision's document vectors are to those in float32."""
    print("\n### Cosine to float32, least of the documents\n")
    print_header("precision", "cosine")
    vectors = {
        precision: DocumentEmbedder(
            Recipe(model=model, precision=precision), cache=None
        ).embed(texts)
        for precision in get_args(Precision)
    }
    exact = unit(vectors["float32"])
    for precision, found in vectors.items():
        print_row(precision, f"{(unit(found) * exact).sum(axis=1).min():.5f}")


def _measure_pile(
    name: str,
    texts: Sequence[str],
    ways: dict[str, Way],
    rounds: int,
    clock: Callable[[], float],
) -> dict[str, float]:
    """Print the table of one pile; give each way's median seconds."""
    vectors = list(DocumentEmbedder(cache=None).vectors(texts))
    windows = [
        text[window.start : window.end]
        for text, one in zip(texts, vectors, strict=True)
        for window in one.windows
    ]
    bound = {
        way: _bound(run, texts, windows)
        for way, run in ways.items()
        if name not in ONLY_LONG.get(way, ())
    }
    seconds = time_in_turn(bound, rounds=rounds, clock=clock)
    n_tokens = sum(one.n_tokens for one in vectors)
    title = f"{name}: {len(texts)} documents, {len(windows)} windows"
    for base in (FASTEST, "longshot, float32"):
        print_ratios(title, seconds, n_tokens=n_tokens, base=base)
    return {way: statistics.median(runs) for way, runs in seconds.items()}


def _bound(
    run: Way, texts: Sequence[str], windows: Sequence[str]
) -> Callable[[], object]:
    return lambda: run(texts, windows)


def _measure_second_run(texts: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.sqlite"
        seconds, vectors = [], []
        for _ in range(2):
            cache = VectorCache(path)
            recipe = Recipe(precision="int8")
            embedder = DocumentEmbedder(recipe, engine="openvino", cache=cache)
            embedder.embed(["The model is loaded before the clock starts."])
            started = time.perf_counter()
            vectors.append(embedder.embed(texts))
            seconds.append(time.perf_counter() - started)
            cache.close()
    print("\n### The same pile a second time\n")
    print(f"{seconds[0] / seconds[1]:.0f} × as fast ({seconds[1] * 1000:.1f} ms)")
    print(f"same bits: {np.array_equal(vectors[0], vectors[1])}")


def _measure_process(text: str, rounds: int) -> None:
    """Time a whole process, from the interpreter's start to its end."""
    script = (
        "import sys; from longshot import DocumentEmbedder, Recipe; "
        "recipe = Recipe(precision=sys.argv[1]); "
        "embedder = DocumentEmbedder(recipe, engine=sys.argv[2], cache=None); "
        "embedder.embed([sys.argv[3]])"
    )
    short = " ".join(text.split()[:WORDS_OF_A_SHORT_DOCUMENT])
    runs = {
        f"{engine}, {precision}": [sys.executable, "-c", script, precision, engine]
        for engine, precision in (
            ("openvino", "auto"),
            ("openvino", "int8"),
            ("openvino", "float32"),
            ("torch", "float32"),
        )
    }
    seconds = time_in_turn(
        {
            name: lambda command=command: subprocess.run([*command, short], check=True)  # type: ignore[misc]
            for name, command in runs.items()
        },
        rounds=rounds,
    )
    print(f"\n### A whole process, one document of {len(short.split())} words\n")
    print_header("way", "seconds, median")
    for name, times in seconds.items():
        print_row(name, f"{statistics.median(times):.2f}")


if __name__ == "__main__":
    main()
