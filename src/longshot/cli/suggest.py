"""``longshot suggest``: what to label next."""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from longshot.cli.consoles import counted, say
from longshot.cli.failures import telling_mistakes
from longshot.cli.options import (
    Documents,
    IdColumn,
    LabelColumn,
    Out,
    TextColumn,
    with_embedder,
)
from longshot.selection.names import Strategy

if TYPE_CHECKING:
    from longshot.cli.labelled_set import EmbeddedDocuments
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Example
    from longshot.report.tables import Row

NOTHING = "none"


@telling_mistakes
@with_embedder
def suggest(
    examples: Annotated[
        str,
        typer.Argument(
            metavar="EXAMPLES",
            help="What is labelled already: a folder with one sub-folder per label, a "
            f"table with the columns text and label, or the word {NOTHING}.",
            show_default=False,
        ),
    ],
    documents: Documents,
    *,
    n: Annotated[
        int, typer.Option("--n", "-n", min=1, help="How many documents to name.")
    ] = 20,
    strategy: Annotated[
        Strategy,
        typer.Option(
            help="Documents that stand for many unsure ones (both), for many "
            "(coverage), the least sure ones (uncertainty), or any (random); the "
            "others are those of small-text."
        ),
    ] = "both",
    seed: Annotated[
        int, typer.Option(min=0, help="Of everything drawn at random.")
    ] = 0,
    out: Out = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    id_column: IdColumn = "id",
    embedder: "DocumentEmbedder",
) -> None:
    """Name the DOCUMENTS whose label would help most, the most useful first.

    Example: longshot suggest labelled/ pile/ -n 20
    """
    from longshot.cli.labelled_set import embed_documents, read_labelled
    from longshot.cli.printing import print_table
    from longshot.cli.summary import summary_at_end
    from longshot.reading import read_documents
    from longshot.report.files import check_writable
    from longshot.report.tables import check_table_ending, write_table

    if out is not None:
        check_table_ending(out)
        check_writable(out)
    columns = {"text_column": text_column, "id_column": id_column}
    with summary_at_end() as summary:
        read: list[Example] = []
        if examples != NOTHING:
            read = read_labelled(examples, label_column, columns, summary)
        labelled = embed_documents((one.document for one in read), embedder, summary)
        pile = read_documents(documents, on_set_aside=summary.set_aside, **columns)
        known = {one.document.text for one in read}
        open_ones = (one for one in summary.noting(pile) if one.text not in known)
        whole = embed_documents(open_ones, embedder, summary)
        rows = _suggestions(read, labelled, whole, strategy, n, seed, embedder=embedder)
        summary.tell_not_read()
        if out is not None:
            write_table(out, rows)
            say("{} to label are in {}", counted(len(rows), "document"), out)
        else:
            shown = [[str(cell or "") for cell in row.values()] for row in rows]
            header = ["document", "likely", "sure", "or", "begins"]
            print_table(header, shown, numbers={2}, passages={4})


def _suggestions(
    read: "list[Example]",
    labelled: "EmbeddedDocuments",
    pile: "EmbeddedDocuments",
    strategy: Strategy,
    n: int,
    seed: int,
    *,
    embedder: "DocumentEmbedder",
) -> "list[Row]":
    """Choose, and say what is thought of each chosen one."""
    from longshot.report.openings import opening
    from longshot.selection.strategies import select

    labels = {one.document.id: one.label for one in read}
    classes, indices = np.unique(
        [labels[document.id] for document in labelled.documents], return_inverse=True
    )
    probabilities = _probabilities(labelled, classes[indices], pile, embedder)
    chosen = select(
        strategy, pile.vectors, labelled.vectors, probabilities, n, seed=seed
    )
    rows: list[Row] = []
    for row in chosen:
        document = pile.documents[row]
        likely, sure, second = _thought(classes, probabilities, int(row))
        rows.append(
            {
                "id": document.id,
                "likely_label": likely,
                "confidence": sure,
                "second_label": second,
                "text": opening(document.text),
            }
        )
    return rows


def _probabilities(
    labelled: "EmbeddedDocuments",
    labels: np.ndarray,
    pile: "EmbeddedDocuments",
    embedder: "DocumentEmbedder",
) -> np.ndarray | None:
    """Judge the pile by what is labelled; None where it shows fewer than two labels."""
    from longshot.evaluation.learners import longshot_learner

    classes, indices = np.unique(labels, return_inverse=True)
    if len(classes) < 2 or not pile.documents:
        return None
    everything = labelled.readings.joined(pile.readings)
    learner = longshot_learner(everything, labels.tolist(), embedder)
    examples = np.arange(len(labels))
    rows = len(labels) + np.arange(len(pile.documents))
    return np.asarray(learner(examples, indices.astype(np.int64), rows))


def _thought(
    classes: np.ndarray, probabilities: np.ndarray | None, row: int
) -> tuple[str | None, float | None, str | None]:
    if probabilities is None:
        return None, None, None
    best, second = probabilities[row].argsort()[::-1][:2]
    return (
        str(classes[best]),
        round(float(probabilities[row, best]), 4),
        str(classes[second]),
    )
