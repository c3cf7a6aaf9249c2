"""``longshot classify``: a few labelled documents and a pile in, labels out."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from longshot.cli.classify.options import ClassifyOptions
from longshot.cli.options import (
    ColumnOptions,
    Documents,
    Examples,
    with_embedder,
    with_options,
)
from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes

if TYPE_CHECKING:
    from pathlib import Path

    from longshot.classify import LongshotClassifier
    from longshot.cli.classify.findings import Findings
    from longshot.cli.classify.report import GatheredReport
    from longshot.cli.input.examples import GivenExamples
    from longshot.cli.output.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Prediction


@telling_mistakes
@with_embedder
@with_options
def classify(
    examples: Examples,
    documents: Documents,
    *,
    asked: ClassifyOptions,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Label DOCUMENTS by their likeness to a few labelled EXAMPLES.

    EXAMPLES may also be a file of label names alone (yaml, json, txt), or a table of
    ids of DOCUMENTS and their labels: results that you corrected go straight back in.

    Example: longshot classify labelled/ pile/ --out labels.csv
    """
    from longshot.cli.classify.findings import Findings
    from longshot.cli.classify.report import gathered_report
    from longshot.cli.output.summary import summary_at_end

    asked.check()
    report = gathered_report(asked.report, embedder)
    true_labels = asked.true_labels(columns)
    with summary_at_end() as summary:
        summary.reads_all = asked.read == "all"
        classifier = asked.classifier(embedder)
        _fit(classifier, asked.given(examples, columns, documents), asked.labels, summary)
        started = time.perf_counter()
        found = Findings(report=classifier.explain_fit())
        decided = _decided(
            classifier, documents, asked, columns, summary, report, found
        )
        predictions = _given(decided, found, asked, summary, started)
        if report is not None:
            report.write(
                predictions,
                discovered=found.discovered,
                classifier=classifier,
                sources=(examples, documents),
                truth=true_labels,
                set_aside=summary.all_set_aside,
            )
        if true_labels is not None:
            summary.compare(predictions, true_labels)


def _fit(
    classifier: "LongshotClassifier",
    given: "GivenExamples",
    labels: "Path | None",
    summary: "Summary",
) -> None:
    """Learn from examples, from a file of label names, or from both."""
    from longshot.reading.descriptions import names_labels, read_descriptions

    descriptions = read_descriptions(labels) if labels is not None else None
    if names_labels(given.source) and labels is None:
        descriptions = read_descriptions(given.source, argument="EXAMPLES")
        say("{} by name", counted(len(descriptions), "label"))
        classifier.fit([], [], descriptions)
        return
    read = given.read(summary)
    classifier.fit(
        [example.document.text for example in read],
        given.labels_of(read),
        descriptions,
        ids=[example.document.id for example in read],
    )
    for example in classifier.support_.examples:
        assert example.vectors is not None
        summary.note_reading(example.vectors, what="example")


def _decided(
    classifier: "LongshotClassifier",
    source: str,
    asked: ClassifyOptions,
    columns: ColumnOptions,
    summary: "Summary",
    report: "GatheredReport | None",
    found: "Findings",
) -> "Iterator[Prediction]":
    """Read documents and decide about them, counting both."""
    from longshot.cli.output.progress import count_characters, progress_bar
    from longshot.reading import read_documents

    n_characters = count_characters(source, columns.of_documents)
    documents = read_documents(
        source, on_set_aside=summary.set_aside, **columns.of_documents
    )
    if report is not None:
        documents = report.noting(documents)
    decide = classifier.classify if asked.pile else classifier.classify_stream
    with progress_bar("classifying", n_characters) as on_window:
        decided = decide(
            summary.noting(documents),
            **asked.wanted,
            on_set_aside=summary.set_aside,
            on_window=on_window,
            on_vectors=report.keep if report is not None else None,
        )
        found.note(decided)
        yield from summary.counting_predictions(decided)


def _given(
    decided: "Iterator[Prediction]",
    found: "Findings",
    asked: ClassifyOptions,
    summary: "Summary",
    started: float,
) -> "list[Prediction]":
    """Give the predictions, as they come or in the end, and tell what the run did."""
    from longshot.cli.classify.findings import SetSizes, tell_discovered

    giving = asked.giving
    sizes = SetSizes(asked.confidence)
    predictions = giving.collect(sizes.counting(decided))
    for line in found.report if asked.verbose else ():
        say("  {}", line)
    summary.read(seconds=time.perf_counter() - started)
    sizes.tell()
    tell_discovered(found.discovered)
    giving.finish(predictions)
    return predictions
