"""Classes that no example shows, found in the pile and offered: how well.

Run: python -m benchmarks.certainty.new_classes [--data FOLDER] [--splits 3]
     [--pile 800] [--first-seed 0] [--missing 0 1 2]

BBC, 8 examples for each class but those left out (each class in turn; of two, every
pair); the pile is drawn at random from all other documents. Told is the share
of the class's documents in the offer that holds most of them, and of the other
documents in any offer.
"""

import argparse
import itertools
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER
from benchmarks.data.features import ReadCorpus, read_for_classifying
from benchmarks.data.splits import draw
from longshot import DocumentEmbedder, LongshotClassifier

SHOTS = 8
LOST = 0.05


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--pile", type=int, default=800)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--missing", type=int, nargs="+", default=[1, 0, 2])
    options = parser.parse_args()
    corpus = read_for_classifying("bbc", options.data, DocumentEmbedder())
    n_classes = len(corpus.classes)
    print("| left out | split | offers: documents | found of it | others in them |")
    print("|---|---|---|---|---|")
    for n_missing in options.missing:
        for missing in itertools.combinations(range(n_classes), n_missing):
            for seed in range(options.splits):
                measure(corpus, missing, options.first_seed + seed, options.pile)


def measure(
    corpus: ReadCorpus, missing: tuple[int, ...], seed: int, n_pile: int
) -> None:
    """Leave classes out of one split's examples, and print what is offered."""
    one = draw(corpus.corpus, SHOTS, seed)
    drawn, others = one.examples, one.judged
    judged = np.random.default_rng(seed).permutation(others)[:n_pile]
    kept = np.setdiff1d(np.arange(len(corpus.classes)), missing)
    drawn = drawn[np.isin(corpus.labels[drawn], kept)]
    classifier = LongshotClassifier(unknown=LOST, embedder=corpus.embedder)
    classifier.fit_features(
        corpus.documents.take(drawn), corpus.classes[corpus.labels[drawn]].tolist()
    )
    pile, truth = corpus.documents.take(judged), corpus.labels[judged]
    offers = list(classifier.classify_features(pile).new_clusters or ())
    print(
        f"| {', '.join(corpus.classes[list(missing)]) or 'none'} | {seed} | "
        f"{', '.join(str(len(one)) for one in offers) or 'none'} | "
        f"{', '.join(f'{_found(offers, truth, one):.1%}' for one in missing)} | "
        f"{_wrong(offers, truth, missing):.1%} |",
        flush=True,
    )


def _found(offers: list[np.ndarray], truth: np.ndarray, one: int) -> float:
    """Give the share of a class's documents in the offer that holds most of them."""
    counts = [(truth[offer] == one).sum() for offer in offers]
    return float(max(counts, default=0) / (truth == one).sum())


def _wrong(
    offers: list[np.ndarray], truth: np.ndarray, missing: tuple[int, ...]
) -> float:
    """Give the share of the documents of known classes that is in any offer."""
    offered = np.zeros(len(truth), dtype=bool)
    for offer in offers:
        offered[offer] = True
    return float(offered[~np.isin(truth, missing)].mean())


if __name__ == "__main__":
    main()
