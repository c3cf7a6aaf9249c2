"""Data sets as the classifier reads them, so that many splits cost one reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.corpora import Corpus, read_corpus
from benchmarks.splits import class_indices
from longshot import DocumentEmbedder
from longshot.classify.combination.knowledge import background_texts
from longshot.classify.features.document_features import Readings
from longshot.classify.features.extraction import PileReader
from longshot.classify.scorers.names import name_texts
from longshot.embedder import as_documents

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
    documents, names, background
        The documents, the classes' names (None where they say nothing) and neutral
        texts, as they were read.
    """

    corpus: Corpus
    labels: np.ndarray
    classes: np.ndarray
    name_texts: tuple[str, ...]
    documents: Readings
    names: Readings | None
    background: Readings


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
    """Read what is measurable of a data set in all views."""
    return read_views(measurable(read_corpus(name, folder)), embedder)


def read_views(corpus: Corpus, embedder: DocumentEmbedder) -> ReadCorpus:
    """Read texts and labels that are at hand in all views."""
    classes, labels = class_indices(corpus)
    texts = name_texts(classes, corpus.descriptions) or []
    return ReadCorpus(
        corpus=corpus,
        labels=labels,
        classes=classes,
        name_texts=tuple(texts),
        documents=read_all_views(embedder, corpus.texts),
        names=read_all_views(embedder, texts) if texts else None,
        background=read_all_views(embedder, background_texts()),
    )


def read_all_views(embedder: DocumentEmbedder, texts: Sequence[str]) -> Readings:
    """Read texts in all views; what does not fit into memory lies on disk."""
    (block,) = PileReader(embedder=embedder).read(as_documents(texts), together=True)
    return block.readings
