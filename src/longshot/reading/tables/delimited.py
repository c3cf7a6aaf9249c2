"""csv and tsv, row by row (RFC 4180, with the separators that spreadsheets write)."""

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from longshot.formulas import as_meant
from longshot.reading.content import Unreadable
from longshot.reading.limits import limits
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import BadRow, Row, with_notes
from longshot.reading.tables.streams import TextStream, open_text

_LONGEST_FIELD = 2**31 - 1  # the most that csv takes on every platform
_MOST_COLUMNS = 10_000
_SEPARATORS = ",;\t|"


def read_csv(path: Path, columns: Columns) -> Iterator[Row | BadRow]:
    """Read a table whose separator is the commonest of ``, ; tab |`` in its header."""
    return _read(path, columns, separators=_SEPARATORS)


def read_tsv(path: Path, columns: Columns) -> Iterator[Row | BadRow]:
    """Read a table whose separator is a tab."""
    return _read(path, columns, separators="\t")


def _read(path: Path, columns: Columns, *, separators: str) -> Iterator[Row | BadRow]:
    with open_text(path, newline="") as stream:
        rows = _rows(stream, columns, separators=separators, table=path.name)
        yield from with_notes(rows, stream.notes)


def _rows(
    stream: TextStream, columns: Columns, *, separators: str, table: str
) -> Iterator[Row | BadRow]:
    first = next(stream.lines, "")
    separator = max(separators, key=first.count)
    records = _records(chain([first], stream.lines), separator)
    _, header = next(records, (0, None))
    if header is None:
        return
    if isinstance(header, csv.Error):
        raise Unreadable(f"has a broken header ({header})")
    if len(header) > _MOST_COLUMNS:
        raise Unreadable(f"has {len(header):,} columns, more than {_MOST_COLUMNS:,}")
    names = [name.strip() for name in header]
    columns.require(names, table=table)
    for number, (line, cells) in enumerate(records, start=1):
        yield _row(number, f"line {line}", names, cells, stream, columns)


def _records(
    lines: Iterator[str], separator: str
) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Give each record, or what is wrong with it, with the line where it begins."""
    csv.field_size_limit(min(limits().most_bytes, _LONGEST_FIELD))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
        else:
            if cells:
                yield line, cells


def _row(
    number: int,
    place: str,
    names: list[str],
    cells: list[str] | csv.Error,
    stream: TextStream,
    columns: Columns,
) -> Row | BadRow:
    if isinstance(cells, csv.Error):
        return BadRow(number=number, place=place, reason=f"is not valid csv ({cells})")
    if len(cells) != len(names):
        reason = f"has {len(cells)} columns where the header has {len(names)}"
        return BadRow(number=number, place=place, reason=reason)
    try:
        contents = [stream.mend(cell) for cell in cells]
    except Unreadable as error:
        return BadRow(number=number, place=place, reason=str(error))
    return Row(
        number=number,
        place=place,
        values={
            name: as_meant(one.text) if name in columns.names else one.text
            for name, one in zip(names, contents, strict=True)
        },
        notes=tuple(dict.fromkeys(note for c in contents for note in c.notes)),
    )
