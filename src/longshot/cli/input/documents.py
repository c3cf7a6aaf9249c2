"""DOCUMENTS, as commands open them: before any work is begun."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from longshot.errors import ReadingError

if TYPE_CHECKING:
    from longshot.cli.options import ColumnOptions
    from longshot.cli.output.summary import Summary
    from longshot.records import Document


def check_sources(examples: str | None, documents: str) -> None:
    """Find out before any work whether EXAMPLES, if any, and DOCUMENTS are there.

    Raises
    ------
    ReadingError
        If one is not, or both are to come on standard input.
    """
    from longshot.reading.sources import existing

    if examples == documents == "-":
        raise ReadingError(
            "EXAMPLES and DOCUMENTS must not both be standard input, which can be "
            "read only once. Save one of them to a file."
        )
    if examples is not None:
        existing(examples, argument="EXAMPLES")
    existing(documents, argument="DOCUMENTS")


def opened(
    source: str, columns: "ColumnOptions", summary: "Summary"
) -> "Iterator[Document]":
    """Read the first document now, and the others as they are asked for.

    A table without the column, or a folder without a file, is so noticed at once.

    Raises
    ------
    ReadingError
        If the documents cannot be read as a whole.
    """
    from longshot.reading import read_documents

    documents = read_documents(
        source, on_set_aside=summary.set_aside, **columns.of_documents
    )
    first = [one for one in [next(documents, None)] if one is not None]
    return chain(first, documents)
