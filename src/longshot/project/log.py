"""The log: what people did, one entry after another, and what it comes to.

Entries are only ever added. Taking one back is one more entry, so that a person can go
back without end, and what stood there before can always be told. What the log comes to
for a document follows from its entries alone, those that were taken back left out; it
is written beside the document in the same transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Exists,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from longshot.errors import NotInProjectError, SettingError
from longshot.project.database.connection import Row, parts
from longshot.project.database.schema import (
    documents,
    entries,
    entry_documents,
    opinions,
)
from longshot.project.records import (
    DocumentState,
    Entry,
    EntryKind,
)

DECIDING_KINDS = ("add", "remove", "label", "forget", "labels", "ignore", "undo")
"""Entries after which documents may be decided otherwise."""

_SHOWN_IDS = 20
_SHOWN_CHARACTERS = 80
_undoing = entries.alias("undoing")


def is_taken_back() -> Exists:
    """Ask whether an entry was taken back by a later one."""
    return (
        select(_undoing.c.number).where(_undoing.c.undoes == entries.c.number).exists()
    )


def now() -> str:
    """Give the time as it is written down."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def storable(text: str) -> str:
    r"""Put U+FFFD for what a database cannot hold; no character moves.

    PostgreSQL takes no NUL, and neither database a lone surrogate, which stands in
    names of files that are no UTF-8.

    Examples
    --------
    >>> storable("a\x00b")
    'a\ufffdb'
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


# --- adding entries -------------------------------------------------------------------


def begin_entry(
    connection: Connection,
    kind: EntryKind,
    *,
    who: str,
    why: str = "",
    label: str | None = None,
    undoes: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write an entry, and give its number; the documents follow."""
    values = {
        "kind": kind,
        "who": storable(who),
        "at": now(),
        "why": storable(why),
        "label": label if label is None else storable(label),
        "undoes": undoes,
        "details": json.dumps(dict(details or {})),
    }
    made = connection.execute(insert(entries).values(values))
    number = made.inserted_primary_key
    assert number is not None
    return int(number[0])


def attach(connection: Connection, entry: int, numbers: Sequence[int]) -> None:
    """Write which documents an entry is about, and what the log now comes to."""
    rows = [{"entry": entry, "document": number} for number in numbers]
    if rows:
        connection.execute(insert(entry_documents), rows)
        settle(connection, numbers)


def write(
    connection: Connection,
    kind: EntryKind,
    ids: Sequence[str],
    *,
    who: str,
    why: str = "",
    label: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Write an entry about documents, and what the log now comes to for them.

    Raises
    ------
    NotInProjectError
        If a document is not there.
    SettingError
        If none is named.
    """
    if not ids:
        raise SettingError(
            "at least one document must be named; got none. Name its id."
        )
    numbers = numbers_of(connection, [ids] if isinstance(ids, str) else ids)
    number = begin_entry(
        connection, kind, who=who, why=why, label=label, details=details
    )
    attach(connection, number, numbers)
    return entry_of(connection, number)


def numbers_of(connection: Connection, ids: Sequence[str]) -> list[int]:
    """Find documents by their ids, in the order of the ids, each once.

    Raises
    ------
    NotInProjectError
        If one is not there.
    """
    wanted = list(dict.fromkeys(map(storable, ids)))
    found: dict[str, int] = {}
    for some in parts(wanted):
        rows = connection.execute(
            select(documents.c.id, documents.c.number).where(
                documents.c.id.in_(some), ~documents.c.is_removed
            )
        )
        found.update((row.id, row.number) for row in rows)
    for one in wanted:
        if one not in found:
            raise NotInProjectError(
                "a document must be one of the project's; there is none with the id "
                f"{one[:_SHOWN_CHARACTERS]}. See its list of documents."
            )
    return [found[one] for one in wanted]


# --- what the log comes to ------------------------------------------------------------


@dataclass(slots=True)
class _Outcome:
    """What the entries about one document come to, each taken in after the other."""

    is_removed: bool = True
    state: DocumentState = "open"
    label: str | None = None
    labelled_by: str | None = None
    label_entry: int | None = None
    opinions: dict[str, tuple[str | None, int]] = field(default_factory=dict)

    def take_in(self, entry: Row) -> None:
        if entry.kind in ("add", "remove"):
            self.is_removed = entry.kind == "remove"
        elif entry.kind == "label":
            # Whoever reads in another's labels can take that back; they stay the
            # other's all the same.
            who = json.loads(entry.details).get("said_by", entry.who)
            self.state, self.label = "labelled", entry.label
            self.labelled_by, self.label_entry = who, entry.number
            self.opinions[who] = (entry.label, entry.number)
        elif entry.kind == "forget":
            self.state, self.label = "open", None
            self.labelled_by = self.label_entry = None
            self.opinions.clear()
        elif entry.kind == "skip" and self.state == "open":
            self.state = "skipped"


_SETTLE = (
    update(documents)
    .where(documents.c.number == bindparam("of"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("is_removed", "state", "label", "labelled_by", "label_entry")
        }
    )
)


def settle(connection: Connection, numbers: Sequence[int]) -> None:
    """Write beside documents what the log comes to for each of them."""
    for some in parts(list(numbers)):
        outcomes = {number: _Outcome() for number in some}
        rows = connection.execute(
            select(entry_documents.c.document, entries)
            .join(entries, entries.c.number == entry_documents.c.entry)
            .where(
                entry_documents.c.document.in_(some),
                entries.c.kind != "undo",
                ~is_taken_back(),
            )
            .order_by(entries.c.number)
        )
        for row in rows:
            outcomes[row.document].take_in(row)
        connection.execute(
            _SETTLE,
            [
                {
                    "of": number,
                    "new_is_removed": one.is_removed,
                    "new_state": one.state,
                    "new_label": one.label,
                    "new_labelled_by": one.labelled_by,
                    "new_label_entry": one.label_entry,
                }
                for number, one in outcomes.items()
            ],
        )
        connection.execute(delete(opinions).where(opinions.c.document.in_(some)))
        said = [
            {"document": number, "who": who, "label": label, "entry": entry}
            for number, one in outcomes.items()
            for who, (label, entry) in one.opinions.items()
        ]
        if said:
            connection.execute(insert(opinions), said)


# --- reading --------------------------------------------------------------------------


def last_entry(connection: Connection) -> int:
    """Give the number of the last entry after which decisions may differ."""
    newest = select(func.max(entries.c.number)).where(
        entries.c.kind.in_(DECIDING_KINDS)
    )
    return int(connection.execute(newest).scalar() or 0)


def entry_of(connection: Connection, number: int) -> Entry:
    """Give one entry."""
    (found,) = _entries(connection, select(entries).where(entries.c.number == number))
    return found


def history(connection: Connection, limit: int, before: int | None) -> list[Entry]:
    """Give the latest entries, the newest first; those before a number."""
    wanted = select(entries).order_by(entries.c.number.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(entries.c.number < before)
    return _entries(connection, wanted)


def entries_about(connection: Connection, number: int) -> list[Entry]:
    """Give the entries about a document, the newest first."""
    about = select(entry_documents.c.entry).where(entry_documents.c.document == number)
    wanted = select(entries).where(entries.c.number.in_(about))
    return _entries(connection, wanted.order_by(entries.c.number.desc()))


def _entries(connection: Connection, wanted: Any) -> list[Entry]:
    rows = connection.execute(
        wanted.add_columns(is_taken_back().label("is_undone"))
    ).all()
    return [_entry(connection, row) for row in rows]


def _entry(connection: Connection, row: Row) -> Entry:
    about = entry_documents.c.entry == row.number
    n_documents = connection.execute(
        select(func.count()).select_from(entry_documents).where(about)
    ).scalar_one()
    ids = connection.execute(
        select(documents.c.id)
        .join(entry_documents, entry_documents.c.document == documents.c.number)
        .where(about)
        .order_by(entry_documents.c.document)
        .limit(_SHOWN_IDS)
    ).scalars()
    return Entry(
        number=row.number,
        kind=row.kind,
        who=row.who,
        at=row.at,
        why=row.why,
        label=row.label,
        document_ids=tuple(ids),
        n_documents=n_documents,
        undoes=row.undoes,
        is_undone=bool(row.is_undone),
        details=json.loads(row.details),
    )


def ignored(connection: Connection) -> list[str]:
    """Give the passages that people said to ignore everywhere, each once."""
    details = connection.execute(
        select(entries.c.details)
        .where(entries.c.kind == "ignore", ~is_taken_back())
        .order_by(entries.c.number)
    ).scalars()
    return list(dict.fromkeys(json.loads(one)["passage"] for one in details))
