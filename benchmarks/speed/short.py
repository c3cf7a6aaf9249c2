"""What a short document costs beside its model: microseconds of one core, by steps.

Run: python -m benchmarks.speed.short [--corpora clinc150 bbc] [--data FOLDER]
     [--documents 20000] [--rounds 3]

A GPU encodes a short document in the time in which a processor finds its tokens: what
else the processor does for it decides how fast a pile is read. An encoder that costs
nothing stands in for the model, the default model's tokenizer is the real one, and
every step is timed in turn, by processor time, beside the tokenizer alone. Asked for:
the whole at most 1.5 times the tokenizer alone.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.output.side_by_side import time_in_turn
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, Recipe
from longshot.encoders import Capacity
from longshot.encoders.minilm import NAME, minilm_folder
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.encoding.ahead import GROUP_DOCUMENTS
from longshot.encoding.cache import VectorCache
from longshot.encoding.jobs import JobMaker
from longshot.encoding.vocabulary import Vocabulary
from longshot.languages import languages_of
from longshot.tokens import Tokens

_TOKENIZER = "the tokenizer alone"


class FreeEncoder:
    """Gives the same number for everything, at once."""

    fingerprint = "00" * 32
    n_layers = 7
    dim = 384
    max_framed_tokens: int | None = 512
    capacity = Capacity(batch_tokens=1 << 12)

    def __init__(self, name: str, tokenizer: HuggingFaceTokenizer) -> None:
        self.name = name
        self.tokenizer = tokenizer

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give one number, as often as it is asked for; nothing is filled."""
        shape = len(weights), len(layers), weights.shape[1], self.dim
        return np.broadcast_to(np.float32(0.5), shape)

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give none: nobody asks for them here."""
        raise NotImplementedError


def main() -> None:
    """Print a table for each corpus."""
    options = _options()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # one core
    import tokenizers

    backend = tokenizers.Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    backend.no_truncation()
    backend.no_padding()
    tokenizer = HuggingFaceTokenizer.from_folder(minilm_folder())
    for corpus in options.corpora:
        texts = read_corpus(corpus, options.data).texts[: options.documents]
        with tempfile.TemporaryDirectory() as folder:
            ways = _ways(texts, tokenizer, backend, Path(folder))
            seconds = time_in_turn(ways, rounds=options.rounds, clock=time.process_time)
        n_tokens = sum(map(len, map(tokenizer.encode, texts)))
        print(f"\n### {corpus}: {len(texts):,} documents, {n_tokens:,} tokens\n")
        print_header("what", "µs for a document", "beside the tokenizer alone")
        per_round = zip(*seconds.values(), strict=True)
        ratios = [[one / run[0] for one in run] for run in per_round]
        for place, (name, runs) in enumerate(seconds.items()):
            each_us = 1e6 * statistics.median(runs) / len(texts)
            ratio = statistics.median(run[place] for run in ratios)
            print_row(name, f"{each_us:,.1f}", f"{ratio:.2f} ×")


def _ways(
    texts: Sequence[str], tokenizer: HuggingFaceTokenizer, backend: Any, folder: Path
) -> dict[str, Callable[[], object]]:
    """Give each step, and the whole, as something to run."""
    groups = [
        texts[first : first + GROUP_DOCUMENTS]
        for first in range(0, len(texts), GROUP_DOCUMENTS)
    ]
    tokens: list[Tokens] = [tokenizer.encode(text) for text in texts]
    tokens_of_groups = [
        tokens[first : first + GROUP_DOCUMENTS]
        for first in range(0, len(texts), GROUP_DOCUMENTS)
    ]
    vocabulary = Vocabulary(tokenizer)
    maker = JobMaker(Recipe(), FreeEncoder(NAME, tokenizer))
    runs = count()
    newest = folder / "none"

    def read(name: str, cache: VectorCache | None = None) -> None:
        encoder = FreeEncoder(name, tokenizer)
        embedder = DocumentEmbedder(encoder=encoder, cache=cache)
        for _ in embedder.vectors(texts):
            pass
        if cache is not None:
            cache.close()

    def keep() -> None:
        nonlocal newest
        newest.unlink(missing_ok=True)
        newest = folder / f"{next(runs)}.sqlite"
        read(NAME, VectorCache(newest))

    return {
        _TOKENIZER: lambda: backend.encode_batch(texts, add_special_tokens=False),
        "tokens as arrays": lambda: [tokenizer.encode(text) for text in texts],
        "languages": lambda: [languages_of(group) for group in groups],
        "words that the vocabulary lacks": lambda: [
            vocabulary.count_each(*one)
            for one in zip(groups, tokens_of_groups, strict=True)
        ],
        "windows": lambda: [
            list(maker.jobs(0, *one))
            for one in zip(texts, ([one] for one in tokens), strict=True)
        ],
        "**the whole**": lambda: read(NAME),
        "**the whole**, of a model whose languages are not known": (
            lambda: read("unknown")
        ),
        "the whole, all kept": keep,
        "the whole, all kept before": lambda: read(NAME, VectorCache(newest)),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", nargs="*", default=["clinc150", "bbc"])
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
