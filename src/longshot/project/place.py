"""Where a project lies: its folder, its database, and the address that it was given.

A folder holds the SQLite file itself, or a small file that names the PostgreSQL
database. A password is never written down: libpq asks PGPASSWORD or ~/.pgpass for it
(https://www.postgresql.org/docs/15/libpq-pgpass.html).
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from longshot.errors import OutputError, ProjectError

FILE_NAME = "project.sqlite"
ADDRESS_NAME = "project.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a project lies.

    Attributes
    ----------
    folder
        Its folder; None where it was named by its database alone.
    url
        The database's address.
    """

    folder: Path | None
    url: str

    @property
    def name(self) -> str:
        """What to call it in messages."""
        if self.folder is not None:
            return str(self.folder)
        return make_url(self.url).render_as_string(hide_password=True)


def is_project(place: str | Path) -> bool:
    """Tell whether a folder holds a project, or a text is a database's address."""
    if "://" in str(place):
        return True
    folder = Path(place)
    return any((folder / name).is_file() for name in (FILE_NAME, ADDRESS_NAME))


def find(place: str | Path) -> Place:
    """Find a project by its folder, or by its database's address.

    Raises
    ------
    ProjectError
        If there is none.
    """
    if "://" in str(place):
        return Place(folder=None, url=str(place))
    folder = Path(place)
    if (folder / FILE_NAME).is_file():
        return Place(folder=folder, url=_sqlite(folder))
    if (folder / ADDRESS_NAME).is_file():
        return Place(folder=folder, url=_address(folder / ADDRESS_NAME))
    raise ProjectError(
        f"PROJECT must be a folder that longshot init made; {folder} is none. "
        f"Run: longshot init {folder}"
    )


def make(folder: Path, database: str | None) -> Place:
    """Make a project's folder.

    Raises
    ------
    ProjectError
        If it holds a project already, or the address is none.
    OutputError
        If it cannot be made.
    """
    if is_project(folder):
        raise ProjectError(
            f"a new project must have a folder without one; {folder} holds a project. "
            "Add to it, or name another folder."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError("permission denied")
        if database is None:
            return Place(folder=folder, url=_sqlite(folder))
        named = _named(database)
        text = json.dumps({"database": named}, indent=2) + "\n"
        (folder / ADDRESS_NAME).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"a project must lie in a folder that can be written; {folder} cannot "
            f"({error.strerror or error}). Name another."
        ) from error
    return Place(folder=folder, url=database)


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{(folder / FILE_NAME).absolute()}"


def _named(database: str) -> str:
    """Give an address without its password."""
    try:
        url = make_url(database)
        return url._replace(password=None).render_as_string()
    except ArgumentError as error:
        raise ProjectError(
            "--database must be an address such as postgresql+psycopg://host/name; "
            "got something else. Correct it, or leave it out for a file."
        ) from error


def _address(path: Path) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["database"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProjectError(
            f"{path} must name the project's database; it does not. Write, for "
            'instance, {"database": "postgresql+psycopg://host/name"}.'
        ) from error
