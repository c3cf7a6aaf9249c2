"""``longshot status`` and ``longshot history``."""

from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.output.consoles import counted, put, say
from longshot.cli.output.failures import telling_mistakes
from longshot.cli.project.opening import ProjectPlace, opened
from longshot.cli.project.wording import told

if TYPE_CHECKING:
    from longshot.project import Status


@telling_mistakes
def status(place: ProjectPlace) -> None:
    """Show what a project holds, and what there is to do.

    Example: longshot status invoices/
    """
    from longshot.cli.output.table import print_table

    with opened(place) as project:
        found = project.status()
        _head(found)
        rows = [
            [
                one.label or "none of these",
                f"{one.n_given:,}",
                f"{one.n_decided:,}",
            ]
            for one in found.counts
        ]
        if rows:
            print_table(["label", "labelled", "decided"], rows, numbers={1, 2})
        _hints(found, place)


@telling_mistakes
def history(
    place: ProjectPlace,
    *,
    n: Annotated[
        int, typer.Option("--n", "-n", min=1, help="How many entries to show.")
    ] = 20,
    before: Annotated[
        int | None, typer.Option(help="Show those before this number.")
    ] = None,
) -> None:
    """Show what was done in a project, by whom and when; the latest first.

    Example: longshot history invoices/ -n 50
    """
    with opened(place) as project:
        for one in project.history(n, before):
            undone = "  (taken back)" if one.is_undone else ""
            put(f"{one.at[:19].replace('T', ' ')}  {one.who}  {told(one)}{undone}\n")


def _head(found: "Status") -> None:
    put(
        f"{found.name}: {counted(found.n_documents, 'document')}, "
        f"{found.n_labelled:,} labelled, {found.n_open:,} open, "
        f"{found.n_skipped:,} put off\n"
    )
    if found.people:
        people = ", ".join(f"{who} {n:,}" for who, n in found.people)
        put(f"labelled by {people}\n")


def _hints(found: "Status", place: str) -> None:
    """Say what there is to do, on the way of people and not of programs."""
    if found.n_set_aside:
        say(
            "{} could not be added; add their files again once they are mended",
            counted(found.n_set_aside, "document"),
        )
    if found.n_unreadable:
        say("{} can be read by no model", counted(found.n_unreadable, "document"))
    if not found.n_documents:
        say("next: longshot add {} DOCUMENTS", place)
    elif found.is_stale:
        say("labels or documents have changed since; run: longshot classify {}", place)
