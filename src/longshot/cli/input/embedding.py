"""Documents and their vectors, as evaluate, suggest and check need them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:
    from longshot.classify.features.document_features import Readings
    from longshot.cli.output.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Document, Example


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EmbeddedDocuments:
    """Documents, read in all views; those without tokens are left out."""

    documents: "tuple[Document, ...]"
    readings: "Readings"

    @property
    def vectors(self) -> Float[np.ndarray, "document dim"]:
        """One vector for each document."""
        return self.readings.documents


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LabelledSet:
    """Labelled documents, read in all views.

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
    """Give examples their vectors; those without tokens are left out."""
    label_of = {one.document.id: one.label for one in examples}
    documents = (one.document for one in examples)
    embedded = embed_documents(documents, embedder, summary)
    labels = [label_of[document.id] for document in embedded.documents]
    return LabelledSet(embedded=embedded, labels=labels)


def embed_documents(
    documents: "Iterable[Document]", embedder: "DocumentEmbedder", summary: "Summary"
) -> EmbeddedDocuments:
    """Give documents their vectors, with a progress bar on a terminal."""
    from longshot.classify.features.document_features import read_all
    from longshot.classify.features.extraction import layout_of
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
    readings = read_all(pairs, layout_of(embedder), embedder.encoder.dim)
    return EmbeddedDocuments(documents=tuple(kept), readings=readings)
