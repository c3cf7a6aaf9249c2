"""Peak memory: one document of up to 10,000,000 tokens, and a pile of 5,000 long ones.

Run: python -m benchmarks.speed.memory [--tokens 10000 1000000 10000000]
     [--documents 500 5000] [--small-model]

Each length runs in a process of its own; its peak is what Linux counted. Ten million
tokens take half an hour on two cores. With --small-model the encoder is a BERT of two
layers and 32 dimensions with random weights, and the rest is the same: reading, tokens,
windows, scheduling and pooling are what could grow. The pile, of 5,000 tokens per
document, is measured with it unless --pile-model names another one.
"""

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, Recipe
from longshot.encoders.minilm import minilm_folder

WORDS = (
    "the harbour wall was found to leak at the third joint and the tenant of the shed "
    "had written to the council about water on the floor after every spring tide"
).split()
WORDS_AT_ONCE = 10_000
TOKENS_OF_A_LONG_DOCUMENT = 5_000


def main() -> None:
    """Measure each length in its own process, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    lengths = [10_000, 1_000_000, 10_000_000]
    parser.add_argument("--tokens", type=int, nargs="+", default=lengths)
    parser.add_argument("--small-model", action="store_true")
    parser.add_argument("--documents", type=int, nargs="*", default=[500, 5_000])
    parser.add_argument("--pile-model", help="for instance minilm")
    parser.add_argument("--alone", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        what, n, model = options.alone
        {"one": _embed_one, "pile": _embed_pile}[what](int(n), model)
        return
    with tempfile.TemporaryDirectory() as folder:
        small = small_model(Path(folder))
        print_header("tokens", "text", "seconds", "peak memory")
        for n_tokens in options.tokens:
            _alone("one", n_tokens, small if options.small_model else "minilm")
        print()
        print_header("long documents", "text", "seconds", "peak memory")
        for n_documents in options.documents:
            _alone("pile", n_documents, options.pile_model or small)


def _alone(what: str, n: int, model: str) -> None:
    alone = ["--alone", what, str(n), model]
    command = [sys.executable, "-m", "benchmarks.speed.memory", *alone]
    subprocess.run(command, check=True)


def _embed_one(n_tokens: int, model: str) -> None:
    text = _text(n_tokens)
    embedder = _loaded(model)
    started = time.perf_counter()
    embedder.embed([text])
    _print_row(n_tokens, len(text), time.perf_counter() - started)


def _embed_pile(n_documents: int, model: str) -> None:
    """Embed documents that are made as they are read, and let go of their vectors."""
    embedder, n_characters = _loaded(model), 0

    def documents() -> Iterator[str]:
        nonlocal n_characters
        for number in range(n_documents):
            text = _text(TOKENS_OF_A_LONG_DOCUMENT, seed=number)
            n_characters += len(text)
            yield text

    started = time.perf_counter()
    n_given = sum(1 for _ in embedder.vectors(documents()))
    assert n_given == n_documents
    _print_row(n_documents, n_characters, time.perf_counter() - started)


def _loaded(model: str) -> DocumentEmbedder:
    embedder = DocumentEmbedder(Recipe(model=model), cache=None)
    embedder.embed(["The harbour wall was found to leak."])  # converts the model
    return embedder


def _print_row(n: int, n_characters: int, seconds: float) -> None:
    size, peak = f"{n_characters / 1e6:.1f} MB", f"{_peak_mib():,.0f} MiB"
    print_row(f"{n:,}", size, f"{seconds:,.0f}", peak)


def _peak_mib() -> float:
    """Read what Linux counted for this program alone.

    ``ru_maxrss`` begins with what the process that started this one had.
    """
    status = Path("/proc/self/status").read_text()
    [kib] = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(kib) / 1024


def _text(n_tokens: int, *, seed: int = 0) -> str:
    """Write a text piece by piece: its words alone would take more than the text.

    Every word of the list is one token of the bundled model.
    """
    random, text = np.random.default_rng(seed), io.StringIO()
    for start in range(0, n_tokens, WORDS_AT_ONCE):
        n_words = min(WORDS_AT_ONCE, n_tokens - start)
        text.write(" ".join(random.choice(WORDS, size=n_words)) + " ")
    return text.getvalue()


def small_model(folder: Path) -> str:
    """Make a BERT of two layers with random weights, and give its folder."""
    import transformers

    config = transformers.BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    transformers.BertModel(config).save_pretrained(folder / "bert")
    shutil.copy(minilm_folder() / "tokenizer.json", folder / "bert")
    return str(folder / "bert")


if __name__ == "__main__":
    main()
