"""The compiled engine beside every other way of encoding the same windows.

Run: python -m benchmarks.speed [--data FOLDER] [--rounds 5]

One run, the same texts, weights and windows, in turn; the ratio of medians first. Peers
that are not installed are named and left out. Then a whole process for one short
document, and the same pile a second time.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.plain_loop import PlainLoop
from benchmarks.side_by_side import print_ratios, time_in_turn
from longshot import DocumentEmbedder, Recipe
from longshot.cache import VectorCache
from longshot.encoders.minilm import minilm_folder
from longshot.recipe import Precision

N_DOCUMENTS = {"bbc": 24, "cuad": 2, "clinc150": 600}
LONGEST_CHARACTERS = 40_000
WORDS_OF_A_SHORT_DOCUMENT = 300
Backend = Literal["torch", "onnx", "openvino"]


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ways = _ways()
    for name, n_documents in N_DOCUMENTS.items():
        texts = _sample(name, n_documents, options.data)
        _measure_pile(name, texts, ways, options.rounds)
    _measure_products(options.rounds)
    texts = _sample("bbc", N_DOCUMENTS["bbc"], options.data)
    _measure_second_run(texts)
    _measure_process(texts[0], options.rounds)


def _sample(name: str, n_documents: int, folder: Path) -> list[str]:
    texts = read_corpus(name, folder).texts
    short = [text for text in texts if len(text) < LONGEST_CHARACTERS]
    return short[:: len(short) // n_documents][:n_documents]


Way = Callable[[Sequence[str], Sequence[str]], object]
"""Takes the texts, and the texts of their windows."""


def _ways() -> dict[str, Way]:
    ways: dict[str, Way] = {
        f"longshot, {precision}": _longshot(precision)
        for precision in ("int8", "float32", "bfloat16")
    }
    ways["longshot, PyTorch, float32"] = _longshot("float32", "torch")
    ways["sentence-transformers, float32"] = _sentences("torch")
    if find_spec("optimum"):
        ways["sentence-transformers, ONNX"] = _sentences("onnx")
        ways["sentence-transformers, OpenVINO"] = _sentences("openvino")
    else:
        print("not installed, left out: optimum (sentence-transformers' backends)")
    for peer in ("fastembed", "flair"):
        print(f"not measured: {peer}")
    loop = PlainLoop()
    ways["the article's plain loop"] = lambda texts, _: [loop.embed(t) for t in texts]
    return ways


def _longshot(
    precision: Precision, engine: Literal["torch", "openvino"] = "openvino"
) -> Way:
    recipe = Recipe(precision=precision)
    embedder = DocumentEmbedder(recipe, engine=engine, cache=None)
    return lambda texts, _: embedder.embed(texts)


def _sentences(backend: Backend) -> Way:
    model: Any = SentenceTransformer(str(minilm_folder()), backend=backend)
    model.max_seq_length = 512
    return lambda _, windows: model.encode(windows, show_progress_bar=False)


def _measure_pile(
    name: str, texts: Sequence[str], ways: dict[str, Way], rounds: int
) -> None:
    vectors = list(DocumentEmbedder(cache=None).vectors(texts))
    windows = [
        text[window.start : window.end]
        for text, one in zip(texts, vectors, strict=True)
        for window in one.windows
    ]
    seconds = time_in_turn(
        {way: _bound(run, texts, windows) for way, run in ways.items()}, rounds=rounds
    )
    n_tokens = sum(one.n_tokens for one in vectors)
    title = f"{name}: {len(texts)} documents, {len(windows)} windows"
    for base in ("longshot, int8", "longshot, float32"):
        print_ratios(title, seconds, n_tokens=n_tokens, base=base)


def _bound(
    run: Way, texts: Sequence[str], windows: Sequence[str]
) -> Callable[[], object]:
    return lambda: run(texts, windows)


def _measure_products(rounds: int) -> None:
    """Compare the encoder's arithmetic with the best float32 product of PyTorch."""
    n_tokens, dim, n_layers = 510, 384, 6
    per_token = n_layers * 2 * (12 * dim * dim + 2 * dim * n_tokens)
    text = "word " * n_tokens * 8
    embedder = DocumentEmbedder(engine="openvino", cache=None)
    a, b = torch.randn(2048, 2048), torch.randn(2048, 2048)
    seconds = time_in_turn(
        {"product": lambda: a @ b, "encoder": lambda: embedder.embed([text])},
        rounds=rounds,
    )
    best = 2 * 2048**3 / min(seconds["product"])
    rate = per_token * n_tokens * 8 / statistics.median(seconds["encoder"])
    print("\n### Share of the machine's limit, float32\n")
    print(f"{rate / best:.0%}: {rate / 1e9:,.0f} of {best / 1e9:,.0f} GFLOP/s")


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
    print("| way | seconds, median |")
    print("|---|---|")
    for name, times in seconds.items():
        print(f"| {name} | {statistics.median(times):.2f} |")


if __name__ == "__main__":
    main()
