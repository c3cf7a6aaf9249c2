"""Takes files apart as the options say, and gives the sections."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from longshot.cli.output.consoles import counted, put, say
from longshot.cli.packets.options import SplitOptions

if TYPE_CHECKING:
    from longshot.classify import Classifier
    from longshot.cli.input.examples import GivenExamples, TrainingSet
    from longshot.cli.options import ColumnOptions
    from longshot.cli.output.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.packets import Packets
    from longshot.records import Packet
    from longshot.report.classified.given import GivenLabels

_N_COLUMNS = 7


def take_apart(
    given: "GivenExamples",
    documents: str,
    *,
    labels: Path | None,
    asked: SplitOptions,
    columns: "ColumnOptions",
    embedder: "DocumentEmbedder",
) -> None:
    """Learn, take DOCUMENTS apart, and give the sections.

    Parameters
    ----------
    given, labels
        What is known of the labels.
    documents
        What is taken apart.
    asked, columns, embedder
        As the person said.
    """
    from longshot.cli.classify.findings import tell_given
    from longshot.cli.classify.run import begun_report
    from longshot.cli.input.documents import check_sources, opened
    from longshot.cli.output.progress import count_characters, progress_bar
    from longshot.cli.output.summary import summary_at_end
    from longshot.packets import split
    from longshot.report.classified.given import GivenLabels

    asked.check(given.source, documents)
    check_sources(given.source, documents)
    embedder.load_ahead()
    report = begun_report(asked.report, embedder)
    with summary_at_end(asked.out) as summary:
        training = given.training(labels, summary)
        pile = opened(documents, columns, summary)
        classifier = _fitted(training, asked, embedder, summary)
        started = time.perf_counter()
        n_characters = count_characters(documents, columns.of_documents)
        with progress_bar("splitting", n_characters) as on_window:
            found = split(
                summary.noting(pile),
                classifier,
                by=asked.by,
                evidence=asked.evidence,
                on_set_aside=summary.set_aside,
                on_window=on_window,
            )
        given_labels = GivenLabels(training.given(None))
        list(given_labels.noting(one.document for one in found.sections))
        decided = (one.prediction for one in found.sections)
        list(summary.counting_predictions(given_labels.counting(decided)))
        for line in found.report if asked.verbose else ():
            say("  {}", line)
        seconds = time.perf_counter() - started
        summary.read(seconds=seconds, what="section")
        say(
            "{} in {}",
            counted(len(found.sections), "section"),
            counted(len(found), "file"),
        )
        tell_given(given_labels)
        _give_rows(found, asked, given_labels)
        found = _standing(found, given_labels)
        if asked.prints_table:
            _print(found.packets, asked)
        _write_parts(found.packets, asked.pdfs)
        if report is not None:
            report.write_packets(
                found,
                classifier=classifier,
                sources=(given.source, documents),
                set_aside=summary.all_set_aside,
            )


def _fitted(
    training: "TrainingSet",
    asked: SplitOptions,
    embedder: "DocumentEmbedder",
    summary: "Summary",
) -> "Classifier":
    from longshot.classify import Classifier

    classifier = Classifier(
        names=asked.names, unknown=asked.unknown, verbose=False, embedder=embedder
    )
    return training.fitted(classifier, summary)


def _standing(found: "Packets", given: "GivenLabels") -> "Packets":
    """Put what a person said about sections in the place of what was decided."""
    packets = tuple(
        replace(
            packet,
            sections=tuple(
                replace(one, prediction=given.standing(one.prediction))
                for one in packet
            ),
        )
        for packet in found
    )
    return replace(found, packets=packets)


def _give_rows(found: "Packets", asked: SplitOptions, given: "GivenLabels") -> None:
    """Write the sections to a file, or print them as rows, unless a table is asked."""
    from longshot.report.packets import section_row
    from longshot.report.tables import as_csv, as_jsonl, write_table

    rows = [
        given.marked(
            section_row(packet, section, explain=asked.explain), section.prediction
        )
        for packet in found
        for section in packet
    ]
    if asked.out is not None:
        write_table(asked.out, rows, keep_formulas=asked.keep_formulas)
        say("the sections are in {}", asked.out)
    elif asked.format == "jsonl":
        put(as_jsonl(rows), encoding="utf-8")
    elif not asked.prints_table:
        put(as_csv(rows, keep_formulas=asked.keep_formulas), encoding="utf-8")


def _print(packets: "Sequence[Packet]", asked: SplitOptions) -> None:
    """Print one line per section, and with ``--explain`` a paragraph for each."""
    from longshot.cli.classify.printing import deciding_passage, print_explanations
    from longshot.cli.output.table import print_table
    from longshot.report.packets.strip import place_of
    from longshot.report.pages.wording import percent

    rows = [
        [
            packet.document.id,
            f"{one.number:,}",
            place_of(one),
            one.label or "none of these",
            percent(one.confidence),
            percent(one.boundary_confidence) if one.number > 1 else "",
            deciding_passage(one.prediction),
        ]
        for packet in packets
        for one in packet
    ]
    header = ["file", "section", "where", "label", "sure", "boundary"]
    header.append("the passage that decided")
    print_table(header, rows, numbers={1, 4, 5}, passages={_N_COLUMNS - 1})
    if asked.explain:
        print_explanations([one.prediction for packet in packets for one in packet])


def _write_parts(packets: "Sequence[Packet]", folder: Path | None) -> None:
    """Write the parts of each PDF, and tell which files are none."""
    from longshot.report.packets import write_parts

    if folder is None:
        return
    n_parts, others = 0, []
    for packet in packets:
        paths = write_parts(packet, folder)
        n_parts += len(paths)
        if not paths:
            others.append(packet.document.id)
    say("{} are in {}", counted(n_parts, "part"), folder)
    for name in others:
        say("  {}: no PDF with pages, so that no part of it was written", name)
