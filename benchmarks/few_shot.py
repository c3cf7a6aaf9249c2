"""Accuracy of the article's recipe from 1 and 8 examples per class.

Run: python -m benchmarks.few_shot [--data FOLDER] [--shots 1 8] [--splits 10]
     [--precision float32]

Every document is embedded once; each split draws its examples at random from classes
that have enough documents, and the rest is what is judged.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.corpora import DEFAULT_FOLDER, Corpus, read_corpus
from longshot import DocumentEmbedder, Recipe
from longshot.classify.heads import ArticleHead, class_similarities

HEADS: tuple[ArticleHead, ...] = ("nearest", "prototype")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sets", nargs="+", default=["bbc", "movie", "cuad"])
    parser.add_argument("--shots", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--precision", default="float32")
    options = parser.parse_args()
    print("| data set | head | examples per class | accuracy | deviation |")
    print("|---|---|---|---|---|")
    for name in options.sets:
        corpus = read_corpus(name, options.data)
        embedder = DocumentEmbedder(Recipe(precision=options.precision))
        vectors = embedder.embed(corpus.texts)
        for shots in options.shots:
            for head in HEADS:
                _measure(corpus, vectors, head, shots, options.splits)


def _measure(
    corpus: Corpus, vectors: np.ndarray, head: ArticleHead, shots: int, n_splits: int
) -> None:
    accuracies = [
        _accuracy(corpus, vectors, head, shots, seed) for seed in range(n_splits)
    ]
    mean, deviation = np.mean(accuracies), np.std(accuracies, ddof=1)
    row = f"| {corpus.name} | {head} | {shots} | {mean:.1%} | {deviation:.1%} |"
    print(row, flush=True)


def _accuracy(
    corpus: Corpus, vectors: np.ndarray, head: ArticleHead, shots: int, seed: int
) -> float:
    random = np.random.default_rng(seed)
    labels = np.array(corpus.labels)
    names, counts = np.unique(labels, return_counts=True)
    kept = names[counts > shots]
    examples = np.concatenate(
        [random.choice(np.flatnonzero(labels == c), shots, False) for c in kept]
    )
    judged = np.setdiff1d(np.flatnonzero(np.isin(labels, kept)), examples)
    class_indices = np.searchsorted(kept, labels[examples])
    similarities = class_similarities(
        head, vectors[judged], vectors[examples], class_indices
    )
    return float((kept[similarities.argmax(axis=1)] == labels[judged]).mean())


if __name__ == "__main__":
    main()
