"""Piles that longshot decided about: confidences, and whether each label is right."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from benchmarks.suite.places import Places
from benchmarks.suite.sets import SETS, ReadSet, embedder_of
from longshot import DocumentEmbedder, LongshotClassifier

MODEL = "minilm"
MOST_DOCUMENTS = 1_000
MOST_CLASSES = 60


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pile:
    """Documents of a set to decide about, and examples of each class.

    Attributes
    ----------
    read, embedder
        The set, and what read it.
    classes
        Those that are told apart.
    examples, rows
        Rows of the set: what is labelled, and the pile.
    """

    read: ReadSet
    embedder: DocumentEmbedder
    classes: Int[np.ndarray, " class"]
    examples: Int[np.ndarray, " example"]
    rows: Int[np.ndarray, " document"]

    def decided(
        self, examples: Int[np.ndarray, " example"]
    ) -> tuple[Float[np.ndarray, "document class"], Bool[np.ndarray, " document"]]:
        """Give probabilities, and whether the best label is right."""
        read = self.read
        names = {str(read.classes[one]): read.class_names[one] for one in self.classes}
        classifier = LongshotClassifier(embedder=self.embedder).fit_features(
            read.documents.take(examples),
            read.classes[read.labels[examples]].tolist(),
            names,
        )
        documents = read.documents.take(self.rows)
        probabilities = classifier.predict_proba_features(documents, pile=True)
        best = classifier.classes_[probabilities.argmax(axis=1)]
        return probabilities, best == read.classes[read.labels[self.rows]]


def piles(
    places: Places, names: Collection[str] | None, shots: Collection[int], seed: int
) -> Iterator[tuple[int, Pile]]:
    """Draw a pile of each development set, and examples: so many of each class."""
    embedder = embedder_of(MODEL, places.mpnet)
    for suite in SETS:
        if suite.held_back or (names and suite.name not in names):
            continue
        read = places.read(suite, MODEL)
        if read is not None:
            yield from ((n, _drawn(read, embedder, n, seed)) for n in shots)


def _drawn(read: ReadSet, embedder: DocumentEmbedder, shots: int, seed: int) -> Pile:
    random = np.random.default_rng((seed, shots))
    possible = np.flatnonzero(read.counts >= max(2 * shots, 4))
    classes = np.sort(random.permutation(possible)[:MOST_CLASSES])
    members = [
        random.permutation(np.flatnonzero(read.labels == one)) for one in classes
    ]
    others = np.concatenate([one[shots:] for one in members])
    return Pile(
        read=read,
        embedder=embedder,
        classes=classes,
        examples=np.concatenate([one[:shots] for one in members]),
        rows=random.permutation(others)[:MOST_DOCUMENTS],
    )
