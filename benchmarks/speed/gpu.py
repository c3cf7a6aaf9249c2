"""PyTorch's encoder on the device that is found, beside the device's best products.

Run: python -m benchmarks.speed.gpu [--rounds 5] [--quick] [--model FOLDER]
     [--corpora bbc cuad] [--data FOLDER]

Tokens per second in bfloat16 and float32, for the default model and for a bert-base of
random weights, in windows of 128 and 512, and the share of the rate that the device
reaches in bfloat16 in one large product. Batches come from as many threads as in a real
run. Asked for bert-base at 512 on a GPU: at least half of the rate.

Then whole runs over real texts, from the text to a document's vector, beside
sentence-transformers on the same windows, in turn: the ratio of medians. --quick takes
a small model in place of bert-base, and runs on a processor within a minute.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.side_by_side import print_ratios, time_in_turn
from longshot import DocumentEmbedder, Recipe
from longshot.encoders.minilm import NAME as MINILM
from longshot.encoders.minilm import minilm_folder
from longshot.encoders.transformers import TransformerEncoder
from longshot.encoders.transformers.device import found_device, kind_of
from longshot.recipe import Precision

WINDOWS = (128, 512)
PRECISIONS: tuple[Precision, ...] = ("bfloat16", "float32")
SPAN_TOKENS = 32
LAST_LAYERS = 4
ASKED_SHARE = 0.5
PRODUCT_SIZES = {"cuda": 8192, "mps": 4096, "cpu": 512}
_BATCHES, _QUICK_BATCHES = 16, 2
_QUICK_BATCH_TOKENS = 1024
PEER_BATCH = 256


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    device = found_device()
    best = matrix_rate(device, options.rounds)
    print(f"{_name(device)}, PyTorch {torch.__version__}")
    print(f"best bfloat16 product: {best / 1e12:,.2f} T/s\n")
    print("| model | precision | window | tokens/s | share of the bfloat16 rate |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        random = _random_bert(Path(folder) / "bert", options)
        models = {options.name: options.model, "bert, random": random}
        for name, model in models.items():
            for precision in PRECISIONS:
                encoder = TransformerEncoder(model, name, precision, device=device)
                _print_rows(encoder, best, options)
        print(f"\nAsked for bert-base in bfloat16 at 512 on a GPU: {ASKED_SHARE:.0%}.")
        for corpus in options.corpora:
            texts = read_corpus(corpus, options.data).texts
            for name, model in models.items():
                _print_whole_run(f"{corpus}, {name}", texts, model, options.rounds)


def _print_whole_run(
    title: str, texts: Sequence[str], model: Path, rounds: int
) -> None:
    """Time documents to vectors, beside a peer that gets the windows ready cut."""
    embedders = {
        precision: DocumentEmbedder(
            Recipe(model=str(model), precision=precision), engine="torch", cache=None
        )
        for precision in PRECISIONS
    }
    vectors = list(embedders["bfloat16"].vectors(texts))
    windows = [
        text[window.start : window.end]
        for text, one in zip(texts, vectors, strict=True)
        for window in one.windows
    ]
    ways: dict[str, Callable[[], object]] = {}
    for precision, embedder in embedders.items():
        ways[f"longshot, {precision}"] = partial(embedder.embed, texts)
        peer: Any = SentenceTransformer(str(model), model_kwargs={"dtype": precision})
        peer.max_seq_length = max(WINDOWS)
        ways[f"sentence-transformers, {precision}"] = partial(
            peer.encode, windows, batch_size=PEER_BATCH, show_progress_bar=False
        )
    seconds = time_in_turn(ways, rounds=rounds)
    n_tokens = sum(one.n_tokens for one in vectors)
    print_ratios(
        f"{title}: {len(texts)} documents, {len(windows)} windows",
        seconds,
        n_tokens=n_tokens,
        base="longshot, bfloat16",
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--model", type=Path, help="minilm, by default")
    parser.add_argument("--corpora", nargs="*", default=[])
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args()
    options.name = options.model.name if options.model else MINILM
    options.model = options.model or minilm_folder()
    options.rounds = options.rounds or (1 if options.quick else 5)
    return options


def _print_rows(
    encoder: TransformerEncoder, best: float, options: argparse.Namespace
) -> None:
    n_batches = _QUICK_BATCHES if options.quick else _BATCHES
    tokens = encoder.capacity.batch_tokens
    batch_tokens = min(tokens, _QUICK_BATCH_TOKENS) if options.quick else tokens
    for window in WINDOWS:
        n_windows = max(1, batch_tokens // window)
        seconds = _encoding_seconds(
            encoder, (n_windows, window), n_batches, options.rounds
        )
        speed = n_batches * n_windows * window / seconds
        share = speed * operations_per_token(encoder.module.config, window) / best
        print(
            f"| {encoder.name} | {encoder.precision} | {window} | {speed:,.0f} "
            f"| {share:.0%} |",
            flush=True,
        )


def operations_per_token(config: Any, n_tokens: int) -> float:
    """Count the operations of a BERT's products; a multiplication and a sum are two."""
    dim, inner = config.hidden_size, config.intermediate_size
    per_layer = 4 * dim * dim + 2 * dim * inner + 2 * dim * n_tokens
    return float(2 * config.num_hidden_layers * per_layer)


def matrix_rate(device: str, rounds: int) -> float:
    """Measure the operations per second of one large product in bfloat16."""
    size = PRODUCT_SIZES[kind_of(device)]
    a, b = (
        torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2)
    )
    n_products = 10

    def multiply() -> None:
        for _ in range(n_products):
            product = a @ b
        product[0, 0].item()  # waits for the device

    return n_products * 2.0 * size**3 / _least_seconds(multiply, rounds)


def _encoding_seconds(
    encoder: TransformerEncoder, shape: tuple[int, int], n_batches: int, rounds: int
) -> float:
    n_windows, n_tokens = shape
    random = np.random.default_rng(0)
    ids = random.integers(1_000, 29_000, size=shape)
    n_spans = 1 + n_tokens // SPAN_TOKENS
    weights = np.full((n_windows, n_spans, n_tokens), 1 / n_tokens, dtype=np.float32)
    layers = range(encoder.n_layers - LAST_LAYERS, encoder.n_layers)

    def encode() -> None:
        with ThreadPoolExecutor(encoder.capacity.n_batches) as pool:
            for done in [
                pool.submit(encoder.means, ids, weights, layers)
                for _ in range(n_batches)
            ]:
                done.result()

    return statistics.median(_seconds(encode, rounds))


def _least_seconds(run: Callable[[], None], rounds: int) -> float:
    return min(_seconds(run, rounds))


def _seconds(run: Callable[[], None], rounds: int) -> list[float]:
    """Time some runs, after one that warms up."""
    run()
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return seconds


def _random_bert(folder: Path, options: argparse.Namespace) -> Path:
    """Save a BERT of random weights, with the other model's tokenizer."""
    families: Any = transformers
    families.utils.logging.disable_progress_bar()
    small = {"hidden_size": 128, "num_attention_heads": 2, "intermediate_size": 512}
    config = families.BertConfig(**(small if options.quick else {}))
    families.AutoModel.from_config(config).save_pretrained(folder)
    for path in options.model.glob("*token*"):
        shutil.copy(path, folder)
    return folder


def _name(device: str) -> str:
    if kind_of(device) == "cuda":
        return torch.cuda.get_device_name(torch.device(device))
    return device


if __name__ == "__main__":
    main()
