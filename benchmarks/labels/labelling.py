"""How many labels until the pile is right, in the page's order and in a random one.

Run: python -m benchmarks.labels.labelling [--sets bbc cuad] [--goals 0.95 0.9]
     [--seeds 3] [--most 120] [--data FOLDER] [--kept FOLDER]

Somebody labels documents of a pile one after another, rightly, and everything is
decided anew after each: as on the page, with the labels' names known from the
beginning. Counted are the labels until so many of all documents have their right label,
those that were labelled among them. Told is the median of the seeds, by which the
documents of a random order are drawn, and those that a large pile is compared with.

With --kept, what ``benchmarks.suite`` read and kept is used, or read and kept: of the
contracts of cuad the first five windows each, where reading all of them takes an hour.
"""

import argparse
import statistics
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.data.features import features_of
from benchmarks.output.tables import print_header, print_row
from benchmarks.suite.sets import SETS, embedder_of, read_set
from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.classify import DocumentFeatures
from longshot.selection.names import Strategy
from longshot.selection.strategies import select

MOST_DOCUMENTS = 1_000


def main() -> None:
    """Measure each set under both orders, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", default=["bbc", "cuad"])
    parser.add_argument("--goals", type=float, nargs="+", default=[0.95, 0.9])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--most", type=int, default=120)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    print_header("data set", "goal", "page's order", "random", "share")
    for name, goal in zip(options.sets, options.goals, strict=True):
        pile = _pile(name, options.data, options.kept)
        orders: tuple[Strategy, ...] = ("both", "random")
        needed = {
            order: [
                pile.labels_needed(order, goal, seed=seed, most=options.most)
                for seed in range(options.seeds)
            ]
            for order in orders
        }
        ours, random = (statistics.median(needed[order]) for order in orders)
        print_row(
            f"{name}, {len(pile.labels):,} documents",
            f"{goal:.0%}",
            _told(ours, options.most),
            _told(random, options.most),
            f"{ours / random:.0%}",
        )


def _told(n: float, most: int) -> str:
    return f"over {most}" if n > most else f"{n:g}"


def _pile(name: str, data: Path, kept: Path | None) -> "Pile":
    if kept is not None:
        return _kept_pile(name, data, kept)
    corpus = read_corpus(name, data).in_scope()
    shuffled = np.random.default_rng(0).permutation(len(corpus.texts))
    corpus = corpus.take(np.sort(shuffled[:MOST_DOCUMENTS]).tolist())
    embedder = DocumentEmbedder(Recipe(precision="int8"))
    features = features_of(embedder, corpus.texts)
    return Pile(embedder, features, np.array(corpus.labels))


def _kept_pile(name: str, data: Path, kept: Path) -> "Pile":
    suite = next(one for one in SETS if one.name == name)
    read = read_set(suite, "minilm", [data, data / "suite"], kept, Path())
    if read is None:
        raise SystemExit(f"{name}.jsonl.gz must lie in {data}: name it with --data")
    shuffled = np.random.default_rng(0).permutation(len(read.labels))
    rows = np.sort(shuffled[:MOST_DOCUMENTS])
    return Pile(
        embedder_of("minilm", Path()),
        read.documents.take(rows),
        read.classes[read.labels[rows]],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Pile:
    """Documents with their true labels, and what reads them."""

    embedder: DocumentEmbedder
    features: DocumentFeatures
    labels: np.ndarray

    def labels_needed(
        self, order: Strategy, goal: float, *, seed: int, most: int
    ) -> int:
        """Label one by one until the goal is reached; gives `most` + 1 if it is not."""
        labelled = np.empty(0, dtype=np.int64)
        for n in range(most + 1):
            probabilities, classes = self._decided(labelled)
            given = classes[probabilities.argmax(axis=1)]
            given[labelled] = self.labels[labelled]
            if (given == self.labels).mean() >= goal:
                return n
            free = np.setdiff1d(np.arange(len(self.labels)), labelled)
            (row,) = select(
                order,
                self.features.vectors[free],
                self.features.vectors[labelled],
                probabilities[free],
                1,
                seed=seed + n,
            )
            labelled = np.append(labelled, free[row])
        return most + 1

    def _decided(self, labelled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Decide the whole pile by the names and what is labelled."""
        names = sorted(map(str, set(self.labels.tolist())))
        classifier = LongshotClassifier(embedder=self.embedder).fit_features(
            self.features.take(labelled), self.labels[labelled].tolist(), names
        )
        probabilities = classifier.predict_proba_features(self.features, pile=True)
        return np.asarray(probabilities), np.asarray(classifier.classes_)


if __name__ == "__main__":
    main()
