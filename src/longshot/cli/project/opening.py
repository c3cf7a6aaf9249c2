"""What all commands of a project share: which one, and who speaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.output.consoles import counted, say
from longshot.errors import MissingExtraError, SettingError
from longshot.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from longshot.embedder import DocumentEmbedder
    from longshot.project import Decisions, Project

ProjectPlace = Annotated[
    str,
    typer.Argument(
        metavar="PROJECT",
        help="A folder that longshot init made, or the address of its database.",
        show_default=False,
    ),
]
Ids = Annotated[
    list[str],
    typer.Argument(
        metavar="ID...",
        help="Ids of documents, as longshot status and exports name them.",
        show_default=False,
    ),
]
Who = Annotated[
    str | None,
    typer.Option(help="Whose name stands in the log; yours on this system by default."),
]
Why = Annotated[str, typer.Option(help="The reason, for people.")]


def is_project_folder(place: Path) -> bool:
    """Tell whether a folder holds a project, whatever is installed."""
    return any((place / name).is_file() for name in ("project.sqlite", "project.json"))


def check_installed() -> None:
    """Find out whether what keeps projects is installed.

    Raises
    ------
    MissingExtraError
        If it is not.
    """
    for library in ("sqlalchemy", "alembic"):
        if find_spec(library) is None:
            raise MissingExtraError.naming(library, extra="project")


@contextmanager
def opened(place: str, who: str | None = None) -> "Iterator[Project]":
    """Open a project, and close it in the end.

    Raises
    ------
    ProjectError
        If there is none.
    """
    check_installed()
    from longshot.project import Project

    with Project.open(place, who=who) as project:
        if project.migrated_copy is not None:
            say(
                "the project was of an older version and is now of this one; its copy "
                "is {}",
                project.migrated_copy,
            )
        yield project


def check_settled(
    place: str, settled: "Mapping[str, bool]", embedder: "DocumentEmbedder"
) -> None:
    """Check that a place alone is a project, and that nothing it settles was given.

    Parameters
    ----------
    place
        What stands where a project may stand alone.
    settled
        Options that a project settles itself, and whether each was given.
    embedder
        What the options of the recipe ask for.

    Raises
    ------
    SettingError
        If it is no project, or one was given.
    """
    check_installed()
    from longshot.project import is_project

    if not is_project(place):
        raise SettingError(
            f"DOCUMENTS must be named unless EXAMPLES is a project; {place} is none. "
            f"Name what to label, or run: longshot init {place}"
        )
    for name, is_given in settled.items():
        if is_given:
            raise SettingError(
                f"--{name} must be left out where EXAMPLES is a project: it keeps its "
                "settings. Set them with longshot init."
            )
    recipe = embedder.get_params()
    del recipe["engine"]
    if Recipe(**recipe) != Recipe():
        raise SettingError(
            "options of the recipe must be left out where EXAMPLES is a project: it "
            "keeps its own. Set the model with longshot init --model."
        )


def tell_decisions(found: "Decisions") -> None:
    """Say what deciding did."""
    if found.state is None:
        say("nothing was decided: {}", found.report[0])
        return
    say(
        "{} decided from {}; {} have another label than before",
        counted(found.n_documents, "document"),
        counted(found.n_examples, "example"),
        f"{found.n_relabelled:,}",
    )
