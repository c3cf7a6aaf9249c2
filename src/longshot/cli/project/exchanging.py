"""``longshot export`` and ``longshot import``."""

from pathlib import Path
from typing import Annotated

import typer

from longshot.cli.options.files import IdColumn, LabelColumn, TextColumn
from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes
from longshot.cli.project.opening import ProjectPlace, Who, opened
from longshot.records.forms import ExchangeForm


@telling_mistakes
def export(
    place: ProjectPlace,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Where to.", show_default=False)
    ],
    *,
    form: Annotated[
        ExchangeForm | None,
        typer.Option(
            help="What to write; the ending of PATH tells a table (csv, tsv, jsonl, "
            "parquet) or the report (html). folders copies the files, one folder per "
            "label; the others are the forms of those tools."
        ),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence",
            help="Tell in a table the passage that decided, too. Every text is looked "
            "at again for it.",
        ),
    ] = False,
) -> None:
    """Write a project's documents, labels and decisions to PATH.

    Example: longshot export invoices/ sorted/ --form folders
    """
    with opened(place) as project:
        n_documents = project.export(path, form, evidence=evidence)
        if project.status().is_stale:
            say(
                "[yellow]note:[/] labels or documents have changed since the last "
                "decision; run: longshot classify {}",
                place,
            )
        say("{} are in {}", counted(n_documents, "document"), path)


@telling_mistakes
def import_(
    place: ProjectPlace,
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="A table, a folder with one sub-folder per label, or an export of "
            "another tool.",
            show_default=False,
        ),
    ],
    *,
    form: Annotated[
        ExchangeForm | None,
        typer.Option(help="What PATH is, where its ending does not tell."),
    ] = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    id_column: IdColumn = "id",
    who: Who = None,
) -> None:
    """Add labelled documents to a project, or labels to those that it holds.

    Example: longshot import invoices/ labelled/
    """
    from longshot.cli.output.summary import summary_at_end

    names = {
        "text_column": text_column,
        "label_column": label_column,
        "id_column": id_column,
    }
    with opened(place, who) as project, summary_at_end() as summary:
        found = project.import_(path, form, on_set_aside=summary.set_aside, **names)
        say(
            "{} added, {} there already; {} with a label",
            counted(found.n_added, "document"),
            f"{found.n_known:,}",
            f"{found.n_labelled:,}",
        )
