"""One run of ``longshot classify`` on this machine, from the files to the results."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from longshot.cli.classify.findings import (
    Findings,
    SetSizes,
    tell_discovered,
    tell_given,
)
from longshot.cli.classify.options import ClassifyOptions
from longshot.cli.classify.rows import Giving
from longshot.cli.input.documents import opened
from longshot.cli.options import ColumnOptions
from longshot.cli.output.comparison import compare
from longshot.cli.output.consoles import say
from longshot.cli.output.progress import (
    count_characters,
    passes_bar,
    progress_bar,
)
from longshot.cli.output.summary import Summary, summary_at_end
from longshot.report.classified.given import GivenLabels

if TYPE_CHECKING:
    from longshot.classify import Classifier
    from longshot.cli.classify.report import GatheredReport
    from longshot.embedder import DocumentEmbedder
    from longshot.records import Document, OnWindow, Prediction


def classify_here(
    examples: str,
    documents: str,
    *,
    asked: ClassifyOptions,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Learn from the examples, decide about the documents, and give the results."""
    report = begun_report(asked.report, embedder)
    true_labels = asked.true_labels(columns)
    with (
        summary_at_end(asked.out) as summary,
        passes_bar(asked.names_model or "") as on_pass,
    ):
        summary.reads_all = asked.read == "all"
        # All is opened before the first text is encoded, which may take minutes.
        training = asked.given(examples, columns, documents).training(
            asked.labels, summary
        )
        asked.check_level(training.all_labels)
        given = GivenLabels(training.given(asked.level))
        pile = given.noting(opened(documents, columns, summary))
        classifier = asked.classifier(embedder)
        classifier.on_pass = on_pass
        classifier = training.fitted(classifier, summary)
        started = time.perf_counter()
        found = Findings(report=classifier.explain_fit())
        n_characters = count_characters(documents, columns.of_documents)
        with progress_bar("classifying", n_characters) as on_window:
            decided = _decided(
                classifier, pile, asked, summary, report, found, on_window
            )
            predictions = _given(decided, found, given, asked, summary, started)
        if report is not None:
            report.write(
                [given.standing(one) for one in predictions],
                discovered=found.discovered,
                classifier=classifier,
                sources=(examples, documents),
                truth=true_labels and given.without_examples(true_labels),
                set_aside=summary.all_set_aside,
            )
        if true_labels is not None:
            compare(predictions, true_labels, given.ids)


def begun_report(
    path: Path | None, embedder: "DocumentEmbedder"
) -> "GatheredReport | None":
    """Begin a report where one is wanted; what draws it is imported for it alone."""
    if path is None:
        return None
    from longshot.cli.classify.report import GatheredReport

    return GatheredReport(path, embedder)


def _decided(
    classifier: "Classifier",
    documents: "Iterator[Document]",
    asked: ClassifyOptions,
    summary: Summary,
    report: "GatheredReport | None",
    found: Findings,
    on_window: "OnWindow",
) -> "Iterator[Prediction]":
    """Decide about documents, counting them as they are read and decided."""
    if report is not None:
        documents = report.noting(documents)
    decide = classifier.classify if asked.pile else classifier.classify_stream
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
    found: Findings,
    given: GivenLabels,
    asked: ClassifyOptions,
    summary: Summary,
    started: float,
) -> "list[Prediction]":
    """Give the predictions, as they come or in the end, and tell what the run did."""
    giving = Giving.of(asked, given)
    sizes = SetSizes(asked.confidence)
    predictions = giving.collect(given.counting(sizes.counting(decided)))
    for line in found.report if asked.verbose else ():
        say("  {}", line)
    summary.read(seconds=time.perf_counter() - started)
    sizes.tell()
    tell_discovered(found.discovered)
    tell_given(given)
    giving.finish(predictions)
    return predictions
