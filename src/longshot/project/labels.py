"""The labels of a project: those that were named, and those that examples show."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from longshot.errors import SettingError
from longshot.project.database.schema import documents, entries
from longshot.project.database.schema import labels as table
from longshot.project.log import begin_entry, is_taken_back, storable
from longshot.records import NamedLabel


def checked_label(name: str) -> str:
    """Give a label as it is kept.

    Raises
    ------
    SettingError
        If it is blank.
    """
    from longshot.reading.sources.labelled import named

    given = named(storable(name)).strip()
    if not given:
        raise SettingError(
            "a label must hold a letter; got a blank one. Name it, or leave it away "
            'for "none of these".'
        )
    return str(given)


def named_labels(connection: Connection) -> list[NamedLabel]:
    """Give the labels that were named, in their order."""
    rows = connection.execute(select(table).order_by(table.c.place))
    return [
        NamedLabel(
            name=row.name,
            description=row.description,
            speaks_for=tuple(json.loads(row.speaks_for)),
            speaks_against=tuple(json.loads(row.speaks_against)),
        )
        for row in rows
    ]


def all_labels(connection: Connection) -> list[NamedLabel]:
    """Give all labels: those that were named, then those that only examples show."""
    named = named_labels(connection)
    shown = connection.execute(
        select(documents.c.label)
        .where(
            ~documents.c.is_removed,
            documents.c.state == "labelled",
            documents.c.label.is_not(None),
        )
        .distinct()
        .order_by(documents.c.label)
    ).scalars()
    others = sorted(set(shown) - {one.name for one in named})
    return [*named, *(NamedLabel(name=name) for name in others)]


def replace_labels(
    connection: Connection, labels: Sequence[NamedLabel], *, who: str
) -> int:
    """Name the labels anew, and write it into the log.

    Raises
    ------
    SettingError
        If one is blank, or stands there twice.
    """
    wanted = [_checked(one) for one in labels]
    names = [one.name for one in wanted]
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise SettingError(
            f"each label must be named once; {twice[0]} is named twice. Leave one out."
        )
    details = {
        "before": [_plain(one) for one in named_labels(connection)],
        "after": [_plain(one) for one in wanted],
    }
    entry = begin_entry(connection, "labels", who=who, details=details)
    _write(connection, wanted)
    return entry


def restore_labels(connection: Connection) -> None:
    """Write the labels as the log has them, entries that were taken back left out."""
    details = connection.execute(
        select(entries.c.details)
        .where(entries.c.kind == "labels", ~is_taken_back())
        .order_by(entries.c.number.desc())
        .limit(1)
    ).scalar()
    plain = json.loads(details)["after"] if details else []
    _write(connection, [_of_plain(one) for one in plain])


def _checked(label: NamedLabel) -> NamedLabel:
    description = (label.description or "").strip()
    return NamedLabel(
        name=checked_label(label.name),
        description=storable(description) or None,
        speaks_for=tuple(map(storable, label.speaks_for)),
        speaks_against=tuple(map(storable, label.speaks_against)),
    )


def _write(connection: Connection, labels: Sequence[NamedLabel]) -> None:
    connection.execute(delete(table))
    rows = [
        {
            "name": one.name,
            "place": place,
            "description": one.description,
            "speaks_for": json.dumps(one.speaks_for),
            "speaks_against": json.dumps(one.speaks_against),
        }
        for place, one in enumerate(labels)
    ]
    if rows:
        connection.execute(insert(table), rows)


def _plain(label: NamedLabel) -> dict[str, Any]:
    return {
        "name": label.name,
        "description": label.description,
        "speaks_for": list(label.speaks_for),
        "speaks_against": list(label.speaks_against),
    }


def _of_plain(values: dict[str, Any]) -> NamedLabel:
    return NamedLabel(
        name=values["name"],
        description=values["description"],
        speaks_for=tuple(values["speaks_for"]),
        speaks_against=tuple(values["speaks_against"]),
    )


def write_labels_file(path: Path, labels: Sequence[NamedLabel]) -> None:
    """Write labels to a yaml file that ``longshot classify`` reads.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    import yaml

    from longshot.report.files import whole_file

    plain: dict[str, Any] = {}
    for one in labels:
        if one.speaks_for or one.speaks_against:
            values = {key: value for key, value in _plain(one).items() if value}
            plain[one.name] = {key: values[key] for key in values if key != "name"}
        else:
            plain[one.name] = one.description
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
    with whole_file(path) as file:
        file.write(text.encode())
