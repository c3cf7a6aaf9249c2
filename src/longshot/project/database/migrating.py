"""Bringing an older project up to date, in one go, with its copy kept.

A copy is made first: of a SQLite file beside it, of PostgreSQL's tables in a schema
beside theirs. Then all migrations run in one transaction: whoever kills the process
finds the project as it was.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from longshot.errors import ProjectError
from longshot.machine.unfinished import unfinished_file
from longshot.project.database.connection import Database

HEAD = "0002"
"""The newest migration; a test compares it with what is in ``migrations``."""

_MIGRATIONS = Path(__file__).parents[1] / "migrations"


def version_of(connection: Connection) -> str | None:
    """Tell which migration a project stands at; None where there is no project."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version"))
    return found.scalar()


def migrate(database: Database, *, target: str = HEAD) -> str | None:
    """Bring a project up to date; make its tables where there are none.

    Returns
    -------
    str or None
        Where the copy of an older one is kept; None where there was nothing to do.

    Raises
    ------
    ProjectError
        If a newer version of longshot made the project.
    """
    with database.reading() as connection:
        before = version_of(connection)
    if before == target:
        return None
    _check_known(before, database)
    kept: str | None = None
    if before is not None and database.is_sqlite:
        kept = str(_copied_file(database, before))
    with database.writing() as connection:
        if version_of(connection) == target:  # another process was quicker
            return kept
        if before is not None and not database.is_sqlite:
            kept = _copied_tables(connection, before)
        _upgrade(connection, target)
    return kept


def _check_known(version: str | None, database: Database) -> None:
    known = {path.name[:4] for path in (_MIGRATIONS / "versions").glob("0*.py")}
    if version is not None and version not in known:
        raise ProjectError(
            f"{database.name} must be of this version of longshot or an older one; it "
            f"is of a newer one (schema {version}, this knows up to {HEAD}). Run: pip "
            "install --upgrade longshot"
        )


def _upgrade(connection: Connection, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _copied_file(database: Database, version: str) -> Path:
    """Copy the whole database as it is at one moment, and not only its file."""
    import sqlite3
    from contextlib import closing

    source = database.file
    assert source is not None
    target = source.with_name(f"{source.stem}-before-migration-{version}.sqlite")
    with unfinished_file(target) as (temporary, descriptor):
        with (
            closing(sqlite3.connect(source)) as original,
            closing(sqlite3.connect(temporary)) as copy,
        ):
            # A copy that breaks off is made anew: a journal of it would only be left
            # behind by a process that is killed.
            copy.execute("PRAGMA journal_mode = OFF")
            original.backup(copy)
        os.fsync(descriptor)
        temporary.replace(target)
    return target


def _copied_tables(connection: Connection, version: str) -> str:
    """Copy all tables into a schema of their own, in the migration's transaction."""
    schema = f"longshot_before_migration_{version}"
    tables = inspect(connection).get_table_names()
    connection.execute(text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))
    connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    for name in tables:
        copy: Any = text(f'CREATE TABLE "{schema}"."{name}" AS TABLE "{name}"')
        connection.execute(copy)
    return f"schema {schema}"
