"""Documents of none of the labels: how well they are told apart, on CLINC150.

Run: python -m benchmarks.certainty.unknown [--data FOLDER] [--shots 8] [--splits 5]

Examples come from the training split, 150 intents; judged are its test split and the
out-of-scope queries of its test split. No out-of-scope example is ever shown.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.data.corpora import DEFAULT_FOLDER, read_corpus
from benchmarks.data.features import features_of, read_for_classifying
from benchmarks.data.splits import draw
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, LongshotClassifier

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
    outside = features_of(embedder, [text for text, s in rows if s == "oos_test"])
    print_header(
        "split",
        "AUROC",
        "recall of out-of-scope while 95 % of in-scope are kept",
        f"with unknown={LOST}: in-scope kept",
        "out-of-scope found",
    )
    for seed in range(options.splits):
        split = draw(corpus.corpus, options.shots, seed)
        classifier = LongshotClassifier(unknown=LOST, embedder=embedder)
        corpus.fit(split.examples, classifier)
        known, unknown = (
            classifier.classify_features(documents, pile=False).p_values
            for documents in (corpus.documents.take(split.judged), outside)
        )
        assert known is not None
        assert unknown is not None
        truth = np.repeat([1, 0], [len(known), len(unknown)])
        auroc = roc_auc_score(truth, np.concatenate([known, unknown]))
        recall = (unknown < np.quantile(known, 0.05)).mean()
        kept, found = (known > LOST).mean(), (unknown <= LOST).mean()
        print_row(seed, *(f"{one:.1%}" for one in (auroc, recall, kept, found)))


if __name__ == "__main__":
    main()
