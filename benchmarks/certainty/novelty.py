"""Documents of classes that no example shows: what is found of them, and what it costs.

A quarter of the classes is left out; 5 % of the known documents may be given up. Both
models, three splits of each set; documents with their pile, or by themselves. By
default the five sets of docs/suite.md, with 8 examples for each of the other classes.

    python -m benchmarks.certainty.novelty --data FOLDER --mpnet FOLDER --kept FOLDER
        [--all] [--shots 8] [--known 800] [--unknown 400] [--alone]
"""

import argparse

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.suite.places import Places
from benchmarks.suite.sets import SETS, ReadSet
from longshot import DocumentEmbedder, LongshotClassifier

SET_NAMES = ("clinc150", "hwu64", "ng20", "r52", "cuad")
N_SPLITS = 3
LEAST_KNOWN_CLASSES = 3
LOST = 0.05


def main() -> None:
    """Measure, and print a line for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    parser.add_argument("--all", action="store_true", help="All sets of the suite.")
    parser.add_argument("--shots", type=int, default=8)
    parser.add_argument("--known", type=int, default=800, help="Of the pile, at most.")
    parser.add_argument("--unknown", type=int, default=400)
    parser.add_argument("--alone", action="store_true")
    options = parser.parse_args()
    names = [suite.name for suite in SETS] if options.all else SET_NAMES
    means = []
    for read, embedder in Places.of(options).read_all(names):
        splits = [measured(read, embedder, seed, options) for seed in range(N_SPLITS)]
        if any(one is None for one in splits):
            continue
        means.append(np.mean([one for one in splits if one is not None], axis=0))
        print(_line(f"{read.suite.name}, {read.model}", means[-1]), flush=True)
    print(_line("mean", np.mean(means, axis=0)))
    print(f"at most {100 * np.max(means, axis=0)[0]:.1f} lost")


def _line(head: str, shares: np.ndarray) -> str:
    lost, found, auroc = 100 * shares
    return f"| {head} | {lost:.1f} | {found:.1f} | {auroc:.1f} |"


def measured(
    read: ReadSet, embedder: DocumentEmbedder, seed: int, options: argparse.Namespace
) -> list[float] | None:
    """Give the shares of known lost and of unknown found, and the AUROC.

    None where a set has too few classes, or examples to be held out.
    """
    random = np.random.default_rng(seed)
    possible = random.permutation(np.flatnonzero(read.counts > options.shots + 2))
    n_known = round(0.75 * len(possible))
    known, unknown = possible[:n_known], possible[n_known:]
    if n_known < LEAST_KNOWN_CLASSES or n_known * options.shots < 1 / LOST:
        return None
    shown, judged = [], []
    for one in known:
        members = random.permutation(np.flatnonzero(read.labels == one))
        shown.append(members[: options.shots])
        judged.append(members[options.shots :])
    rows = np.concatenate(shown)
    of_known = random.permutation(np.concatenate(judged))[: options.known]
    outside = random.permutation(np.flatnonzero(np.isin(read.labels, unknown)))
    outside = outside[: options.unknown]
    classifier = LongshotClassifier(unknown=LOST, embedder=embedder).fit_features(
        read.documents.take(rows),
        read.classes[read.labels[rows]].tolist(),
        {read.classes[one]: read.class_names[one] for one in known},
    )
    documents = read.documents.take(np.concatenate([of_known, outside]))
    found = classifier.classify_features(documents, pile=not options.alone)
    assert found.p_values is not None
    truth = np.repeat([1, 0], [len(of_known), len(outside)])
    is_lost = found.p_values <= LOST
    if not len(outside):
        return [float(is_lost.mean()), np.nan, np.nan]
    return [
        float(is_lost[truth == 1].mean()),
        float(is_lost[truth == 0].mean()),
        float(roc_auc_score(truth, found.p_values)),
    ]


if __name__ == "__main__":
    main()
