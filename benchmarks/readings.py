"""Data sets as the classifier reads them, so that many splits cost one reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.corpora import Corpus, read_corpus
from longshot import DocumentEmbedder
from longshot.classify.knowledge import background_texts
from longshot.classify.names import readable
from longshot.classify.reading_pile import layout_of
from longshot.classify.readings import Readings, read_all

DESCRIPTIONS = {
    "movie": {
        "neg": "negative review, a bad film",
        "pos": "positive review, a great film",
    }
}
"""Of data sets whose labels are no words."""


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
        What stands for each class's name.
    documents, names, background
        The documents, the classes' names and neutral texts, as they were read.
    """

    corpus: Corpus
    labels: np.ndarray
    classes: np.ndarray
    name_texts: tuple[str, ...]
    documents: Readings
    names: Readings
    background: Readings


def read_for_classifying(
    name: str, folder: Path, embedder: DocumentEmbedder, *, names: str = "as they are"
) -> ReadCorpus:
    """Read a data set in all views; out-of-scope queries of CLINC150 are left out."""
    corpus = read_corpus(name, folder)
    rows = [row for row, label in enumerate(corpus.labels) if label != "oos"]
    corpus = Corpus(
        name=name,
        texts=tuple(corpus.texts[row] for row in rows),
        labels=tuple(corpus.labels[row] for row in rows),
        splits=tuple(corpus.splits[row] for row in rows),
    )
    classes, labels = np.unique(corpus.labels, return_inverse=True)
    described = DESCRIPTIONS.get(name, {})
    name_texts = [described.get(one) or readable(one) for one in classes]
    return ReadCorpus(
        corpus=corpus,
        labels=labels,
        classes=classes,
        name_texts=tuple(name_texts),
        documents=read_all_views(embedder, corpus.texts),
        names=read_all_views(embedder, name_texts),
        background=read_all_views(embedder, background_texts()),
    )


def read_all_views(embedder: DocumentEmbedder, texts: Sequence[str]) -> Readings:
    """Read texts in all views."""
    vectors = list(embedder.vectors(texts))
    pairs = list(zip(vectors, texts, strict=True))
    return read_all(pairs, layout_of(embedder), embedder.encoder.dim)
