"""Classes that no example shows, found in the pile and offered: how well.

No class is left out, one, or a quarter of them; 8 examples of each other class, piles
of at most 800 documents, three splits of each set of the suite, both models. Told are
how many offers there are; of the documents in them, the share that is of a class left
out; of the documents of such classes, the share that is in an offer; of an offer, the
share that is of one class; and of the known documents, the share in any offer.

    python -m benchmarks.certainty.new_classes --data FOLDER --mpnet FOLDER
        --kept FOLDER
"""

import argparse

import numpy as np

from benchmarks.suite.places import Places
from benchmarks.suite.sets import SETS, ReadSet
from longshot import DocumentEmbedder, LongshotClassifier

LEFT_OUT = ("none", "one", "quarter")
SHOTS = 8
MOST_DOCUMENTS = 800
N_SPLITS = 3
LEAST_KNOWN_CLASSES = 3
LOST = 0.05


def main() -> None:
    """Measure, and print a line for each set, and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    Places.add_options(parser)
    places = Places.of(parser.parse_args())
    print("| left out | set, model | offers | precision | recall | purity | wrong |")
    print("|---|---|---|---|---|---|---|")
    means: dict[str, list[np.ndarray]] = {one: [] for one in LEFT_OUT}
    for read, embedder in places.read_all([suite.name for suite in SETS]):
        for left_out in LEFT_OUT:
            splits = [
                measured(read, embedder, left_out, seed) for seed in range(N_SPLITS)
            ]
            known = [one for one in splits if one is not None]
            if known:
                mean = _mean(known)
                means[left_out].append(mean)
                print(_line(left_out, f"{read.suite.name}, {read.model}", mean))
    for left_out, of_sets in means.items():
        print(_line(left_out, f"mean of {len(of_sets)}", _mean(of_sets)), flush=True)


def measured(
    read: ReadSet, embedder: DocumentEmbedder, left_out: str, seed: int
) -> list[float] | None:
    """Measure one split; None where a set has too few classes."""
    random = np.random.default_rng(seed)
    possible = random.permutation(np.flatnonzero(read.counts > SHOTS + 2))
    n_out = {"none": 0, "one": 1, "quarter": max(1, round(len(possible) / 4))}[left_out]
    unknown, known = possible[:n_out], possible[n_out:]
    if len(known) < LEAST_KNOWN_CLASSES:
        return None
    shown, judged = [], []
    for one in possible:
        members = random.permutation(np.flatnonzero(read.labels == one))
        n_shown = SHOTS if one in known else 0
        shown.append(members[:n_shown])
        judged.append(members[n_shown:])
    rows = np.concatenate(shown)
    pile = random.permutation(np.concatenate(judged))[:MOST_DOCUMENTS]
    classifier = LongshotClassifier(unknown=LOST, embedder=embedder).fit_features(
        read.documents.take(rows),
        read.classes[read.labels[rows]].tolist(),
        {read.classes[one]: read.class_names[one] for one in known},
    )
    offers = classifier.classify_features(read.documents.take(pile)).new_clusters or ()
    truth = read.labels[pile]
    is_unknown = np.isin(truth, unknown)
    is_offered = np.zeros(len(pile), dtype=bool)
    for offer in offers:
        is_offered[offer] = True
    return [
        len(offers),
        _share(is_unknown[is_offered]) if n_out else np.nan,
        _share(is_offered[is_unknown]),
        _share([np.bincount(truth[offer]).max() / len(offer) for offer in offers]),
        _share(is_offered[~is_unknown]),
    ]


def _share(values: np.ndarray | list[float]) -> float:
    return float(np.mean(values)) if len(values) else np.nan


def _mean(rows: list[list[float]] | list[np.ndarray]) -> np.ndarray:
    """Give the mean of each column, over the rows in which it is known."""
    table = np.array(rows)
    is_known = ~np.isnan(table)
    counts = is_known.sum(axis=0)
    total = np.where(is_known, table, 0).sum(axis=0)
    return np.where(counts, total / np.maximum(counts, 1), np.nan)


def _line(left_out: str, head: str, mean: np.ndarray) -> str:
    shares = " | ".join("" if np.isnan(one) else f"{one:.1%}" for one in mean[1:])
    return f"| {left_out} | {head} | {mean[0]:.1f} | {shares} |"


if __name__ == "__main__":
    main()
