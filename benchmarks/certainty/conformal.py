"""Sets of labels: how often they hold the true one, and how large they are.

Run: python -m benchmarks.certainty.conformal [--data FOLDER]
     [--sets bbc cuad movie clinc150]
     [--shots 4 8] [--splits 100] [--confidence 0.9] [--judged 300] [--pile]

Each split draws its examples at random, as benchmarks.accuracy does, and judges 300 of
the other documents, drawn at random; with --pile these are judged together.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER
from benchmarks.data.features import ReadCorpus, read_for_classifying
from benchmarks.data.splits import draw
from longshot import DocumentEmbedder


@dataclass(frozen=True, slots=True)
class Found:
    """What one split gave: shares of the judged documents, and a mean."""

    coverage: float
    size: float
    empty: float
    accuracy: float


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument(
        "--sets", nargs="+", default=["bbc", "cuad", "movie", "clinc150"]
    )
    parser.add_argument("--shots", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--splits", type=int, default=100)
    parser.add_argument("--confidence", type=float, default=0.9)
    parser.add_argument("--judged", type=int, default=300)
    parser.add_argument("--pile", action="store_true")
    options = parser.parse_args()
    embedder = DocumentEmbedder()
    print(
        "| data set | shots | splits | coverage | between splits (SD) | "
        "labels in a set | empty | accuracy |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in options.sets:
        corpus = read_for_classifying(name, options.data, embedder)
        for shots in options.shots:
            found = [
                measure(corpus, shots, seed, options) for seed in range(options.splits)
            ]
            _print(name, shots, found)


def measure(
    corpus: ReadCorpus, shots: int, seed: int, options: argparse.Namespace
) -> Found:
    """Judge one split."""
    one = draw(corpus.corpus, shots, seed)
    drawn, others = one.examples, one.judged
    judged = np.random.default_rng(seed).permutation(others)[: options.judged]
    documents, truth = corpus.documents.take(judged), corpus.labels[judged]
    found = corpus.fit(drawn).classify_features(
        documents, pile=options.pile, confidence=options.confidence
    )
    sets, scores = found.is_in_set, found.probabilities
    assert sets is not None
    return Found(
        coverage=float(sets[np.arange(len(truth)), truth].mean()),
        size=float(sets.sum(axis=1).mean()),
        empty=float((~sets.any(axis=1)).mean()),
        accuracy=float((scores.argmax(axis=1) == truth).mean()),
    )


def _print(name: str, shots: int, found: list[Found]) -> None:
    coverages = np.array([one.coverage for one in found])
    deviation = coverages.std(ddof=1) if len(found) > 1 else float("nan")
    print(
        f"| {name} | {shots} | {len(found)} | "
        f"{coverages.mean():.1%} | {deviation:.1%} | "
        f"{np.mean([one.size for one in found]):.2f} | "
        f"{np.mean([one.empty for one in found]):.1%} | "
        f"{np.mean([one.accuracy for one in found]):.1%} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
