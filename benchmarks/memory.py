"""Peak memory for one document of 10,000, 1,000,000 and 10,000,000 tokens.

Run: python -m benchmarks.memory [--tokens 10000 1000000 10000000] [--small-model]

Each length runs in a process of its own; its peak is what the operating system counted.
Ten million tokens take half an hour on two cores. With --small-model the encoder is a
BERT of two layers and 32 dimensions with random weights, and the rest is the same:
reading, tokens, windows, scheduling and pooling are what could grow.
"""

import argparse
import io
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from longshot import DocumentEmbedder, Recipe
from longshot.encoders.minilm import minilm_folder

WORDS = (
    "the harbour wall was found to leak at the third joint and the tenant of the shed "
    "had written to the council about water on the floor after every spring tide"
).split()
WORDS_AT_ONCE = 10_000


def main() -> None:
    """Measure each length in its own process, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    lengths = [10_000, 1_000_000, 10_000_000]
    parser.add_argument("--tokens", type=int, nargs="+", default=lengths)
    parser.add_argument("--small-model", action="store_true")
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        n_tokens, model = options.alone
        _embed_one(int(n_tokens), model)
        return
    print("| tokens | text | seconds | peak memory |", flush=True)
    print("|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        model = _small_model(Path(folder)) if options.small_model else "minilm"
        for n_tokens in options.tokens:
            alone = ["--alone", str(n_tokens), model]
            command = [sys.executable, "-m", "benchmarks.memory", *alone]
            subprocess.run(command, check=True)


def _embed_one(n_tokens: int, model: str) -> None:
    text = _text(n_tokens)
    embedder = DocumentEmbedder(Recipe(model=model), cache=None)
    embedder.embed(["The harbour wall was found to leak."])  # converts the model
    started = time.perf_counter()
    embedder.embed([text])
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {n_tokens:,} | {len(text) / 1e6:.1f} MB | {seconds:,.0f} "
        f"| {peak:,.0f} MiB |",
        flush=True,
    )


def _text(n_tokens: int) -> str:
    """Write a text piece by piece: its words alone would take more than the text.

    Every word of the list is one token of the bundled model.
    """
    random, text = np.random.default_rng(0), io.StringIO()
    for start in range(0, n_tokens, WORDS_AT_ONCE):
        n_words = min(WORDS_AT_ONCE, n_tokens - start)
        text.write(" ".join(random.choice(WORDS, size=n_words)) + " ")
    return text.getvalue()


def _small_model(folder: Path) -> str:
    import transformers

    config = transformers.BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    transformers.BertModel(config).save_pretrained(folder / "bert")
    shutil.copy(minilm_folder() / "tokenizer.json", folder / "bert")
    return str(folder / "bert")


if __name__ == "__main__":
    main()
