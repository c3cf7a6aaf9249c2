"""longshot as it decides by default, on documents that were read once.

This is the only module here that knows how the classifier is made; that it decides as
``LongshotClassifier`` does is checked by ``--check``.
"""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.accuracy.results import Answer
from benchmarks.readings import ReadCorpus
from benchmarks.splits import MOST, Split
from longshot import DocumentEmbedder, LongshotClassifier
from longshot.classify.combination.knowledge import Knowledge
from longshot.classify.scorers.example_scoring import Examples


def decide(read: ReadCorpus, split: Split, *, names: bool = True) -> Iterator[Answer]:
    """Judge one split, each document by itself and then together as a pile.

    With most of all labels there is nothing left for the pile to tell.
    """
    started = time.perf_counter()
    knowledge = Knowledge(
        examples=Examples(
            read.documents.take(split.examples),
            read.labels[split.examples],
            len(read.classes),
        ),
        names=read.names if names else None,
        background=read.background,
    )
    pile = read.documents.take(split.judged)
    alone = np.exp(knowledge.judge.log_probabilities(pile))
    taken = time.perf_counter() - started
    yield Answer(way="predict", probabilities=alone, seconds=taken)
    if split.shots == MOST:
        return
    started = time.perf_counter()
    together, _, choice = knowledge.together(pile)
    taken += time.perf_counter() - started
    yield Answer(
        way="predict_pile",
        probabilities=np.exp(together),
        seconds=taken,
        note=f"step {choice.step} words {choice.words:.2f}",
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
