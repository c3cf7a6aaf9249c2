"""How many labels does ``suggest`` save? Simulated labelling, round by round.

Run: python -m benchmarks.suggest [--data FOLDER] [--sets bbc ...] [--splits 10]
     [--first-seed 1000]

40 % of the documents are kept to be judged on. Of the others, each round labels as many
as there are classes, beginning with none at all; the goal is the accuracy that 8 random
examples of each class give (fewer where a class has fewer). The classifier is logistic
regression on document vectors.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.corpora import DEFAULT_FOLDER, PUBLIC_SETS, read_corpus
from benchmarks.splits import class_indices
from benchmarks.tables import print_header, print_row
from longshot import DocumentEmbedder, Recipe
from longshot.evaluation.learners import LogisticLearner
from longshot.selection.names import Strategy
from longshot.selection.strategies import select

STRATEGIES: tuple[Strategy, ...] = ("both", "coverage", "uncertainty", "random")
GOAL_SHOTS = 8
JUDGED = 0.4
MOST_DOCUMENTS = 5000


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--sets", nargs="+", default=list(PUBLIC_SETS))
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--precision", default="int8")
    options = parser.parse_args()
    rounds = map(str, range(1, GOAL_SHOTS + 1))
    print_header("data set", "strategy", "labels for the goal", *rounds)
    for name in options.sets:
        corpus = read_corpus(name, options.data).in_scope()
        shuffled = np.random.default_rng(0).permutation(len(corpus.texts))
        corpus = corpus.take(np.sort(shuffled[:MOST_DOCUMENTS]).tolist())
        embedder = DocumentEmbedder(Recipe(precision=options.precision))
        vectors = embedder.embed(corpus.texts)
        _, classes = class_indices(corpus)
        seeds = range(options.first_seed, options.first_seed + options.splits)
        _measure(name, vectors, classes, seeds)


def _measure(name: str, vectors: np.ndarray, classes: np.ndarray, seeds: range) -> None:
    goals = np.array([_goal(vectors, classes, seed) for seed in seeds])
    n_classes = int(classes.max()) + 1
    for strategy in STRATEGIES:
        curves = np.array(
            [simulate(vectors, classes, strategy, seed) for seed in seeds]
        )
        share = _labels_needed(curves.mean(axis=0), goals[:, -1].mean())
        print_row(f"{name}, {n_classes} classes", strategy, share, *_told(curves))
    print_row(name, "1 to 8 random of each class", "8 rounds", *_told(goals))


def _told(curves: np.ndarray) -> list[str]:
    return [f"{value:.1%}" for value in curves.mean(axis=0)]


def simulate(
    vectors: np.ndarray, classes: np.ndarray, strategy: Strategy, seed: int
) -> list[float]:
    """Label round by round, and give the accuracy after each."""
    pool, judged = _parts(len(classes), seed)
    learner = LogisticLearner(documents=vectors)
    n_classes = int(classes.max()) + 1
    labelled = np.empty(0, dtype=np.int64)
    accuracies = []
    for number in range(GOAL_SHOTS):
        free = np.setdiff1d(pool, labelled)
        known, train = np.unique(classes[labelled], return_inverse=True)
        found = learner(labelled, train, free) if len(known) > 1 else None
        chosen = select(
            strategy,
            vectors[free],
            vectors[labelled],
            found,
            n_classes,
            seed=seed + number,
        )
        labelled = np.concatenate([labelled, free[chosen]])
        accuracies.append(_accuracy(learner, labelled, classes, judged))
    return accuracies


def _goal(vectors: np.ndarray, classes: np.ndarray, seed: int) -> list[float]:
    """Give the accuracy from 1 to 8 random examples of each class."""
    pool, judged = _parts(len(classes), seed)
    learner = LogisticLearner(documents=vectors)
    members = [pool[classes[pool] == c] for c in range(int(classes.max()) + 1)]
    return [
        _accuracy(
            learner, np.concatenate([one[:k] for one in members]), classes, judged
        )
        for k in range(1, GOAL_SHOTS + 1)
    ]


def _accuracy(
    learner: LogisticLearner,
    labelled: np.ndarray,
    classes: np.ndarray,
    judged: np.ndarray,
) -> float:
    known, train = np.unique(classes[labelled], return_inverse=True)
    if len(known) < 2:
        return float((classes[judged] == known[0]).mean())
    best = learner(labelled, train, judged).argmax(axis=1)
    return float((known[best] == classes[judged]).mean())


def _parts(n_documents: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    shuffled = np.random.default_rng(seed).permutation(n_documents)
    n_judged = int(JUDGED * n_documents)
    return shuffled[n_judged:], shuffled[:n_judged]


def _labels_needed(curve: np.ndarray, goal: float) -> str:
    reached = np.flatnonzero(curve >= goal)
    return f"{reached[0] + 1} of 8 rounds" if len(reached) else "more than 8 rounds"


if __name__ == "__main__":
    main()
