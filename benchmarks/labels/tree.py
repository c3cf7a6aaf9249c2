"""Labels that form a tree: accuracy of both levels, flat and from the trunk down.

Run: python -m benchmarks.labels.tree [--data FOLDER] [--shots 0 1 4 8] [--splits 2]

CLINC150's intents below its ten domains. 1,500 documents of the test split are judged,
each by itself, with the intents' names and with whole paths as names.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import DEFAULT_FOLDER
from benchmarks.data.features import ReadCorpus, read_for_classifying
from benchmarks.data.label_sets import DOMAIN_OF
from benchmarks.data.splits import draw
from longshot import DocumentEmbedder, LongshotClassifier, Recipe
from longshot.classify import LabelTree, readable

N_JUDGED = 1500


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--shots", type=int, nargs="+", default=[0, 1, 4, 8])
    parser.add_argument("--splits", type=int, default=2)
    options = parser.parse_args()
    embedder = DocumentEmbedder(Recipe())
    corpus = read_for_classifying("clinc150", options.data, embedder)
    paths = [f"{DOMAIN_OF[intent]}/{intent}" for intent in corpus.classes]
    whole = {path: readable(path) for path in paths}
    tree = LabelTree(tuple(tuple(path.split("/")) for path in paths))
    print("| examples | names | domain, flat | domain, down | intent, flat | down |")
    print("|---|---|---|---|---|---|")
    for shots in options.shots:
        for said, told in (("intents", dict.fromkeys(paths)), ("paths", whole)):
            found = [
                measure(corpus, told, tree, shots, seed)
                for seed in range(options.splits if shots else 1)
            ]
            cells = (f"{100 * one:.1f}" for one in np.mean(found, axis=0))
            print(f"| {shots} | {said} | {' | '.join(cells)} |", flush=True)


def measure(
    corpus: ReadCorpus,
    told: Mapping[str, str | None],
    tree: LabelTree,
    shots: int,
    seed: int,
) -> tuple[float, float, float, float]:
    """Judge one split: domain flat and down the tree, then intent."""
    one = draw(corpus.corpus, shots, seed)
    drawn, judged = one.examples, one.judged
    judged = np.random.default_rng(0).choice(judged, N_JUDGED, replace=False)
    paths = list(told)
    classifier = LongshotClassifier(embedder=corpus.embedder).fit_features(
        corpus.documents.take(drawn), [paths[one] for one in corpus.labels[drawn]], told
    )
    found = classifier.predict_proba_features(corpus.documents.take(judged), pile=False)
    sure = found[:, np.searchsorted(classifier.classes_, paths)]
    flat, down = sure.argmax(axis=1), tree.down(sure)
    truth, domain = corpus.labels[judged], tree.node_of(1)
    return (
        float((domain[flat] == domain[truth]).mean()),
        float((domain[down] == domain[truth]).mean()),
        float((flat == truth).mean()),
        float((down == truth).mean()),
    )


if __name__ == "__main__":
    main()
