"""What a person asks of ``longshot classify``: its options, and what they ask for."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import typer

from longshot.cli.options import Out
from longshot.cli.options.decisions import (
    Explain,
    KeepFormulas,
    Names,
    NamesModel,
    ShowEvidence,
    Verbose,
)
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.classify import Classifier
    from longshot.cli.input.examples import GivenExamples
    from longshot.cli.options import ColumnOptions
    from longshot.cli.packets.options import SplitOptions
    from longshot.embedder import DocumentEmbedder

Format = Literal["table", "csv", "jsonl"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifyOptions:
    """The options, in the order in which ``--help`` shows them."""

    out: Out = None
    format: Annotated[
        Format | None,
        typer.Option(
            help="How to print the labels. Default: a table on a terminal, csv in a "
            "pipe.",
            show_default=False,
        ),
    ] = None
    keep_formulas: KeepFormulas = False
    truth: Annotated[
        Path | None,
        typer.Option(
            help="A table of ids and true labels: report how many labels are right."
        ),
    ] = None
    labels: Annotated[
        Path | None,
        typer.Option(
            help="What each label means: csv or jsonl with the columns label and "
            "description, or json or yaml with labels and descriptions. A label listed "
            "here needs no examples."
        ),
    ] = None
    corrections: Annotated[
        Path | None,
        typer.Option(
            help=(
                "Results that you corrected, or any table of ids of DOCUMENTS with "
                "their labels. They are examples in addition to EXAMPLES, and stand "
                "as they are in the result."
            )
        ),
    ] = None
    pile: Annotated[
        bool,
        typer.Option(
            help="Judge all documents together (more accurate), or each by itself."
        ),
    ] = True
    names: Names = True
    names_model: NamesModel = None
    unknown: Annotated[
        float | None,
        typer.Option(
            help="Reject documents that fit no label, and offer new classes. The value "
            "is the false-rejection rate: 0.05 wrongly rejects about one in twenty."
        ),
    ] = None
    confidence: Annotated[
        float | None,
        typer.Option(
            help="Give each document a prediction set: labels that include the true "
            "one this often (0.9: nine times in ten).",
            show_default=False,
        ),
    ] = None
    head: Annotated[
        Literal["views", "nearest", "prototype"],
        typer.Option(
            help="How to decide: from several views of each document, by the closest "
            "example as the article does, or by the closest class mean."
        ),
    ] = "views"
    nested: Annotated[
        bool,
        typer.Option(
            help="Read folders within a label's folder as its sub-labels: finance/tax."
        ),
    ] = False
    several: Annotated[
        bool,
        typer.Option(
            help="Allow several labels per document, or none: a list in the label "
            "column, or the same text in several labels' folders."
        ),
    ] = False
    label_separator: Annotated[
        str,
        typer.Option(help="What separates the labels in a cell, with --several."),
    ] = ";"
    level: Annotated[
        int | None,
        typer.Option(
            help="If labels are paths (finance/tax), how many parts to keep: 1 gives "
            "finance."
        ),
    ] = None
    read: Annotated[
        Literal["all", "adaptive"],
        typer.Option(
            help="Read documents whole, or stop reading each once the rest could "
            "hardly change its label."
        ),
    ] = "all"
    sections: Annotated[
        bool,
        typer.Option(
            "--sections",
            help="Label every section of each document: a row for each run of "
            "passages that belong together.",
        ),
    ] = False
    verbose: Verbose = False
    evidence: ShowEvidence = True
    explain: Explain = False
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write an HTML page to review the labels in: documents, deciding "
            "passages, a map, search and filters in one file.",
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
        self.check_values()

    def check_values(self) -> None:
        """Find out whether settings are what they may be, and go together.

        Raises
        ------
        SettingError
            If they are not.
        """
        if self.confidence is not None:
            from longshot.classify import check_confidence

            check_confidence(self.confidence)
        if self.unknown is not None:
            from longshot.classify import check_unknown

            check_unknown(self.unknown)
        if self.truth is not None and self.several:
            raise SettingError(
                "--truth must hold one label per document; with --several a document "
                "may have more. Leave out one of the two."
            )
        if self.sections:
            self._check_sections()

    def _check_sections(self) -> None:
        """Find out whether sections can be decided about as is asked."""
        asked = {
            "--several": self.several,
            "--truth": self.truth is not None,
            "--confidence": self.confidence is not None,
            "--level": self.level is not None,
            "--read": self.read != "all",
            "--head": self.head != "views",
            "--no-pile": not self.pile,
            "--names-model": self.names_model is not None,
        }
        if others := [name for name, is_asked in asked.items() if is_asked]:
            raise SettingError(
                f"--sections must stand without {', '.join(asked)}; got "
                f"{', '.join(others)}. Leave out one of the two."
            )

    @property
    def of_sections(self) -> "SplitOptions":
        """What is asked of each section, where documents are labelled by sections."""
        from longshot.cli.packets.options import SplitOptions

        return SplitOptions(
            labels=self.labels,
            out=self.out,
            format=self.format,
            keep_formulas=self.keep_formulas,
            report=self.report,
            by="passage",
            unknown=self.unknown,
            names=self.names,
            evidence=self.evidence,
            explain=self.explain,
            verbose=self.verbose,
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
        from longshot.reading.sources.labelled import read_labels

        if self.truth is None:
            return None
        found = read_labels(
            self.truth,
            label_column=columns.label_column,
            id_column=columns.id_column,
            argument="--truth",
        )
        return {id_: cut_to_level(label, self.level) for id_, label in found.items()}

    def classifier(self, embedder: "DocumentEmbedder") -> "Classifier":
        """Give a classifier that has learned nothing yet."""
        from longshot.classify import Classifier

        return Classifier(
            head=self.head,
            names=self.names,
            names_model=self.names_model,
            unknown=self.unknown,
            read=self.read,
            verbose=False,
            embedder=embedder,
        )

    def given(
        self, source: str, columns: "ColumnOptions", documents: str | None
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
