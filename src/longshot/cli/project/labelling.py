"""``longshot label``, ``forget``, ``skip``, ``ignore`` and ``undo``."""

from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.output.consoles import counted, put, say
from longshot.cli.output.failures import telling_mistakes
from longshot.cli.project.opening import Ids, ProjectPlace, Who, Why, opened
from longshot.cli.project.wording import told
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.project import Entry


@telling_mistakes
def label(
    place: ProjectPlace,
    ids: Ids,
    *,
    given: Annotated[
        str | None, typer.Option("--as", metavar="LABEL", help="What they are.")
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help="Say that no label fits them.")
    ] = False,
    why: Why = "",
    who: Who = None,
) -> None:
    """Give documents of a project a label.

    Example: longshot label invoices/ scan-7.pdf scan-9.pdf --as reminder
    """
    if (given is None) != none:
        raise SettingError(
            "exactly one of --as LABEL and --none must be given; got "
            f"{'both' if none else 'neither'}. Say what the documents are."
        )
    with opened(place, who) as project:
        _say(project.label(ids, given, why=why))


@telling_mistakes
def forget(place: ProjectPlace, ids: Ids, *, why: Why = "", who: Who = None) -> None:
    """Take documents out of the examples; they stay in the project.

    Example: longshot forget invoices/ scan-7.pdf --why "a bad copy"
    """
    with opened(place, who) as project:
        _say(project.forget(ids, why=why))


@telling_mistakes
def skip(
    place: ProjectPlace,
    ids: Ids,
    *,
    note: Annotated[str, typer.Option(help="A note, for people.")] = "",
    who: Who = None,
) -> None:
    """Put documents off: they are suggested no more until they get a label.

    Example: longshot skip invoices/ scan-8.pdf --note "ask Ada"
    """
    with opened(place, who) as project:
        _say(project.skip(ids, note=note))


@telling_mistakes
def ignore(
    place: ProjectPlace,
    document: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A document in which the passage stands.",
            show_default=False,
        ),
    ],
    passage: Annotated[
        str,
        typer.Argument(
            metavar="PASSAGE",
            help="Its words; white space may differ.",
            show_default=False,
        ),
    ],
    *,
    who: Who = None,
) -> None:
    """Ignore a passage in every document: a letterhead, a disclaimer.

    Documents that hold it are read anew without it, before the next decisions.

    Example: longshot ignore invoices/ scan-7.pdf "Printed on recycled paper."
    """
    with opened(place, who) as project:
        _say(project.ignore(document, passage))


@telling_mistakes
def undo(
    place: ProjectPlace,
    *,
    n: Annotated[
        int, typer.Option("--n", "-n", min=1, help="How many steps to go back.")
    ] = 1,
    who: Who = None,
) -> None:
    """Take back the latest thing that you did, as often as you like.

    It is one more entry of the log: longshot history shows both.

    Example: longshot undo invoices/
    """
    with opened(place, who) as project:
        for _ in range(n):
            entry = project.undo()
            if entry is None:
                say("nothing is left to take back for {}", project.who)
                return
            _say(entry)
            if entry.undoes is not None:
                (undone,) = project.history(1, before=entry.undoes + 1)
                say("  that was {}", told(undone))


def _say(entry: "Entry") -> None:
    put(f"{told(entry)}\n")
    if entry.n_documents > len(entry.document_ids):
        say("  {} in all", counted(entry.n_documents, "document"))
