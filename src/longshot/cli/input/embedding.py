"""Documents and their features, as evaluate, suggest and check need them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:
    from longshot.classify import DocumentFeatures
    from longshot.cli.output.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Document, Example


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EmbeddedDocuments:
    """Documents with their features; those without tokens are left out."""

    documents: "tuple[Document, ...]"
    features: "DocumentFeatures"

    @property
    def vectors(self) -> Float[np.ndarray, "document dim"]:
        """One vector for each document."""
        return self.features.vectors


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LabelledSet:
    """Labelled documents with their features.

    Attributes
    ----------
    embedded
        The documents.
    labels
        The label of each.
    """

    embedded: EmbeddedDocuments
    labels: list[str]

    @property
    def texts(self) -> list[str]:
        """The text of each document."""
        return [document.text for document in self.embedded.documents]


def embed_labelled(
    examples: "Sequence[Example]", embedder: "DocumentEmbedder", summary: "Summary"
) -> LabelledSet:
    """Give examples their features; those without tokens are left out."""
    label_of = {one.document.id: one.label for one in examples}
    documents = (one.document for one in examples)
    embedded = embed_documents(documents, embedder, summary)
    labels = [label_of[document.id] for document in embedded.documents]
    return LabelledSet(embedded=embedded, labels=labels)


def embed_documents(
    documents: "Iterable[Document]", embedder: "DocumentEmbedder", summary: "Summary"
) -> EmbeddedDocuments:
    """Give documents their features, with a progress bar on a terminal."""
    from longshot.classify import Layout, extract
    from longshot.cli.output.progress import progress_bar

    waiting = list(documents)
    by_id = {document.id: document for document in waiting}
    n_characters = sum(len(document.text) for document in waiting)
    kept: list[Document] = []
    pairs = []
    with progress_bar("embedding", n_characters) as on_window:
        for one in embedder.vectors(
            waiting, on_set_aside=summary.set_aside, on_window=on_window
        ):
            summary.note_reading(one)
            kept.append(by_id[one.document_id])
            pairs.append((one, by_id[one.document_id].text))
    features = extract(pairs, Layout.of(embedder))
    return EmbeddedDocuments(documents=tuple(kept), features=features)


def read_meanings(path: Path | None) -> "dict[str, str | None]":
    """Read what labels mean; nothing where there is no file.

    Raises
    ------
    ReadingError
        If the file cannot be read.
    """
    from longshot.reading.sources.descriptions import read_descriptions

    return {} if path is None else dict(read_descriptions(path))
