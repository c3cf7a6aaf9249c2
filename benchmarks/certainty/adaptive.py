"""What reading each document only as far as its label needs costs and saves.

Run: python -m benchmarks.certainty.adaptive [--data FOLDER ...]
     [--sets bbc cuad movie authors anarchism bible manpages perl python]
     [--shots 2 8] [--splits 4] [--first-seed 0] [--most DOCUMENTS]

The same examples teach a classifier that reads the documents whole, and one that reads
them adaptively; each judges the others alone, and as a pile. Vectors are taken from the
cache, or made once. --most leaves so many documents of each class, drawn once: what is
not in the cache takes long to read. Tokens are those of the documents to be judged.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from benchmarks.data.corpora import DEFAULT_FOLDER, Corpus, read_corpus
from benchmarks.data.features import ReadCorpus, measurable, read_features
from benchmarks.data.splits import Split, class_indices, draw
from benchmarks.output.tables import print_header, print_row
from longshot import DocumentEmbedder, LongshotClassifier
from longshot.evaluation.measures import accuracy, calibration_error, judge
from longshot.records import Prediction

SETS = ("bbc", "cuad", "movie")
LONG_SETS = ("authors", "anarchism", "bible", "manpages", "perl", "python")
"""What ``benchmarks.suite.long_sets`` makes, with some examples beyond one window."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What one split gave in one way, in percent: reading all, and adaptively."""

    read: float
    right_of_all: float
    right: float
    miscalibrated_of_all: float
    miscalibrated: float

    @property
    def gained(self) -> float:
        """What reading adaptively gains: below zero where it loses."""
        return self.right - self.right_of_all


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", type=Path, default=[DEFAULT_FOLDER])
    parser.add_argument("--sets", nargs="+", default=[*SETS, *LONG_SETS])
    parser.add_argument("--shots", type=int, nargs="+", default=[2, 8])
    parser.add_argument("--splits", type=int, default=4)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--most", type=int)
    options = parser.parse_args()
    embedder = DocumentEmbedder()
    ways = ("right: all → adaptive (worst split)", "calibration error")
    print_header(
        "data set, documents judged, examples per class",
        "read",
        *(f"{way}, {what}" for way in ("alone", "pile") for what in ways),
    )
    for name in options.sets:
        corpus = measurable(read_corpus(name, _folder_of(name, options.data)))
        if options.most is not None:
            corpus = at_most(corpus, options.most)
        read = read_features(corpus, embedder)
        for shots in options.shots:
            seeds = range(options.first_seed, options.first_seed + options.splits)
            splits = [draw(corpus, shots, seed) for seed in seeds]
            alone, pile = zip(*(measure(read, one) for one in splits), strict=True)
            print_row(
                f"{name}, {len(splits[0].judged)}, {shots}",
                f"{np.mean([one.read for one in alone]):.1f} %",
                *_cells(alone),
                *_cells(pile),
            )


def at_most(corpus: Corpus, most: int) -> Corpus:
    """Give at most so many documents of each class, always the same ones."""
    random = np.random.default_rng(0)
    classes, indices = class_indices(corpus)
    rows = [
        random.permutation(np.flatnonzero(indices == one))[:most]
        for one in range(len(classes))
    ]
    return corpus.take(np.sort(np.concatenate(rows)).tolist())


def measure(read: ReadCorpus, split: Split) -> tuple[Found, Found]:
    """Judge the documents of one split alone, and as a pile."""
    corpus = read.corpus
    whole = read.fit(split.examples)
    adaptive = LongshotClassifier(read="adaptive", embedder=read.embedder).fit(
        [corpus.texts[row] for row in split.examples],
        [corpus.labels[row] for row in split.examples],
        {label: corpus.descriptions.get(label) for label in read.classes.tolist()},
    )
    documents = read.documents.take(split.judged)
    texts = [corpus.texts[row] for row in split.judged]
    alone, pile = (
        _compared(
            read,
            split,
            whole.predict_proba_features(documents, pile=together),
            adaptive.classify(texts, pile=together, evidence=False).predictions,
        )
        for together in (False, True)
    )
    return alone, pile


def _compared(
    read: ReadCorpus,
    split: Split,
    of_all: Float[np.ndarray, "document class"],
    predictions: Sequence[Prediction],
) -> Found:
    # Of the label alone: nothing that is measured asks for the others' confidence.
    of_part = np.zeros_like(of_all)
    labels = np.searchsorted(read.classes, [str(one.label) for one in predictions])
    of_part[np.arange(len(labels)), labels] = [one.confidence for one in predictions]
    judged, partly = (
        judge(split.judged, read.labels[split.judged], found)
        for found in (of_all, of_part)
    )
    n_tokens = np.array([one.n_tokens for one in predictions])
    coverage = np.array([one.coverage for one in predictions])
    return Found(
        read=100 * float(coverage @ n_tokens / n_tokens.sum()),
        right_of_all=100 * float(accuracy(judged)[0]),
        right=100 * float(accuracy(partly)[0]),
        miscalibrated_of_all=100 * float(calibration_error(judged)[0]),
        miscalibrated=100 * float(calibration_error(partly)[0]),
    )


def _cells(found: Sequence[Found]) -> tuple[str, str]:
    gained = [one.gained for one in found]
    return (
        f"{np.mean([one.right_of_all for one in found]):.2f} → "
        f"{np.mean([one.right for one in found]):.2f} "
        f"({np.mean(gained):+.2f}; {min(gained):+.2f})",
        f"{np.mean([one.miscalibrated_of_all for one in found]):.1f} → "
        f"{np.mean([one.miscalibrated for one in found]):.1f}",
    )


def _folder_of(name: str, folders: Sequence[Path]) -> Path:
    """Give the first folder that holds a set; the first of all where none does."""
    holding = (one for one in folders if (one / f"{name}.jsonl.gz").is_file())
    return next(holding, folders[0])


if __name__ == "__main__":
    main()
