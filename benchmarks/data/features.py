"""Data sets with their features, so that many splits cost one reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.data.corpora import Corpus, read_corpus
from benchmarks.data.splits import class_indices
from longshot import DocumentEmbedder, LongshotClassifier
from longshot.classify import DocumentFeatures, name_texts, read_names

LEAST_DOCUMENTS = 2
"""Of a class: one to learn from, and one to be judged."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadCorpus:
    """A data set, read once.

    Attributes
    ----------
    corpus
        Its texts and labels.
    labels, classes
        The class of each document, as an index into the classes.
    name_texts
        What stands for each class's name; empty where the names say nothing.
    documents, names
        The features of the documents, and of the classes' names (None where they say
        nothing).
    embedder
        What read them.
    """

    corpus: Corpus
    labels: np.ndarray
    classes: np.ndarray
    name_texts: tuple[str, ...]
    documents: DocumentFeatures
    names: DocumentFeatures | None
    embedder: DocumentEmbedder

    def fit(
        self, rows: np.ndarray, classifier: LongshotClassifier | None = None
    ) -> LongshotClassifier:
        """Let a classifier learn from some documents, and from what is said of labels.

        By default it is one with the default settings.
        """
        classifier = classifier or LongshotClassifier(embedder=self.embedder)
        told = self.corpus.descriptions
        named = {label: told.get(label) for label in self.classes.tolist()}
        return classifier.fit_features(
            self.documents.take(rows),
            self.classes[self.labels[rows]].tolist(),
            named if classifier.names else None,
        )


def measurable(corpus: Corpus) -> Corpus:
    """Leave out queries of none of the labels, and classes with a single document."""
    corpus = corpus.in_scope()
    classes, indices = class_indices(corpus)
    alone = np.bincount(indices) < LEAST_DOCUMENTS
    if alone.any():
        print(f"with a single document, left out: {', '.join(classes[alone])}")
    return corpus.take(np.flatnonzero(~alone[indices]).tolist())


def read_for_classifying(
    name: str, folder: Path, embedder: DocumentEmbedder
) -> ReadCorpus:
    """Read what is measurable of a data set."""
    return read_features(measurable(read_corpus(name, folder)), embedder)


def read_features(corpus: Corpus, embedder: DocumentEmbedder) -> ReadCorpus:
    """Read texts and labels that are at hand."""
    classes, labels = class_indices(corpus)
    texts = name_texts(classes, corpus.descriptions) or []
    return ReadCorpus(
        corpus=corpus,
        labels=labels,
        classes=classes,
        name_texts=tuple(one[-1] for one in texts),
        documents=features_of(embedder, corpus.texts),
        names=read_names(texts, partial(features_of, embedder)) if texts else None,
        embedder=embedder,
    )


def features_of(embedder: DocumentEmbedder, texts: Sequence[str]) -> DocumentFeatures:
    """Give the features of texts; what does not fit into memory lies on disk."""
    return LongshotClassifier(embedder=embedder).features(texts)
