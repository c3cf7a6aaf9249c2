"""Labelled documents and their vectors, as evaluate, suggest and check need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from longshot.errors import ExamplesError

if TYPE_CHECKING:
    from longshot.cli.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Document, Example


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EmbeddedDocuments:
    """Documents with one vector each; those without tokens are left out."""

    documents: "tuple[Document, ...]"
    vectors: Float[np.ndarray, "document dim"]


def read_labelled(
    source: str, label_column: str, columns: dict[str, str], summary: "Summary"
) -> "list[Example]":
    """Read examples, and tell how many of each label there are.

    Raises
    ------
    ExamplesError
        If there is none that can be used.
    """
    from longshot.reading import read_examples

    read = list(
        read_examples(
            source,
            label_column=label_column,
            on_set_aside=summary.set_aside,
            **columns,
        )
    )
    summary.examples(read)
    if not read:
        raise ExamplesError(
            "EXAMPLES must hold labelled documents; none could be used. Mend one."
        )
    return read


def embed_documents(
    documents: "Iterable[Document]", embedder: "DocumentEmbedder", summary: "Summary"
) -> EmbeddedDocuments:
    """Give documents their vectors, with a progress bar on a terminal."""
    from longshot.cli.progress import progress_bar

    waiting = list(documents)
    by_id = {document.id: document for document in waiting}
    n_characters = sum(len(document.text) for document in waiting)
    kept: list[Document] = []
    vectors = []
    with progress_bar("embedding", n_characters) as on_window:
        for one in embedder.vectors(
            waiting, on_set_aside=summary.set_aside, on_window=on_window
        ):
            summary.note_reading(one)
            kept.append(by_id[one.document_id])
            vectors.append(one.document)
    stacked = np.stack(vectors) if vectors else np.empty((0, embedder.encoder.dim))
    return EmbeddedDocuments(documents=tuple(kept), vectors=stacked)
