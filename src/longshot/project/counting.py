"""Counts of what a project holds: what its first screen shows."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from longshot.project.browsing import is_labelled
from longshot.project.database.schema import (
    decisions,
    documents,
    entries,
    set_aside,
)
from longshot.project.deciding.decisions import current_state
from longshot.project.labels import named_labels
from longshot.project.log import last_entry
from longshot.project.records import LabelCount, Status


def status(connection: Connection, name: str, model: str) -> Status:
    """Count what a project of some name and model holds."""
    counts = _state_counts(connection)
    newest = current_state(connection)
    has_decided = newest is not None and newest.last_entry > 0
    return Status(
        name=name,
        model=model,
        n_documents=sum(counts.values()),
        n_open=counts.get("open", 0),
        n_labelled=counts.get("labelled", 0),
        n_skipped=counts.get("skipped", 0),
        n_unreadable=_n_unreadable(connection),
        n_set_aside=_n_set_aside(connection),
        n_decided=_n_decided(connection),
        counts=_label_counts(
            connection, [one.name for one in named_labels(connection)]
        ),
        state=newest.id if has_decided and newest is not None else None,
        is_stale=newest is None or newest.last_entry < last_entry(connection),
        people=_people(connection),
        n_entries=connection.execute(select(func.max(entries.c.number))).scalar() or 0,
    )


def _state_counts(connection: Connection) -> dict[str, int]:
    """Count documents by their state; those removed are left out."""
    rows = connection.execute(
        select(documents.c.state, func.count())
        .where(~documents.c.is_removed)
        .group_by(documents.c.state)
    )
    return {state: n for state, n in rows}


def _label_counts(
    connection: Connection, names: Sequence[str]
) -> tuple[LabelCount, ...]:
    """Count documents by label: the named ones first, then "none of these"."""
    given: dict[str | None, int] = dict(
        connection.execute(
            select(documents.c.label, func.count())
            .where(~documents.c.is_removed, is_labelled)
            .group_by(documents.c.label)
        ).all()
    )
    decided: dict[str | None, int] = dict(
        connection.execute(
            select(decisions.c.label, func.count())
            .join(documents, documents.c.number == decisions.c.document)
            .where(~documents.c.is_removed, ~is_labelled)
            .group_by(decisions.c.label)
        ).all()
    )
    others = {one for one in (*given, *decided) if one is not None} - set(names)
    shown: list[str | None] = [*names, *sorted(others)]
    if None in given or None in decided:
        shown.append(None)
    return tuple(
        LabelCount(label=one, n_given=given.get(one, 0), n_decided=decided.get(one, 0))
        for one in shown
    )


def _people(connection: Connection) -> tuple[tuple[str, int], ...]:
    """Count whose labels stand now."""
    rows = connection.execute(
        select(documents.c.labelled_by, func.count())
        .where(~documents.c.is_removed, is_labelled)
        .group_by(documents.c.labelled_by)
        .order_by(documents.c.labelled_by)
    )
    return tuple((who, n) for who, n in rows)


def _n_unreadable(connection: Connection) -> int:
    """Count documents about which no decision is possible."""
    wanted = (~documents.c.is_removed, documents.c.unreadable.is_not(None))
    counted = select(func.count()).select_from(documents).where(*wanted)
    return int(connection.execute(counted).scalar_one())


def _n_set_aside(connection: Connection) -> int:
    """Count what could not be added."""
    counted = select(func.count()).select_from(set_aside)
    return int(connection.execute(counted).scalar_one())


def _n_decided(connection: Connection) -> int:
    """Count documents with a decision and without a person's label."""
    return int(
        connection.execute(
            select(func.count())
            .select_from(decisions)
            .join(documents, documents.c.number == decisions.c.document)
            .where(~documents.c.is_removed, documents.c.state != "labelled")
        ).scalar_one()
    )
