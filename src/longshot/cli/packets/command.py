"""``longshot split``: files that hold several documents in, their sections out."""

from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.options import ColumnOptions, Documents, with_embedder, with_options
from longshot.cli.output.failures import telling_mistakes
from longshot.cli.packets.options import SplitOptions
from longshot.errors import ExamplesError

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder

ExamplesOrNone = Annotated[
    str | None,
    typer.Argument(
        metavar="EXAMPLES",
        help="Labelled documents, each of them whole: a folder with one sub-folder per "
        "label, or a table with the columns label and text, or label and path. Left "
        "out where --labels names the labels.",
        show_default=False,
    ),
]


@telling_mistakes
@with_embedder
@with_options
def split(
    documents: Documents,
    examples: ExamplesOrNone = None,
    *,
    asked: SplitOptions,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Find the documents in each file of DOCUMENTS, and label them from EXAMPLES.

    A scanned pile, a merged PDF or a mail thread holds several documents, one after
    the other. Each gets its pages (or characters), a label and a confidence.

    Example: longshot split pile.pdf --labels labels.yaml --pdfs parts/
    """
    from longshot.cli.input.examples import GivenExamples
    from longshot.cli.packets.run import take_apart

    source = examples or (str(asked.labels) if asked.labels is not None else None)
    if source is None:
        raise ExamplesError(
            "split must know the labels; got neither EXAMPLES nor --labels. Give "
            "labelled documents after DOCUMENTS, or a file of labels with --labels."
        )
    given = GivenExamples(
        source=source,
        columns=columns.of_examples,
        documents=documents,
        corrections=asked.corrections,
    )
    take_apart(
        given,
        documents,
        labels=asked.labels if examples is not None else None,
        asked=asked,
        columns=columns,
        embedder=embedder,
    )
