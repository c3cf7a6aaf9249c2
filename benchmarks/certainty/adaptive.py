"""What reading each document only as far as its label needs costs and saves.

Run: python -m benchmarks.certainty.adaptive [--data FOLDER]
     [--sets bbc cuad movie clinc150]
     [--shots 1 2 4 8] [--splits 3] [--first-seed 0] [--no-pile]

The same classifier reads the documents whole, and adaptively; vectors are taken from
the cache, or made once. Tokens are those of the documents to be judged; names are read.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER, Corpus, read_corpus
from benchmarks.data.features import measurable
from benchmarks.data.splits import draw
from longshot import DocumentEmbedder, LongshotClassifier, Recipe


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument(
        "--sets", nargs="+", default=["bbc", "cuad", "movie", "clinc150"]
    )
    parser.add_argument("--shots", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--no-pile", action="store_true")
    options = parser.parse_args()
    embedder = DocumentEmbedder(Recipe())
    print("| data set | shots | way | read | accuracy, all | adaptive | seconds |")
    print("|---|---|---|---|---|---|---|")
    for name in options.sets:
        corpus = measurable(read_corpus(name, options.data))
        for shots in options.shots:
            seeds = range(options.first_seed, options.first_seed + options.splits)
            found = [
                measure(corpus, embedder, shots, seed, pile=not options.no_pile)
                for seed in seeds
            ]
            _print(name, shots, found)


def measure(
    corpus: Corpus, embedder: DocumentEmbedder, shots: int, seed: int, *, pile: bool
) -> dict[str, tuple[float, float, float, float]]:
    """Judge one split; give share read, both accuracies and seconds by way."""
    one = draw(corpus, shots, seed)
    truth = [corpus.labels[row] for row in one.judged]
    whole, partly = (
        LongshotClassifier(read=read, embedder=embedder).fit(
            [corpus.texts[row] for row in one.examples],
            [corpus.labels[row] for row in one.examples],
            {label: corpus.descriptions.get(label) for label in set(corpus.labels)},
        )
        for read in ("all", "adaptive")
    )
    judged = [corpus.texts[row] for row in one.judged]
    by_way = {}
    for way in ("alone", "pile") if pile else ("alone",):
        started = time.perf_counter()
        of_all, of_part = (
            classifier.classify(judged, pile=way == "pile", evidence=False).predictions
            for classifier in (whole, partly)
        )
        n_tokens = np.array([one.n_tokens for one in of_part])
        read = np.array([one.coverage for one in of_part])
        first, second = (
            100 * float(np.mean([one.label for one in found] == np.array(truth)))
            for found in (of_all, of_part)
        )
        share = float(read @ n_tokens / n_tokens.sum())
        by_way[way] = (share, first, second, time.perf_counter() - started)
    return by_way


def _print(
    name: str, shots: int, found: list[dict[str, tuple[float, float, float, float]]]
) -> None:
    for way in found[0]:
        share, of_all, of_part, seconds = np.mean([one[way] for one in found], axis=0)
        print(
            f"| {name} | {shots} | {way} | {share:.1%} | {of_all:.2f} | "
            f"{of_part:.2f} ({of_part - of_all:+.2f}) | {seconds:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
