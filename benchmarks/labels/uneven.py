"""Classes with unequal numbers of examples, as a person's labels come in.

Accuracy on all sets of the suite, with both models: of longshot with and without the
labels' names, alone and with the pile, and of a logistic regression on the documents'
vectors in which all classes weigh the same. At most 20 classes of a set, 800 documents.

    python -m benchmarks.labels.uneven --data FOLDER --mpnet FOLDER --kept FOLDER
"""

import argparse
import warnings
from collections import defaultdict

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.suite.places import Places
from benchmarks.suite.sets import SETS, ReadSet
from longshot import DocumentEmbedder, LongshotClassifier
from longshot.similarity import unit

PATTERNS = {
    "1 of each": (1,),
    "8 and 1 in turn": (8, 1),
    "10, 5, 1, 1, 8 in turn": (10, 5, 1, 1, 8),
    "5 and 4 in turn": (5, 4),
    "4 of each": (4,),
    "8 of each": (8,),
}
N_CLASSES = 20
N_JUDGED = 800
N_DRAWS = 2
COLUMNS = (
    "names, alone",
    "names, pile",
    "examples only, alone",
    "examples only, pile",
    "logistic regression",
)


def main() -> None:
    """Measure, and print a table of means for each part of the suite."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    parser.add_argument("--sets", nargs="+", default=[one.name for one in SETS])
    options = parser.parse_args()
    found: dict[tuple[bool, str], list[np.ndarray]] = defaultdict(list)
    for read, embedder in Places.of(options).read_all(options.sets):
        for pattern, counts in PATTERNS.items():
            if (read.counts > max(counts)).sum() < 2:
                continue
            draws = [_accuracies(read, embedder, counts, one) for one in range(N_DRAWS)]
            found[read.suite.held_back, pattern].append(np.mean(draws, axis=0))
        print(f"{read.suite.name}, {read.model}: measured", flush=True)
    for held_back, what in ((False, "development sets"), (True, "held-back sets")):
        print(f"\n| examples ({what}) | {' | '.join(COLUMNS)} |")
        print("|---" * (len(COLUMNS) + 1) + "|")
        for pattern in PATTERNS:
            if rows := found[held_back, pattern]:
                means = 100 * np.mean(rows, axis=0)
                print(f"| {pattern} | {' | '.join(f'{one:.1f}' for one in means)} |")


def _accuracies(
    read: ReadSet, embedder: DocumentEmbedder, counts: tuple[int, ...], seed: int
) -> list[float]:
    random = np.random.default_rng(seed)
    chosen = random.permutation(np.flatnonzero(read.counts > max(counts)))[:N_CLASSES]
    members = [random.permutation(np.flatnonzero(read.labels == one)) for one in chosen]
    n_shown = [counts[place % len(counts)] for place in range(len(chosen))]
    pairs = list(zip(members, n_shown, strict=True))
    rows = np.concatenate([of_class[:n] for of_class, n in pairs])
    rest = np.concatenate([of_class[n:] for of_class, n in pairs])
    rest = random.permutation(rest)[:N_JUDGED]
    truth = read.classes[read.labels]
    examples, documents = read.documents.take(rows), read.documents.take(rest)
    names = {read.classes[one]: read.class_names[one] for one in chosen}
    found = []
    for told in (names, None):
        classifier = LongshotClassifier(names=told is not None, embedder=embedder)
        classifier.fit_features(examples, truth[rows].tolist(), told)
        for pile in (False, True):
            sure = classifier.predict_proba_features(documents, pile=pile)
            decided = classifier.classes_[sure.argmax(axis=1)]
            found.append(float((decided == truth[rest]).mean()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = LogisticRegression(C=10, max_iter=300, class_weight="balanced")
        plain.fit(unit(examples.vectors), truth[rows])
    found.append(float(plain.score(unit(documents.vectors), truth[rest])))
    return found


if __name__ == "__main__":
    main()
