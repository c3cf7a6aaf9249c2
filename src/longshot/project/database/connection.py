"""Opening a database, and holding each write together.

A write is one transaction, and waits for its turn before it reads anything: what it
then builds on cannot change under it. SQLite lets one process write at a time
(``BEGIN IMMEDIATE``); on PostgreSQL an advisory lock does the same. Reading waits for
nobody on either: https://sqlite.org/wal.html,
https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from longshot.errors import (
    MissingExtraError,
    ProjectBusyError,
    ProjectError,
    one_line,
)

WAIT_S = 30.0
"""How long a write waits for another process: writes take well under a second, so that
one that still stands there has stopped in the middle, or is no write of longshot's."""

Row: TypeAlias = Any
"""A row of a result: jaxtyping's checker stumbles over SQLAlchemy's own type of it."""

_LOCK = 0x6C6F6E67
"""What writers of a PostgreSQL database lock: any number that nobody else would."""
_BUSY = ("database is locked", "lock timeout", "database table is locked")
_MOST_BOUND = 500
"""Values in one IN list; SQLite of before 2020 binds 999."""


class Database:
    """One project's tables; safe to share between threads.

    Parameters
    ----------
    url
        As SQLAlchemy writes it: ``sqlite:///invoices/project.sqlite``.
    name
        What to call the project in messages.
    wait_s
        How long a write waits for its turn.

    Raises
    ------
    ProjectError
        If it is no address of a SQLite or PostgreSQL database.
    MissingExtraError
        If what talks to PostgreSQL is not installed.
    """

    def __init__(self, url: str | URL, *, name: str, wait_s: float = WAIT_S) -> None:
        self.name = name
        self.wait_s = wait_s
        self.engine = _engine(url, wait_s)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    @property
    def url(self) -> URL:
        """The address."""
        return self.engine.url

    @property
    def file(self) -> Path | None:
        """The file, where it is one."""
        database = self.url.database
        return Path(database) if self.is_sqlite and database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the project.

        Raises
        ------
        ProjectError
            If the database cannot be read.
        """
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection; what is done with it happens as a whole, or not at all.

        Raises
        ------
        ProjectBusyError
            If another process writes, and went on for longer than this one waits.
        ProjectError
            If the database cannot be written.
        """
        with self._told(), self.engine.connect() as plain:
            connection = plain.execution_options(longshot_writes=True)
            with connection.begin():
                if not self.is_sqlite:
                    wait_ms = math.ceil(1000 * self.wait_s)
                    connection.execute(text(f"SET LOCAL lock_timeout = {wait_ms}"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one line what a database says in many."""
        try:
            yield
        except DBAPIError as error:
            reason = one_line(str(error.orig))
            if any(one in reason for one in _BUSY):
                raise ProjectBusyError(
                    f"{self.name} must be free to be written; another process has been "
                    f"writing it for more than {self.wait_s:g} s. Wait until it is "
                    "done (a longshot command or server, or a tool that looks into the "
                    "database), then run this again."
                ) from error
            raise ProjectError(
                f"{self.name} must be readable and writable; it is not ({reason}). "
                "Check the place, its permissions and the space that is left."
            ) from error


def _engine(url: str | URL, wait_s: float) -> Engine:
    try:
        parsed = make_url(url)
        is_known = parsed.get_backend_name() in ("sqlite", "postgresql")
        if not is_known:
            raise ArgumentError("another kind of database")
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed, connect_args={"timeout": wait_s})
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        return create_engine(parsed, connect_args={"connect_timeout": 10})
    except (ArgumentError, NoSuchModuleError) as error:
        raise ProjectError(
            "a project's database must be SQLite or PostgreSQL; got "
            f"{_without_password(url)}. Write, for instance, "
            "--database postgresql+psycopg://host/name."
        ) from error
    except ModuleNotFoundError as error:
        raise MissingExtraError.naming(
            error.name or "psycopg", extra="postgresql"
        ) from error


def _without_password(url: str | URL) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "something else"


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Prepare a connection: the settings of https://sqlite.org/pragma.html."""
    # The driver begins no transaction by itself: see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # A label that was acknowledged outlives a power cut, too.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA cache_size = -65536")  # 64 MB: a list of 100,000 documents
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin reading, or wait for the turn to write.

    A transaction that begins by reading and then writes may find that it built on what
    has changed meanwhile, and then fails at once, however long it would wait.
    """
    writes = connection.get_execution_options().get("longshot_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_sqlite(connection: Connection) -> bool:
    """Tell whether it leads to SQLite, which spells a few statements otherwise."""
    return connection.dialect.name == "sqlite"


def parts(values: list[Any]) -> Iterator[list[Any]]:
    """Give a list in parts that one statement can bind."""
    for start in range(0, len(values), _MOST_BOUND):
        yield values[start : start + _MOST_BOUND]
