"""Several labels per document: F1 from 1 to 8 examples per class.

Run: python -m benchmarks.labels.multilabel [--data FOLDER] [--part report] [--splits 3]
     [--sets clinc-mixed clinc-facets bbc-mixed] [--shots 1 2 4 8]

The sets are made of public data (benchmarks/data/label_sets.py). Examples are drawn
until every class has so many; up to 500 of the other documents are judged, each by
itself.
Beside it stands one-vs-rest logistic regression on the mean vector (scikit-learn's,
balanced, C = 100, which was the best of 10 and 100 on the part to develop with).
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.data.corpora import DEFAULT_FOLDER
from benchmarks.data.features import features_of
from benchmarks.data.label_sets import SetName, draw_examples, read_set
from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.classify import DocumentFeatures, readable
from longshot.similarity import unit

WAYS = ("longshot", "without names", "names of others", "one-vs-rest")
MOST_JUDGED = 500
N_BINS = 15
_FIRST_SEED = 500


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadSet:
    """A set with several labels per document, read once."""

    name: str
    members: np.ndarray
    documents: DocumentFeatures
    classes: list[str]
    embedder: DocumentEmbedder


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sets", nargs="+", default=get_args(SetName))
    parser.add_argument("--part", choices=["develop", "report"], default="report")
    parser.add_argument("--shots", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--splits", type=int, default=3)
    options = parser.parse_args()
    embedder = DocumentEmbedder(Recipe())
    print_head()
    for name in options.sets:
        labelled = read_set(name, options.part, options.data)
        classes = sorted({one for several in labelled.labels for one in several})
        documents = ReadSet(
            name=name,
            members=np.array([np.isin(classes, one) for one in labelled.labels]),
            documents=features_of(embedder, labelled.texts),
            classes=classes,
            embedder=embedder,
        )
        for shots in options.shots:
            print_shots(documents, shots, options.splits)


def print_head() -> None:
    """Print the head of the table."""
    print("| data set | examples per class | way | micro-F1 | macro-F1 | ECE |")
    print("|---|---|---|---|---|---|")


def print_shots(documents: ReadSet, shots: int, n_splits: int) -> None:
    """Measure all ways with so many examples per class, and print a row for each."""
    seeds = range(_FIRST_SEED, _FIRST_SEED + n_splits)
    found = [list(measure(documents, shots, seed)) for seed in seeds]
    means = 100 * np.mean(found, axis=0)
    spreads = 100 * np.std(found, axis=0)
    for way, mean, spread in zip(WAYS, means, spreads, strict=True):
        micro, macro, error = mean
        print(
            f"| {documents.name} | {shots} | {way} | {micro:.1f} ± {spread[0]:.1f} | "
            f"{macro:.1f} | {error:.1f} |",
            flush=True,
        )


def measure(
    documents: ReadSet, shots: int, seed: int
) -> Iterator[tuple[float, float, float]]:
    """Judge one split each way: micro-F1, macro-F1, calibration error."""
    random = np.random.default_rng(1000 * shots + seed)
    drawn = np.sort(draw_examples(documents.members, shots, random))
    judged = np.setdiff1d(np.arange(len(documents.members)), drawn)
    judged = random.permutation(judged)[:MOST_JUDGED]
    examples, classes = documents.members[drawn], documents.classes
    labels = [[classes[i] for i in np.flatnonzero(row)] for row in examples]
    truth = documents.members[judged]
    others = dict(zip(classes, map(readable, [classes[-1], *classes]), strict=False))
    for told in (dict.fromkeys(classes), None, others):
        classifier = LongshotClassifier(
            names=told is not None, embedder=documents.embedder
        ).fit_features(documents.documents.take(drawn), labels, told)
        sure = classifier.predict_proba_features(documents.documents.take(judged))
        assert classifier.threshold_ is not None
        yield figures(sure, classifier.threshold_, truth)
    vectors = unit(documents.documents.vectors)
    sure = one_vs_rest(vectors[drawn], examples, vectors[judged])
    yield figures(sure, 0.5, truth)


def one_vs_rest(
    vectors: np.ndarray, members: np.ndarray, documents: np.ndarray
) -> np.ndarray:
    """Give the probability of each class by a regression of its own."""
    columns = [_one(vectors, of_class, documents) for of_class in members.T]
    return np.stack(columns, axis=1)


def _one(vectors: np.ndarray, applies: np.ndarray, documents: np.ndarray) -> np.ndarray:
    """Give the probability of one class; 1 or 0 where all or no examples have it."""
    if applies.all() or not applies.any():
        return np.full(len(documents), applies.mean())
    regression = LogisticRegression(C=100, class_weight="balanced", max_iter=500)
    return np.asarray(regression.fit(vectors, applies).predict_proba(documents)[:, 1])


def figures(
    sure: np.ndarray, threshold: float, truth: np.ndarray
) -> tuple[float, float, float]:
    """Give micro-F1, macro-F1 and the expected calibration error over all pairs."""
    applies = sure >= threshold
    both = (applies & truth).sum(axis=0)
    either = applies.sum(axis=0) + truth.sum(axis=0)
    bins = np.minimum((sure * N_BINS).astype(int), N_BINS - 1)
    gaps = [abs((sure - truth)[bins == one].sum()) for one in range(N_BINS)]
    macro = (2 * both / np.maximum(either, 1)).mean()
    return float(2 * both.sum() / either.sum()), float(macro), sum(gaps) / truth.size


if __name__ == "__main__":
    main()
