"""What a person asks of ``longshot split``: its options."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from longshot.cli.options import Out
from longshot.cli.options.decisions import (
    Explain,
    KeepFormulas,
    Names,
    ShowEvidence,
    Verbose,
)
from longshot.cli.output.consoles import on_terminal


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitOptions:
    """The options, in the order in which ``--help`` shows them."""

    labels: Annotated[
        Path | None,
        typer.Option(
            help="The labels, and what each means: yaml, json, csv, jsonl or txt. "
            "Enough without EXAMPLES.",
            show_default=False,
        ),
    ] = None
    corrections: Annotated[
        Path | None,
        typer.Option(
            help="Sections that you corrected, in the table that --out wrote, or any "
            "table of sections with their labels. They are examples in addition to "
            "EXAMPLES, and their labels stand as they are in the result.",
            show_default=False,
        ),
    ] = None
    out: Out = None
    format: Annotated[
        Literal["table", "csv", "jsonl"] | None,
        typer.Option(
            help="How to print the sections. Default: a table on a terminal, csv in a "
            "pipe.",
            show_default=False,
        ),
    ] = None
    keep_formulas: KeepFormulas = False
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write an HTML page to review the sections in, with a strip of pages "
            "for each file.",
        ),
    ] = None
    pdfs: Annotated[
        Path | None,
        typer.Option(
            help="Write each section of a PDF as a PDF of its own to this folder.",
            show_default=False,
        ),
    ] = None
    by: Annotated[
        Literal["page", "passage"],
        typer.Option(
            help="Where a document may begin: with a page, where a file has pages, or "
            "with any passage."
        ),
    ] = "page"
    unknown: Annotated[
        float | None,
        typer.Option(
            help="Reject sections that fit no label. The value is the false-rejection "
            "rate: 0.05 wrongly rejects about one in twenty."
        ),
    ] = None
    names: Names = True
    evidence: ShowEvidence = True
    explain: Explain = False
    verbose: Verbose = False

    def check(self, examples: str, documents: str) -> None:
        """Find out before any work whether what is asked for can be done.

        Raises
        ------
        SettingError, OutputError, MissingExtraError
            If it cannot be.
        """
        from longshot.classify import check_unknown
        from longshot.cli.input.places import check_apart
        from longshot.report.packets import check_parts_place
        from longshot.report.tables import check_table_place

        check_apart(
            {"--out": self.out, "--report": self.report},
            {
                "EXAMPLES": examples,
                "DOCUMENTS": documents,
                "--labels": self.labels,
                "--corrections": self.corrections,
            },
        )
        if self.out is not None:
            check_table_place(self.out)
        if self.pdfs is not None:
            check_parts_place(self.pdfs)
        check_unknown(self.unknown)

    @property
    def prints_table(self) -> bool:
        """Whether the sections are printed for people."""
        default = "table" if on_terminal() else "csv"
        return self.out is None and (self.format or default) == "table"
