"""jsonl, line by line: one JSON object per line (jsonlines.org)."""

import json
from collections.abc import Iterator
from pathlib import Path

from longshot.reading.content import Unreadable
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import BadRow, Row, with_notes, with_required
from longshot.reading.tables.streams import TextStream, open_text


def read_jsonl(path: Path, columns: Columns) -> Iterator[Row | BadRow]:
    """Read each line; empty ones do not count as rows."""
    with open_text(path, newline="\n") as stream:
        rows = with_required(_rows(stream), columns, table=path.name)
        yield from with_notes(rows, stream.notes)


def _rows(stream: TextStream) -> Iterator[Row | BadRow]:
    number = 0
    for line_number, line in enumerate(stream.lines, start=1):
        if not line.isspace():
            number += 1
            yield _row(number, f"line {line_number}", line, stream)


def _row(number: int, place: str, line: str, stream: TextStream) -> Row | BadRow:
    try:
        content = stream.mend(line)
        values = json.loads(content.text)
    except Unreadable as error:
        return BadRow(number=number, place=place, reason=str(error))
    except (ValueError, RecursionError) as error:
        return BadRow(number=number, place=place, reason=f"is not JSON ({error})")
    if not isinstance(values, dict):
        reason = f"is not a JSON object, but a {type(values).__name__}"
        return BadRow(number=number, place=place, reason=reason)
    return Row(number=number, place=place, values=values, notes=content.notes)
