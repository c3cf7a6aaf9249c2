"""How many labels does ``suggest`` save? Simulated labelling, round by round.

Run: python -m benchmarks.labels.suggest [--data FOLDER] [--sets bbc ...] [--splits 10]
     [--first-seed 1000] [--learner views] [--strategies both random]

40 % of the documents are kept to be judged on. Of the others, each round labels as many
as there are classes, beginning with none at all; the goal is the accuracy that 8 random
examples of each class give (fewer where a class has fewer). The classifier that is
asked and judged is the default one, each document by itself, with the names of the
labels that were met so far; or logistic regression on document vectors.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER, PUBLIC_SETS, read_corpus
from benchmarks.data.features import features_of
from benchmarks.data.splits import class_indices
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, Recipe
from longshot.evaluation.learners import LogisticLearner, longshot_learner
from longshot.evaluation.protocol import Learner
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
    parser.add_argument("--learner", choices=("views", "logistic"), default="views")
    parser.add_argument("--strategies", nargs="+", default=list(STRATEGIES))
    options = parser.parse_args()
    rounds = map(str, range(1, GOAL_SHOTS + 1))
    print_header("data set", "strategy", "labels for the goal", *rounds)
    for name in options.sets:
        corpus = read_corpus(name, options.data).in_scope()
        shuffled = np.random.default_rng(0).permutation(len(corpus.texts))
        corpus = corpus.take(np.sort(shuffled[:MOST_DOCUMENTS]).tolist())
        embedder = DocumentEmbedder(Recipe(precision=options.precision))
        features = features_of(embedder, corpus.texts)
        learner: Learner = LogisticLearner(documents=features.vectors)
        if options.learner == "views":
            learner = longshot_learner(features, list(corpus.labels), embedder)
        _, classes = class_indices(corpus)
        seeds = range(options.first_seed, options.first_seed + options.splits)
        simulation = Simulation(learner, features.vectors, classes)
        _measure(name, simulation, options.strategies, seeds)


def _measure(
    name: str, simulation: "Simulation", strategies: list[Strategy], seeds: range
) -> None:
    goals = np.array([simulation.goal(seed) for seed in seeds])
    for strategy in strategies:
        curves = np.array([simulation.curve(strategy, seed) for seed in seeds])
        share = _labels_needed(curves.mean(axis=0), goals[:, -1].mean())
        title = f"{name}, {simulation.n_classes} classes"
        print_row(title, strategy, share, *_told(curves))
    print_row(name, "1 to 8 random of each class", "8 rounds", *_told(goals))


def _told(curves: np.ndarray) -> list[str]:
    return [f"{value:.1%}" for value in curves.mean(axis=0)]


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Somebody who labels what is suggested, and a classifier that learns from it."""

    learner: Learner
    vectors: np.ndarray
    classes: np.ndarray

    @property
    def n_classes(self) -> int:
        """How many there are."""
        return int(self.classes.max()) + 1

    def curve(self, strategy: Strategy, seed: int) -> list[float]:
        """Label round by round, and give the accuracy after each."""
        pool, judged = _parts(len(self.classes), seed)
        labelled = np.empty(0, dtype=np.int64)
        accuracies = []
        for number in range(GOAL_SHOTS):
            free = np.setdiff1d(pool, labelled)
            known, train = np.unique(self.classes[labelled], return_inverse=True)
            is_asked = len(known) > 1 and strategy in ("both", "uncertainty")
            chosen = select(
                strategy,
                self.vectors[free],
                self.vectors[labelled],
                self.learner(labelled, train, free) if is_asked else None,
                self.n_classes,
                seed=seed + number,
            )
            labelled = np.concatenate([labelled, free[chosen]])
            accuracies.append(self.accuracy(labelled, judged))
        return accuracies

    def goal(self, seed: int) -> list[float]:
        """Give the accuracy from 1 to 8 random examples of each class."""
        pool, judged = _parts(len(self.classes), seed)
        members = [pool[self.classes[pool] == c] for c in range(self.n_classes)]
        return [
            self.accuracy(np.concatenate([one[:k] for one in members]), judged)
            for k in range(1, GOAL_SHOTS + 1)
        ]

    def accuracy(self, labelled: np.ndarray, judged: np.ndarray) -> float:
        """Learn from what is labelled, and judge the rest."""
        known, train = np.unique(self.classes[labelled], return_inverse=True)
        if len(known) < 2:
            return float((self.classes[judged] == known[0]).mean())
        best = self.learner(labelled, train, judged).argmax(axis=1)
        return float((known[best] == self.classes[judged]).mean())


def _parts(n_documents: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    shuffled = np.random.default_rng(seed).permutation(n_documents)
    n_judged = int(JUDGED * n_documents)
    return shuffled[n_judged:], shuffled[:n_judged]


def _labels_needed(curve: np.ndarray, goal: float) -> str:
    reached = np.flatnonzero(curve >= goal)
    return f"{reached[0] + 1} of 8 rounds" if len(reached) else "more than 8 rounds"


if __name__ == "__main__":
    main()
