"""Documents of classes that no example shows, on five sets of the suite.

A quarter of the classes is left out; 8 examples of each other class; 5 % of the known
documents may be given up. Both models, documents alone and with their pile.

    python -m benchmarks.certainty.novelty --data FOLDER --mpnet FOLDER --kept FOLDER
"""

import argparse

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.suite.places import Places
from benchmarks.suite.sets import ReadSet
from longshot import DocumentEmbedder, LongshotClassifier

SET_NAMES = ("clinc150", "hwu64", "ng20", "r52", "cuad")
N_SHOTS = 8
N_SPLITS = 3
MOST_JUDGED = 800
LOST = 0.05


def main() -> None:
    """Measure, and print a line for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    places = Places.of(parser.parse_args())
    means = []
    for read, embedder in places.read_all(SET_NAMES):
        splits = [_measured(read, embedder, seed) for seed in range(N_SPLITS)]
        means.append(np.mean(splits, axis=0))
        print(_line(f"{read.suite.name}, {read.model}", means[-1]), flush=True)
    print(_line("mean", np.mean(means, axis=0)))


def _line(head: str, shares: np.ndarray) -> str:
    lost, found, auroc = 100 * shares
    return f"| {head} | {lost:.1f} | {found:.1f} | {auroc:.1f} |"


def _measured(read: ReadSet, embedder: DocumentEmbedder, seed: int) -> list[float]:
    """Give the shares of known lost and of unknown found, and the AUROC."""
    random = np.random.default_rng(seed)
    possible = random.permutation(np.flatnonzero(read.counts > N_SHOTS + 2))
    n_known = round(0.75 * len(possible))
    known, unknown = possible[:n_known], possible[n_known:]
    shown, judged = [], []
    for one in known:
        members = random.permutation(np.flatnonzero(read.labels == one))
        shown.append(members[:N_SHOTS])
        judged.append(members[N_SHOTS:])
    rows = np.concatenate(shown)
    of_known = random.permutation(np.concatenate(judged))[:MOST_JUDGED]
    outside = random.permutation(np.flatnonzero(np.isin(read.labels, unknown)))
    outside = outside[: MOST_JUDGED // 2]
    classifier = LongshotClassifier(unknown=LOST, embedder=embedder).fit_features(
        read.documents.take(rows),
        read.classes[read.labels[rows]].tolist(),
        {read.classes[one]: read.class_names[one] for one in known},
    )
    documents = read.documents.take(np.concatenate([of_known, outside]))
    p_values = classifier.classify_features(documents).p_values
    assert p_values is not None
    truth = np.repeat([1, 0], [len(of_known), len(outside)])
    is_lost = p_values <= LOST
    return [
        float(is_lost[truth == 1].mean()),
        float(is_lost[truth == 0].mean()),
        float(roc_auc_score(truth, p_values)),
    ]


if __name__ == "__main__":
    main()
