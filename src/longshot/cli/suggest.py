"""``longshot suggest``: what to label next."""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from longshot.cli.options import (
    ColumnOptions,
    DocumentsOrProject,
    Meanings,
    Out,
    with_embedder,
    with_options,
)
from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes
from longshot.selection.names import Strategy

if TYPE_CHECKING:
    from pathlib import Path

    from longshot.cli.input.embedding import EmbeddedDocuments, LabelledSet
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Example
    from longshot.report.tables import Row

NOTHING = "none"


@telling_mistakes
@with_embedder
@with_options
def suggest(
    examples: Annotated[
        str,
        typer.Argument(
            metavar="EXAMPLES",
            help=(
                "What you have labelled so far: a folder with one sub-folder per "
                "label, a table with the columns text and label, or the word "
                f"{NOTHING}. Or a project, alone."
            ),
            show_default=False,
        ),
    ],
    documents: DocumentsOrProject = None,
    *,
    n: Annotated[
        int, typer.Option("--n", "-n", min=1, help="How many documents to suggest.")
    ] = 20,
    strategy: Annotated[
        Strategy,
        typer.Option(
            help="What to prefer: documents that represent many uncertain ones (both) "
            "or many of any kind (coverage), the least certain ones (uncertainty), or "
            "none (random). The others come from small-text."
        ),
    ] = "both",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random draws.")] = 0,
    labels: Meanings = None,
    out: Out = None,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Suggest which DOCUMENTS to label next, the most useful first.

    A folder that longshot init made stands alone: what comes is what its page shows
    next, with the reason.

    Example: longshot suggest labelled/ pile/ -n 20
    """
    if documents is None:
        from longshot.cli.project.suggesting import suggest_for_project

        suggest_for_project(
            examples,
            n,
            strategy=strategy,
            seed=seed,
            out=out,
            settled={"labels": labels is not None, **columns.given},
            embedder=embedder,
        )
        return
    from longshot.cli.input.documents import check_sources, opened
    from longshot.cli.input.embedding import (
        embed_documents,
        embed_labelled,
        read_meanings,
    )
    from longshot.cli.input.examples import read_labelled
    from longshot.cli.input.places import check_apart
    from longshot.cli.output.summary import summary_at_end
    from longshot.report.tables import check_table_place

    if out is not None:
        check_table_place(out)
    check_apart(
        {"--out": out},
        {"EXAMPLES": examples, "DOCUMENTS": documents, "--labels": labels},
    )
    check_sources(examples if examples != NOTHING else None, documents)
    descriptions = read_meanings(labels)
    with summary_at_end(out) as summary:
        read: list[Example] = []
        if examples != NOTHING:
            read = read_labelled(examples, columns, summary, documents=documents)
            summary.described(descriptions)
        pile = opened(documents, columns, summary)
        labelled = embed_labelled(read, embedder, summary)
        known = {one.document.text for one in read}
        open_ones = (one for one in summary.noting(pile) if one.text not in known)
        whole = embed_documents(open_ones, embedder, summary)
        rows = _suggestions(
            labelled, whole, strategy, n, seed, descriptions, embedder=embedder
        )
        summary.tell_not_read()
        _give(rows, out)


def _give(rows: "list[Row]", out: "Path | None") -> None:
    """Write the suggestions to a file, or print them."""
    from longshot.cli.output.table import print_table
    from longshot.report.tables import write_table

    if out is not None:
        write_table(out, rows)
        say("{} to label are in {}", counted(len(rows), "document"), out)
        say(
            "  fill in the column label, then give the file as EXAMPLES with the "
            "same DOCUMENTS"
        )
    else:
        shown = [
            [str(cell or "") for name, cell in row.items() if name != "label"]
            for row in rows
        ]
        header = ["document", "likely", "sure", "or", "begins"]
        print_table(header, shown, numbers={2}, passages={4})


def _suggestions(
    labelled: "LabelledSet",
    pile: "EmbeddedDocuments",
    strategy: Strategy,
    n: int,
    seed: int,
    descriptions: "dict[str, str | None]",
    *,
    embedder: "DocumentEmbedder",
) -> "list[Row]":
    """Choose, and say what is thought of each chosen one."""
    from longshot.report.openings import opening
    from longshot.selection.strategies import select

    classes, probabilities = _classified(labelled, pile, descriptions, embedder)
    chosen = select(
        strategy, pile.vectors, labelled.embedded.vectors, probabilities, n, seed=seed
    )
    rows: list[Row] = []
    for row in chosen:
        document = pile.documents[row]
        likely, sure, second = _thought(classes, probabilities, int(row))
        rows.append(
            {
                "id": document.id,
                "label": None,
                "likely_label": likely,
                "confidence": sure,
                "second_label": second,
                "begins": opening(document.text),
            }
        )
    return rows


def _classified(
    labelled: "LabelledSet",
    pile: "EmbeddedDocuments",
    descriptions: "dict[str, str | None]",
    embedder: "DocumentEmbedder",
) -> tuple[np.ndarray, np.ndarray | None]:
    """Decide about the pile, each document by itself.

    Returns
    -------
    tuple
        The labels, and the probability of each; None where fewer than two are known.
    """
    from longshot.classify import Classifier

    known = np.unique([*labelled.labels, *descriptions])
    if len(known) < 2 or not pile.documents:
        return known, None
    classifier = Classifier(embedder=embedder).fit_features(
        labelled.embedded.features, labelled.labels, descriptions
    )
    probabilities = classifier.predict_proba_features(pile.features, pile=False)
    return classifier.classes_, probabilities


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
