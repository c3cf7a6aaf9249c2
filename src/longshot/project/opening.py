"""Making a project, and opening one: its place, its database, what it was made with."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from longshot.errors import ProjectError
from longshot.project.database import Database, migrate
from longshot.project.database.schema import settings as table
from longshot.project.log import now
from longshot.project.place import Place, find, make
from longshot.recipe import Recipe


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectSettings:
    """What a project was made with, and keeps.

    Attributes
    ----------
    id
        What tells it from every other project.
    name
        What it is called: its folder's name when it was made.
    recipe
        What decides the documents' vectors.
    unknown
        The share of known documents that may be rejected by mistake; None for no "none
        of these".
    """

    id: str
    name: str
    recipe: Recipe
    unknown: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A project's database, open, and what is known of it before anything is read.

    Attributes
    ----------
    place, database, settings
        Where it lies, its tables, and what it was made with.
    migrated_copy
        Where the copy of an older project is kept, if this opening migrated it.
    """

    place: Place
    database: Database
    settings: ProjectSettings
    migrated_copy: str | None = None


def create(
    folder: Path, *, database: str | None, recipe: Recipe, unknown: float | None
) -> Opened:
    """Make a project, and open it.

    Raises
    ------
    ProjectError
        If there is a project already.
    OutputError
        If the folder cannot be made.
    SettingError
        If `unknown` is not what it may be.
    """
    if unknown is not None:
        from longshot.classify.uncertainty.novelty import check_unknown

        check_unknown(unknown)
    place = make(folder, database)
    values = {
        "id": uuid.uuid4().hex,
        "name": folder.resolve().name,
        "recipe": recipe.to_dict(),
        "unknown": unknown,
        "made_at": now(),
    }
    made = Database(place.url, name=place.name)
    with _closed_on_error(made):
        migrate(made)
        with made.writing() as connection:
            if _kept(connection):
                raise ProjectError(
                    "a new project must have a database without one; "
                    f"{place.name} leads to a project. Open it, or name another."
                )
            connection.execute(
                table.insert(),
                [{"name": name, "value": json.dumps(values[name])} for name in values],
            )
    return Opened(place=place, database=made, settings=_settings(values))


def open_project(place: str | Path, *, wait_s: float) -> Opened:
    """Open a project; an older one is brought up to date first, and its copy kept.

    Raises
    ------
    ProjectError
        If there is none, or a newer version of longshot made it.
    """
    found = find(place)
    database = Database(found.url, name=found.name, wait_s=wait_s)
    with _closed_on_error(database):
        migrated_copy = migrate(database)
        with database.reading() as connection:
            values = _kept(connection)
        if not values:
            raise ProjectError(
                f"PROJECT must be one that longshot init made; {found.name} is "
                "none. Run: longshot init"
            )
        return Opened(
            place=found,
            database=database,
            settings=_settings(values),
            migrated_copy=migrated_copy,
        )


@contextmanager
def _closed_on_error(database: Database) -> Iterator[None]:
    """Let go of the database where a project turns out to be none."""
    try:
        yield
    except BaseException:
        database.close()
        raise


def _kept(connection: Connection) -> dict[str, Any]:
    rows = connection.execute(select(table))
    return {row.name: json.loads(row.value) for row in rows}


def _settings(values: dict[str, Any]) -> ProjectSettings:
    return ProjectSettings(
        id=values["id"],
        name=values["name"],
        recipe=Recipe.from_dict(values["recipe"]),
        unknown=values["unknown"],
    )
