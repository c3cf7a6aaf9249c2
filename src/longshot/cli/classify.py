"""``longshot classify``: a few labelled documents and a pile in, labels out."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from longshot.cli.consoles import counted, on_terminal, put, say
from longshot.cli.failures import telling_mistakes
from longshot.cli.options import (
    Documents,
    Examples,
    IdColumn,
    LabelColumn,
    Out,
    TextColumn,
    with_embedder,
)

if TYPE_CHECKING:
    from longshot.classify import LongshotClassifier
    from longshot.cli.classify_report import GatheredReport
    from longshot.cli.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Prediction

Format = Literal["table", "csv", "jsonl"]


@telling_mistakes
@with_embedder
def classify(
    examples: Examples,
    documents: Documents,
    *,
    out: Out = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="How to print the labels: a table on a terminal and csv in a pipe, "
            "unless said otherwise.",
            show_default=False,
        ),
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(
            help="A table with the true labels, by id: tells how many came out right."
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="The labels and what each means: csv or jsonl with the columns label "
            "and description, or a json or yaml file of labels and descriptions. "
            "Labels without examples are decided by name."
        ),
    ] = None,
    pile: Annotated[
        bool,
        typer.Option(help="Judge all documents together, or each by itself."),
    ] = True,
    names: Annotated[
        bool, typer.Option(help="Read the labels' names as evidence.")
    ] = True,
    unknown: Annotated[
        float | None,
        typer.Option(
            help="Tell documents of none of the labels apart, and be ready to lose "
            "this share of the others: 0.05 loses one in twenty."
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(
            help="Give each document the set of labels that holds the true one so "
            "often: 0.9 for nine in ten.",
            show_default=False,
        ),
    ] = None,
    head: Annotated[
        Literal["views", "nearest", "prototype"],
        typer.Option(
            help="By several views of each document; or, as the article does, by the "
            "closest example, or the closest class mean."
        ),
    ] = "views",
    verbose: Annotated[
        bool, typer.Option(help="Tell what was learned from the examples, and why.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option(help="Give the passage that decided each label.")
    ] = True,
    report: Annotated[
        Path | None,
        typer.Option(
            help="An HTML page to write: all documents with their passages, a map, "
            "search and filters in one file.",
        ),
    ] = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    id_column: IdColumn = "id",
    embedder: "DocumentEmbedder",
) -> None:
    """Label DOCUMENTS by their likeness to a few labelled EXAMPLES.

    EXAMPLES may also be a file of label names alone (yaml, json, txt).

    Example: longshot classify labelled/ pile/ --out labels.csv
    """
    from longshot.classify import LongshotClassifier
    from longshot.cli.classify_report import GatheredReport
    from longshot.cli.label_sets import tell_sets
    from longshot.cli.offers import tell_offers
    from longshot.cli.summary import summary_at_end
    from longshot.reading.labelled import read_labels
    from longshot.report.predictions import prediction_row
    from longshot.report.tables import write_table

    _check(out, confidence)
    gathered = GatheredReport(report, embedder) if report is not None else None
    true_labels = (
        read_labels(
            truth, label_column=label_column, id_column=id_column, argument="--truth"
        )
        if truth
        else None
    )
    columns = {"text_column": text_column, "id_column": id_column}
    with summary_at_end() as summary:
        classifier = _fit(
            LongshotClassifier(
                head=head, names=names, unknown=unknown, embedder=embedder
            ),
            examples,
            labels,
            {**columns, "label_column": label_column},
            summary,
        )
        started = time.perf_counter()
        predictions = _classify(
            classifier,
            documents,
            columns,
            pile,
            evidence,
            confidence,
            summary,
            gathered,
        )
        if verbose:
            for line in classifier.explain_fit():
                say("  {}", line)
        summary.count_all(predictions)
        summary.read(seconds=time.perf_counter() - started)
        if confidence is not None:
            tell_sets(predictions, confidence)
        tell_offers(classifier.new_classes())
        if out is not None:
            write_table(out, [prediction_row(one) for one in predictions])
            say("labels are in {}", out)
        else:
            _print(predictions, format or ("table" if on_terminal() else "csv"))
        if gathered is not None:
            gathered.write(
                predictions,
                classifier=classifier,
                sources=(examples, documents),
                truth=true_labels,
                set_aside=summary.all_set_aside,
            )
        if true_labels is not None:
            summary.compare(predictions, true_labels)


def _check(out: Path | None, confidence: float | None) -> None:
    """Find out before any work whether what is asked for can be done."""
    from longshot.classify.conformal import check_confidence
    from longshot.report.files import check_writable
    from longshot.report.tables import check_table_ending

    if out is not None:
        check_table_ending(out)
        check_writable(out)
    if confidence is not None:
        check_confidence(confidence)


def _fit(
    classifier: "LongshotClassifier",
    source: str,
    labels: Path | None,
    columns: dict[str, str],
    summary: "Summary",
) -> "LongshotClassifier":
    """Learn from examples, from a file of label names, or from both."""
    from longshot.reading import read_examples
    from longshot.reading.descriptions import names_labels, read_descriptions

    descriptions = read_descriptions(labels) if labels is not None else None
    if names_labels(source) and labels is None:
        descriptions = read_descriptions(source, argument="EXAMPLES")
        say("{} by name", counted(len(descriptions), "label"))
        return classifier.fit([], [], descriptions)
    read = list(read_examples(source, on_set_aside=summary.set_aside, **columns))
    summary.examples(read)
    classifier.fit(
        [example.document.text for example in read],
        [example.label for example in read],
        descriptions,
        ids=[example.document.id for example in read],
    )
    for example in classifier.support_.examples:
        summary.note_reading(example.vectors, what="example")
    return classifier


def _classify(
    classifier: "LongshotClassifier",
    source: str,
    columns: dict[str, str],
    pile: bool,
    evidence: bool,
    confidence: float | None,
    summary: "Summary",
    gathered: "GatheredReport | None",
) -> "list[Prediction]":
    from longshot.cli.progress import count_characters, progress_bar
    from longshot.reading import read_documents

    documents = read_documents(source, on_set_aside=summary.set_aside, **columns)
    if gathered is not None:
        documents = gathered.noting(documents)
    with progress_bar("classifying", count_characters(source, columns)) as on_window:
        return classifier.classify(
            summary.noting(documents),
            pile=pile,
            evidence=evidence,
            confidence=confidence,
            on_set_aside=summary.set_aside,
            on_window=on_window,
        )


def _print(predictions: "list[Prediction]", format: Format) -> None:
    from longshot.cli.printing import print_predictions
    from longshot.report.predictions import prediction_row
    from longshot.report.tables import as_csv, as_jsonl

    if format == "table":
        print_predictions(predictions)
        return
    rows = [prediction_row(one) for one in predictions]
    put(as_csv(rows) if format == "csv" else as_jsonl(rows), encoding="utf-8")
