"""Taking back what was done: by one more entry, so that nothing is ever lost."""

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from longshot.errors import ProjectError
from longshot.project.database.connection import Row
from longshot.project.database.schema import entries, entry_documents
from longshot.project.labels import restore_labels
from longshot.project.log import (
    attach,
    begin_entry,
    entry_of,
    is_taken_back,
    storable,
)
from longshot.project.records import Entry


def undo(connection: Connection, *, who: str) -> Entry | None:
    """Take back the latest thing that a person did and has not taken back.

    Returns
    -------
    Entry or None
        The new entry; None where nothing is left.

    Raises
    ------
    ProjectError
        If a document cannot come back, since another one has its id now.
    """
    last = _last(connection, who)
    if last is None:
        return None
    number = begin_entry(connection, "undo", who=who, undoes=last.number)
    about = select(entry_documents.c.document).where(
        entry_documents.c.entry == last.number
    )
    try:
        attach(connection, number, list(connection.execute(about).scalars()))
    except IntegrityError as error:
        raise ProjectError(
            "a document that comes back must have an id of its own; another one has "
            "it now. Remove that one first."
        ) from error
    if last.kind == "labels":
        restore_labels(connection)
    return entry_of(connection, number)


def _last(connection: Connection, who: str) -> Row | None:
    """Find the latest entry of a person that nobody took back."""
    return connection.execute(
        select(entries)
        .where(
            entries.c.who == storable(who),
            entries.c.kind != "undo",
            ~is_taken_back(),
        )
        .order_by(entries.c.number.desc())
        .limit(1)
    ).first()
