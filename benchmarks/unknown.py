"""Documents of none of the labels: how well they are told apart, on CLINC150.

Run: python -m benchmarks.unknown [--data FOLDER] [--shots 8] [--splits 5]

Examples come from the training split, 150 intents; judged are its test split and the
out-of-scope queries of its test split. No out-of-scope example is ever shown.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.accuracy import split
from benchmarks.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.readings import read_all_views, read_for_classifying
from longshot import DocumentEmbedder
from longshot.classify.example_scoring import Examples
from longshot.classify.knowledge import Knowledge

LOST = 0.05


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--shots", type=int, default=8)
    parser.add_argument("--splits", type=int, default=5)
    options = parser.parse_args()
    embedder = DocumentEmbedder()
    corpus = read_for_classifying("clinc150", options.data, embedder)
    everything = read_corpus("clinc150", options.data)
    rows = zip(everything.texts, everything.splits, strict=True)
    outside = read_all_views(embedder, [text for text, s in rows if s == "oos_test"])
    print(
        "| split | AUROC | recall of out-of-scope while 95 % of in-scope are kept | "
        f"with unknown={LOST}: in-scope kept | out-of-scope found |"
    )
    print("|---|---|---|---|---|")
    for seed in range(options.splits):
        drawn, judged = split(corpus, options.shots, seed)
        examples = Examples(
            corpus.documents.take(drawn), corpus.labels[drawn], len(corpus.classes)
        )
        knowledge = Knowledge(examples=examples, names=corpus.names, background=None)
        known = knowledge.p_values(corpus.documents.take(judged), LOST)
        unknown = knowledge.p_values(outside, LOST)
        truth = np.repeat([1, 0], [len(known), len(unknown)])
        auroc = roc_auc_score(truth, np.concatenate([known, unknown]))
        recall = (unknown < np.quantile(known, 0.05)).mean()
        print(
            f"| {seed} | {auroc:.1%} | {recall:.1%} | {(known > LOST).mean():.1%} | "
            f"{(unknown <= LOST).mean():.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
