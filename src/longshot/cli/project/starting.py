"""``longshot init`` and ``longshot add``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.options import ColumnOptions, Documents, with_options
from longshot.cli.options.files import IdColumn, TextColumn
from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes
from longshot.cli.project.opening import (
    ProjectPlace,
    Who,
    check_installed,
    opened,
)
from longshot.recipe import PrecisionSetting

if TYPE_CHECKING:
    from longshot.project import Project
    from longshot.records import Document, OnSetAside, SetAside


@telling_mistakes
def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="The project's folder.", show_default=False
        ),
    ],
    *,
    model: Annotated[
        str,
        typer.Option(
            help="What reads the documents: minilm, mpnet, a model's folder, or its id "
            "on the Hugging Face hub."
        ),
    ] = "minilm",
    precision: Annotated[
        PrecisionSetting,
        typer.Option(
            help="Precision of the model's arithmetic; auto measures once and takes "
            "the fastest that keeps the vectors."
        ),
    ] = "float32",
    unknown: Annotated[
        float | None,
        typer.Option(
            help="Reject documents that fit no label, and lose at most this share of "
            "those that do; 0.05, say."
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="The labels and what they mean: yaml, json, txt, or a table with the "
            "columns label and description."
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            help="Keep the project in PostgreSQL, for a team: "
            "postgresql+psycopg://user@host/name. The password is not kept: it comes "
            "from PGPASSWORD or ~/.pgpass."
        ),
    ] = None,
    who: Who = None,
) -> None:
    """Make a project: a folder in which documents, labels and decisions stay.

    Example: longshot init invoices/ --labels labels.yaml
    """
    check_installed()
    from longshot.project import Project, read_labels_file

    named = [] if labels is None else read_labels_file(labels)
    with Project.create(
        folder,
        model=model,
        precision=precision,
        unknown=unknown,
        database=database,
        who=who,
    ) as project:
        if named:
            project.set_labels(named)
        say("the project is in {}", folder)
        if named:
            say("  {} named", counted(len(named), "label"))
        say("  next: longshot add {} DOCUMENTS", folder)


@telling_mistakes
@with_options
def add(
    place: ProjectPlace,
    documents: Documents,
    *,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
    read: Annotated[
        bool,
        typer.Option(
            help="Let the model read them now, so that labels take effect at once."
        ),
    ] = True,
    who: Who = None,
) -> None:
    """Add DOCUMENTS to a project; those that it holds already are left alone.

    If it is stopped, start it again: it goes on where it was.

    Example: longshot add invoices/ scans/
    """
    from longshot.cli.input.documents import check_sources
    from longshot.cli.output.summary import summary_at_end

    check_sources(None, documents)
    columns = ColumnOptions(text_column=text_column, id_column=id_column)
    with opened(place, who) as project, summary_at_end() as summary:
        from longshot.project.adding import found_in

        found = found_in(documents, **columns.of_documents)
        added = project.add(_told(found), on_set_aside=summary.set_aside)
        say(
            "{} added, {} there already, {} set aside",
            counted(added.n_added, "document"),
            f"{added.n_known:,}",
            f"{added.n_set_aside:,}",
        )
        if read:
            read_all(project, summary.set_aside)


def read_all(project: "Project", on_set_aside: "OnSetAside") -> None:
    """Let the model read what it has not read yet, with a bar."""
    from longshot.cli.output.progress import progress_bar

    n_documents = project.n_to_encode()
    if not n_documents:
        return
    n_characters = project.n_characters_to_encode()
    what = f"reading {counted(n_documents, 'document')}"
    with progress_bar(what, n_characters) as on_window:
        project.encode(on_set_aside=on_set_aside, on_window=on_window)


def _told(found: "Iterator[Document | SetAside]") -> "Iterator[Document | SetAside]":
    """Tell what reading had to guess about each document."""
    for one in found:
        for note in getattr(one, "notes", ()):
            say("{}: {}", one.source or one.id, note)
        yield one
