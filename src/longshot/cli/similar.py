"""``longshot similar``: how alike two documents are, and where."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from jaxtyping import Float, Int

from longshot.cli.options import with_embedder
from longshot.cli.output.consoles import put
from longshot.cli.output.failures import telling_mistakes
from longshot.records import Document, Window

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder


@telling_mistakes
@with_embedder
def similar(
    a: Annotated[str, typer.Argument(metavar="A", help="A document.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other document.")],
    *,
    embedder: "DocumentEmbedder",
) -> None:
    """Give the cosine similarity of two documents, and which windows match.

    Example: longshot similar lease.pdf other-lease.pdf
    """
    from longshot.cli.output.summary import summary_at_end
    from longshot.similarity import best_matches, cosine

    documents = [_only_document(a, argument="A"), _only_document(b, argument="B")]
    with summary_at_end() as summary:
        first, second = embedder.vectors(summary.noting(documents))
        for one in (first, second):
            summary.note_reading(one)
        summary.tell_not_read()
    put(f"cosine {cosine(first.document, second.document):.4f}\n")
    matches = best_matches(first.window_vectors, second.window_vectors)
    print_matches(documents, first.windows, second.windows, *matches)


def _only_document(source: str, *, argument: str) -> Document:
    from longshot.errors import ReadingError
    from longshot.reading import read_documents
    from longshot.reading.sources import existing

    documents = list(read_documents(existing(source, argument=argument)))
    if len(documents) != 1:
        raise ReadingError(
            f"{argument} must be one document; {source} holds {len(documents)}. Name "
            "a single file."
        )
    return documents[0]


def print_matches(
    documents: Sequence[Document],
    windows: Sequence[Window],
    other_windows: Sequence[Window],
    best: Int[np.ndarray, " window"],
    similarities: Float[np.ndarray, " window"],
) -> None:
    """Print, for each window of one document, its closest window of the other."""
    from longshot.cli.output.table import print_table

    rows = [
        [
            f"{similarity:.4f}",
            _passage(documents[0], window),
            _passage(documents[1], other_windows[match]),
        ]
        for window, match, similarity in zip(windows, best, similarities, strict=True)
    ]
    header = ["cosine", *(document.id for document in documents)]
    print_table(header, rows, numbers={0}, passages={1, 2})


def _passage(document: Document, window: Window) -> str:
    from longshot.report.openings import opening

    text = opening(document.text[window.start : window.end], start=window.start)
    return f"{window.start}–{window.end} {text}"
