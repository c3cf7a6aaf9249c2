"""``longshot classify``: a few labelled documents and a pile in, labels out."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from longshot.cli.consoles import counted, on_terminal, say
from longshot.cli.failures import telling_mistakes
from longshot.cli.given_examples import GivenExamples, cut_to_level
from longshot.cli.options import (
    Documents,
    Examples,
    IdColumn,
    LabelColumn,
    LabelSeparator,
    Nested,
    Out,
    Several,
    TextColumn,
    with_embedder,
)
from longshot.errors import SettingError

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
    nested: Nested = False,
    several: Several = False,
    label_separator: LabelSeparator = ";",
    level: Annotated[
        int | None,
        typer.Option(
            help="Where labels are paths (finance/tax), how many of their parts are "
            "wanted: 1 gives finance."
        ),
    ] = None,
    read: Annotated[
        Literal["all", "adaptive"],
        typer.Option(
            help="Read documents whole; or each only until reading on could hardly "
            "change its label, and tell how much was read."
        ),
    ] = "all",
    verbose: Annotated[
        bool, typer.Option(help="Tell what was learned from the examples, and why.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option(help="Give the passage that decided each label.")
    ] = True,
    explain: Annotated[
        bool,
        typer.Option(
            help="Tell more: the passages for each label and against it, what would "
            "have been second, and why it lost.",
        ),
    ] = False,
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
    from longshot.cli.classify_rows import Giving
    from longshot.cli.label_sets import SetSizes
    from longshot.cli.offers import tell_offers
    from longshot.cli.summary import summary_at_end

    _check(out, confidence, one_label_wanted=truth is not None and several)
    gathered = GatheredReport(report, embedder) if report is not None else None
    true_labels = _true_labels(truth, label_column, id_column, level)
    columns = {"text_column": text_column, "id_column": id_column}
    given = GivenExamples(
        source=examples,
        columns={**columns, "label_column": label_column},
        nested=nested,
        separator=label_separator if several else None,
    )
    giving = Giving(
        out=out,
        format=format or ("table" if on_terminal() else "csv"),
        explain=explain,
        for_report=gathered is not None,
        for_labels=truth is not None,
    )
    with summary_at_end() as summary:
        summary.reads_all = read == "all"
        classifier = _fit(
            LongshotClassifier(
                head=head, names=names, unknown=unknown, read=read, embedder=embedder
            ),
            given,
            labels,
            summary,
        )
        started = time.perf_counter()
        decided = _classify(
            classifier,
            documents,
            columns,
            {"evidence": evidence, "level": level, "confidence": confidence},
            summary,
            gathered,
            pile=pile,
        )
        sizes = SetSizes(confidence)
        predictions = giving.collect(sizes.counting(decided), as_they_come=not pile)
        for line in classifier.explain_fit() if verbose else ():
            say("  {}", line)
        summary.read(seconds=time.perf_counter() - started)
        sizes.tell()
        tell_offers(classifier.new_classes())
        giving.finish(predictions, as_they_came=not pile)
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


def _check(
    out: Path | None, confidence: float | None, *, one_label_wanted: bool
) -> None:
    """Find out before any work whether what is asked for can be done."""
    from longshot.classify.conformal import check_confidence
    from longshot.report.files import check_writable
    from longshot.report.tables import check_table_ending

    if out is not None:
        check_table_ending(out)
        check_writable(out)
    if confidence is not None:
        check_confidence(confidence)
    if one_label_wanted:
        raise SettingError(
            "--truth must hold one label for each document; with --several there may "
            "be more. Leave one of the two out."
        )


def _true_labels(
    truth: Path | None, label_column: str, id_column: str, level: int | None
) -> dict[str, str] | None:
    """Read the true labels, as far down a path as is wanted."""
    from longshot.reading.labelled import read_labels

    if truth is None:
        return None
    found = read_labels(
        truth, label_column=label_column, id_column=id_column, argument="--truth"
    )
    return cut_to_level(found, level)


def _fit(
    classifier: "LongshotClassifier",
    given: "GivenExamples",
    labels: Path | None,
    summary: "Summary",
) -> "LongshotClassifier":
    """Learn from examples, from a file of label names, or from both."""
    from longshot.reading.descriptions import names_labels, read_descriptions

    descriptions = read_descriptions(labels) if labels is not None else None
    if names_labels(given.source) and labels is None:
        descriptions = read_descriptions(given.source, argument="EXAMPLES")
        say("{} by name", counted(len(descriptions), "label"))
        return classifier.fit([], [], descriptions)
    read = given.read(summary)
    classifier.fit(
        [example.document.text for example in read],
        given.labels_of(read),
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
    wanted: dict[str, Any],
    summary: "Summary",
    gathered: "GatheredReport | None",
    *,
    pile: bool,
) -> "Iterator[Prediction]":
    """Read documents and decide about them, counting both."""
    from longshot.cli.progress import count_characters, progress_bar
    from longshot.reading import read_documents

    documents = read_documents(source, on_set_aside=summary.set_aside, **columns)
    if gathered is not None:
        documents = gathered.noting(documents)
    decide = classifier.classify if pile else classifier.classify_stream
    with progress_bar("classifying", count_characters(source, columns)) as on_window:
        decided = decide(
            summary.noting(documents),
            **wanted,
            on_set_aside=summary.set_aside,
            on_window=on_window,
        )
        yield from summary.counting_predictions(decided)
