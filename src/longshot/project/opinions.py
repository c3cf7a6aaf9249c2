"""What people say of documents: giving labels, and looking at who gave which.

The log has all that was ever said; what stands now is written beside the documents.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from longshot.project import log
from longshot.project.database.connection import parts
from longshot.project.database.schema import documents, entries, opinions
from longshot.project.labels import checked_label
from longshot.project.log import storable
from longshot.project.records import Conflict, Entry, ExampleRow


def give_label(
    connection: Connection,
    ids: Sequence[str],
    label: str | None,
    *,
    who: str,
    why: str = "",
    blind: bool = False,
    said_by: str | None = None,
) -> Entry:
    """Write down that documents have a label; None for "none of these".

    Parameters
    ----------
    ids, label
        Which documents, and what they are.
    who, why
        Who says so, and the reason, for people.
    blind
        Whether the person saw neither a suggestion nor another's label.
    said_by
        Whose label it is, where that is not the one who writes it down.

    Raises
    ------
    NotInProjectError
        If a document is not there.
    SettingError
        If the label is blank, or no document is named.
    """
    named = None if label is None else checked_label(label)
    details: dict[str, Any] = {"blind": True} if blind else {}
    if said_by is not None:
        details["said_by"] = storable(said_by)
    return log.write(
        connection, "label", ids, who=who, why=why, label=named, details=details
    )


def examples(connection: Connection) -> list[ExampleRow]:
    """Give every document that carries a person's label, in the order of adding."""
    rows = connection.execute(
        select(
            documents.c.id,
            documents.c.label,
            documents.c.labelled_by,
            documents.c.label_entry,
            entries.c.at,
        )
        .join(entries, entries.c.number == documents.c.label_entry)
        .where(~documents.c.is_removed, documents.c.state == "labelled")
        .order_by(documents.c.number)
    )
    return [
        ExampleRow(
            document_id=row.id,
            label=row.label,
            who=row.labelled_by,
            at=row.at,
            entry=row.label_entry,
        )
        for row in rows
    ]


def opinions_on(
    connection: Connection, ids: Sequence[str]
) -> dict[str, dict[str, str | None]]:
    """Give what each person says of documents, those without an opinion too."""
    found: dict[str, dict[str, str | None]] = {}
    for some in parts(list(map(storable, ids))):
        rows = connection.execute(
            select(documents.c.id, opinions.c.who, opinions.c.label)
            .outerjoin(opinions, opinions.c.document == documents.c.number)
            .where(documents.c.id.in_(some), ~documents.c.is_removed)
        )
        for row in rows:
            said = found.setdefault(row.id, {})
            if row.who is not None:
                said[row.who] = row.label
    return found


def conflicts(connection: Connection) -> list[Conflict]:
    """Give the documents that people gave several labels, with what each said."""
    # "None of these" is a label here, too.
    said = func.coalesce(opinions.c.label, "")
    several = (
        select(opinions.c.document)
        .group_by(opinions.c.document)
        .having(func.min(said) != func.max(said))
    )
    rows = connection.execute(
        select(
            opinions.c.document,
            documents.c.id,
            opinions.c.label,
            opinions.c.who,
            opinions.c.entry,
            entries.c.at,
        )
        .join(documents, documents.c.number == opinions.c.document)
        .join(entries, entries.c.number == opinions.c.entry)
        .where(opinions.c.document.in_(several), ~documents.c.is_removed)
        .order_by(opinions.c.document, opinions.c.entry)
    )
    found: dict[str, list[ExampleRow]] = {}
    for row in rows:
        one = ExampleRow(
            document_id=row.id, label=row.label, who=row.who, at=row.at, entry=row.entry
        )
        found.setdefault(row.id, []).append(one)
    return [
        Conflict(document_id=one, opinions=tuple(said)) for one, said in found.items()
    ]
