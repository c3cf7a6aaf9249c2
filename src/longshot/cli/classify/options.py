"""What a person asks of ``longshot classify``: its options, and what they ask for."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import typer

from longshot.cli.options import Out
from longshot.cli.output.consoles import on_terminal
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.classify import LongshotClassifier
    from longshot.cli.classify.rows import Giving
    from longshot.cli.input.examples import GivenExamples
    from longshot.cli.options import ColumnOptions
    from longshot.embedder import DocumentEmbedder

Format = Literal["table", "csv", "jsonl"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifyOptions:
    """The options, in the order in which ``--help`` shows them."""

    out: Out = None
    format: Annotated[
        Format | None,
        typer.Option(
            help="How to print the labels: a table on a terminal and csv in a pipe, "
            "unless said otherwise.",
            show_default=False,
        ),
    ] = None
    keep_formulas: Annotated[
        bool,
        typer.Option(
            "--keep-formulas",
            help="Write ids, labels and passages that begin with = + - or @ as they "
            "are; in csv and tsv they otherwise get an apostrophe, so that a "
            "spreadsheet shows them and does not compute them.",
        ),
    ] = False
    truth: Annotated[
        Path | None,
        typer.Option(
            help="A table with the true labels, by id: tells how many came out right."
        ),
    ] = None
    labels: Annotated[
        Path | None,
        typer.Option(
            help="The labels and what each means: csv or jsonl with the columns label "
            "and description, or a json or yaml file of labels and descriptions. "
            "Labels without examples are decided by name."
        ),
    ] = None
    corrections: Annotated[
        Path | None,
        typer.Option(
            help="Results that you corrected, or another table of ids of DOCUMENTS and "
            "their labels: examples beside EXAMPLES."
        ),
    ] = None
    pile: Annotated[
        bool,
        typer.Option(help="Judge all documents together, or each by itself."),
    ] = True
    names: Annotated[bool, typer.Option(help="Read the labels' names as evidence.")] = (
        True
    )
    unknown: Annotated[
        float | None,
        typer.Option(
            help="Tell documents of none of the labels apart, and be ready to lose "
            "this share of the others: 0.05 loses one in twenty."
        ),
    ] = None
    confidence: Annotated[
        float | None,
        typer.Option(
            help="Give each document the set of labels that holds the true one so "
            "often: 0.9 for nine in ten.",
            show_default=False,
        ),
    ] = None
    head: Annotated[
        Literal["views", "nearest", "prototype"],
        typer.Option(
            help="By several views of each document; or, as the article does, by the "
            "closest example, or the closest class mean."
        ),
    ] = "views"
    nested: Annotated[
        bool,
        typer.Option(
            help="Take folders within a label's folder as labels below it: finance/tax."
        ),
    ] = False
    several: Annotated[
        bool,
        typer.Option(
            help="Documents may have several labels, or none: a list in the column of "
            "labels, or a text in several labels' folders."
        ),
    ] = False
    label_separator: Annotated[
        str,
        typer.Option(help="What stands between the labels of a cell, with --several."),
    ] = ";"
    level: Annotated[
        int | None,
        typer.Option(
            help="Where labels are paths (finance/tax), how many of their parts are "
            "wanted: 1 gives finance."
        ),
    ] = None
    read: Annotated[
        Literal["all", "adaptive"],
        typer.Option(
            help="Read documents whole; or each only until reading on could hardly "
            "change its label, and tell how much was read."
        ),
    ] = "all"
    verbose: Annotated[
        bool, typer.Option(help="Tell what was learned from the examples, and why.")
    ] = False
    evidence: Annotated[
        bool, typer.Option(help="Give the passage that decided each label.")
    ] = True
    explain: Annotated[
        bool,
        typer.Option(
            help="Tell more: the passages for each label and against it, what would "
            "have been second, and why it lost.",
        ),
    ] = False
    report: Annotated[
        Path | None,
        typer.Option(
            help="An HTML page to write: all documents with their passages, a map, "
            "search and filters in one file.",
        ),
    ] = None

    def check(self, examples: str, documents: str) -> None:
        """Find out before any work whether what is asked for can be done.

        Parameters
        ----------
        examples, documents
            What is read beside the files that options name.

        Raises
        ------
        SettingError
            If it cannot be, options contradict each other, or a result would overwrite
            what is read.
        OutputError
            If there is no place for the table.
        """
        from longshot.classify import check_confidence
        from longshot.cli.input.places import check_apart
        from longshot.report.tables import check_table_place

        check_apart(
            {"--out": self.out, "--report": self.report},
            {
                "EXAMPLES": examples,
                "DOCUMENTS": documents,
                "--truth": self.truth,
                "--labels": self.labels,
                "--corrections": self.corrections,
            },
        )
        if self.out is not None:
            check_table_place(self.out)
        if self.confidence is not None:
            check_confidence(self.confidence)
        if self.truth is not None and self.several:
            raise SettingError(
                "--truth must hold one label for each document; with --several there "
                "may be more. Leave one of the two out."
            )

    def check_level(self, labels: list[str]) -> None:
        """Find out before any work whether labels have the level that is asked for.

        Raises
        ------
        SettingError
            If they have not.
        """
        from longshot.classify.labels.tree import WantedClasses

        wanted = WantedClasses(
            labels=np.array(labels), level=self.level, one_each=not self.several
        )
        _ = wanted.classes

    def true_labels(self, columns: "ColumnOptions") -> dict[str, str] | None:
        """Read the true labels, as far down a path as is wanted; None without a table.

        Raises
        ------
        ReadingError
            If the table cannot be read.
        """
        from longshot.cli.input.examples import cut_to_level
        from longshot.reading.labelled import read_labels

        if self.truth is None:
            return None
        found = read_labels(
            self.truth,
            label_column=columns.label_column,
            id_column=columns.id_column,
            argument="--truth",
        )
        return cut_to_level(found, self.level)

    def classifier(self, embedder: "DocumentEmbedder") -> "LongshotClassifier":
        """Give a classifier that has learned nothing yet."""
        from longshot.classify import LongshotClassifier

        return LongshotClassifier(
            head=self.head,
            names=self.names,
            unknown=self.unknown,
            read=self.read,
            verbose=False,
            embedder=embedder,
        )

    def given(
        self, source: str, columns: "ColumnOptions", documents: str
    ) -> "GivenExamples":
        """Tell how the examples are to be read; some tables refer to the documents."""
        from longshot.cli.input.examples import GivenExamples

        return GivenExamples(
            source=source,
            columns=columns.of_examples,
            nested=self.nested,
            separator=self.label_separator if self.several else None,
            documents=documents,
            corrections=self.corrections,
        )

    @property
    def wanted(self) -> dict[str, Any]:
        """What is asked of each decision, as the classifier takes it."""
        return {
            "evidence": self.evidence,
            "level": self.level,
            "confidence": self.confidence,
        }

    @property
    def giving(self) -> "Giving":
        """How the predictions are given."""
        from longshot.cli.classify.rows import Giving

        return Giving(
            out=self.out,
            format=self.format or ("table" if on_terminal() else "csv"),
            explain=self.explain,
            keep_formulas=self.keep_formulas,
            as_they_come=not self.pile,
            for_report=self.report is not None,
            for_labels=self.truth is not None,
        )
