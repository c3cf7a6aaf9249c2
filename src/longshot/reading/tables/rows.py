"""A row of any table, and the check of tables that have no header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from longshot.reading.tables.columns import Columns

_ROWS_TO_FIND_COLUMNS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row, as its table gives it.

    Attributes
    ----------
    number
        Counted from 1, without the header and empty lines.
    place
        Where it stands, for people: ``line 12``.
    values
        What the columns hold.
    notes
        What had to be guessed to read it.
    """

    number: int
    place: str
    values: Mapping[str, object]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that cannot be read, and why."""

    number: int
    place: str
    reason: str


def with_required(
    rows: Iterator[Row | BadRow], columns: Columns, *, table: str
) -> Iterator[Row | BadRow]:
    """Pass the rows on once the first ones are known to have the required columns.

    Raises
    ------
    ReadingError, ExamplesError
        If none of the first 100 rows has a required column.
    """
    held: list[Row | BadRow] = []
    present: dict[str, None] = {}
    for row in islice(rows, _ROWS_TO_FIND_COLUMNS):
        held.append(row)
        present.update(dict.fromkeys(row.values) if isinstance(row, Row) else {})
        if columns.required.keys() <= present.keys():
            break
    if present:
        columns.require(tuple(present), table=table)
    yield from held
    yield from rows


def with_notes(
    rows: Iterator[Row | BadRow], notes: tuple[str, ...]
) -> Iterator[Row | BadRow]:
    """Hang what was guessed about the whole table on its first good row."""
    for row in rows:
        if notes and isinstance(row, Row):
            yield replace(row, notes=(*notes, *row.notes))
            notes = ()
        else:
            yield row
