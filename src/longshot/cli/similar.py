"""``longshot similar``: how alike two documents are, and where."""

from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.consoles import put
from longshot.cli.failures import telling_mistakes
from longshot.cli.options import with_embedder

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Document


@telling_mistakes
@with_embedder
def similar(
    a: Annotated[str, typer.Argument(metavar="A", help="A document.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    *,
    embedder: "DocumentEmbedder",
) -> None:
    """Give the cosine of two documents, and which windows answer to each other.

    Example: longshot similar lease.pdf other-lease.pdf
    """
    from longshot.cli.printing import print_matches
    from longshot.cli.summary import summary_at_end
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


def _only_document(source: str, *, argument: str) -> "Document":
    from longshot.errors import ReadingError
    from longshot.reading import read_documents
    from longshot.reading.sources import existing

    documents = list(read_documents(existing(source, argument=argument)))
    if len(documents) != 1:
        raise ReadingError(
            f"{argument} must be one document; {source} holds {len(documents)}. "
            "Name a single file."
        )
    return documents[0]
