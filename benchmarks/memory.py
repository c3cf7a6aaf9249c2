"""Peak memory for one document of 10,000, 1,000,000 and 10,000,000 tokens.

Run: python -m benchmarks.memory [--tokens 10000 1000000 10000000] [--precision int8]

Each length runs in a process of its own; its peak is what the operating system counted.
A document of ten million tokens takes a quarter of an hour on two cores.
"""

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

from longshot import DocumentEmbedder, Recipe
from longshot.recipe import Precision

WORDS = (
    "the harbour wall was found to leak at the third joint and the tenant of the shed "
    "had written to the council about water on the floor after every spring tide"
).split()


def main() -> None:
    """Measure each length in its own process, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    lengths = [10_000, 1_000_000, 10_000_000]
    parser.add_argument("--tokens", type=int, nargs="+", default=lengths)
    parser.add_argument("--precision", default="int8")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        _embed_one(options.alone, options.precision)
        return
    print("| tokens | text | seconds | peak memory |")
    print("|---|---|---|---|")
    for n_tokens in options.tokens:
        alone = ["--alone", str(n_tokens), "--precision", options.precision]
        subprocess.run([sys.executable, "-m", "benchmarks.memory", *alone], check=True)


def _embed_one(n_tokens: int, precision: Precision) -> None:
    # Every word of the list is one token of the bundled model.
    words = np.random.default_rng(0).choice(WORDS, size=n_tokens)
    text = " ".join(words)
    embedder = DocumentEmbedder(Recipe(precision=precision), cache=None)
    embedder.embed(["The harbour wall was found to leak."])  # converts the model
    started = time.perf_counter()
    embedder.embed([text])
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {n_tokens:,} | {len(text) / 1e6:.1f} MB | {seconds:,.0f} "
        f"| {peak:,.0f} MiB |"
    )


if __name__ == "__main__":
    main()
