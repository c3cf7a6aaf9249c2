"""longshot as it decides by default, on documents that were read once.

The documents' features are computed once; that they lead to the decisions that
``LongshotClassifier`` makes about their texts is checked by ``--check``.
"""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.accuracy.results import Answer
from benchmarks.data.features import ReadCorpus
from benchmarks.data.splits import MOST, Split
from longshot import DocumentEmbedder, LongshotClassifier


def decide(read: ReadCorpus, split: Split, *, names: bool = True) -> Iterator[Answer]:
    """Judge one split, each document by itself and then together as a pile.

    With most of all labels there is nothing left for the pile to tell.
    """
    started = time.perf_counter()
    classifier = LongshotClassifier(names=names, embedder=read.embedder)
    read.fit(split.examples, classifier)
    pile = read.documents.take(split.judged)
    alone = classifier.predict_proba_features(pile, pile=False)
    taken = time.perf_counter() - started
    yield Answer(way="predict", probabilities=alone, seconds=taken)
    if split.shots == MOST:
        return
    started = time.perf_counter()
    together = classifier.classify_features(pile, pile=True)
    taken += time.perf_counter() - started
    of_pile = [line for line in together.report if "pile" in line]
    yield Answer(
        way="predict_pile",
        probabilities=together.probabilities,
        seconds=taken,
        note="; ".join(of_pile),
    )


def greatest_difference(
    read: ReadCorpus, split: Split, embedder: DocumentEmbedder
) -> float:
    """Compare with what ``LongshotClassifier`` says of the same texts."""
    texts = read.corpus.texts
    classifier = LongshotClassifier(embedder=embedder)
    classifier.fit(
        [texts[row] for row in split.examples],
        read.classes[read.labels[split.examples]].tolist(),
        descriptions={
            label: read.corpus.descriptions.get(label)
            for label in read.classes.tolist()
        },
    )
    judged = [texts[row] for row in split.judged]
    theirs = {
        "predict": classifier.predict_proba(judged),
        "predict_pile": classifier.predict_proba_pile(judged),
    }
    return max(
        float(np.abs(answer.probabilities - theirs[answer.way]).max())
        for answer in decide(read, split)
    )
