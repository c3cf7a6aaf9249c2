"""Tables become documents: one per row, whatever the kind of table."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from longshot.errors import LongshotError, ReadingError, first_line, one_line
from longshot.reading.columns import Columns
from longshot.reading.content import Unreadable
from longshot.reading.delimited import read_csv, read_tsv
from longshot.reading.jsonl import read_jsonl
from longshot.reading.parquet import read_parquet
from longshot.reading.rows import BadRow, Row
from longshot.reading.streams import STANDARD_INPUT
from longshot.records import Document, SetAside

_READERS: dict[str, Callable[[Path, Columns], Iterator[Row | BadRow]]] = {
    ".csv": read_csv,
    ".jsonl": read_jsonl,
    ".jsonlines": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
    ".tsv": read_tsv,
}
_USUAL_BREAKS = (EOFError, OSError, zlib.error, UnicodeError)
KINDS = "csv, tsv, jsonl, parquet, each also as .gz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table to read.

    Attributes
    ----------
    path
        The file; ``-`` is jsonl on standard input.
    columns
        The columns to read.
    prefix
        What its documents' ids begin with: nothing, or its path in a folder.
    """

    path: Path
    columns: Columns
    prefix: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return "standard input" if self.path == STANDARD_INPUT else str(self.path)

    def documents(self) -> Iterator[Document | SetAside]:
        """Read one document per row."""
        for row in self.rows():
            yield self.document(row)

    def rows(self) -> Iterator[Row | BadRow]:
        """Read the rows; where the file breaks off, the last one says so.

        Raises
        ------
        ReadingError, ExamplesError
            If it holds no row that can be read, or lacks a column.
        """
        number = 0
        try:
            for row in _reader(self.path)(self.path, self.columns):
                number = row.number
                yield row
        except LongshotError:
            raise
        except Exception as error:
            # A zipped file or an encoding that breaks off, a disk that fails, and
            # whatever else a library lets through: one table never ends a run.
            if number == 0:
                raise ReadingError(_unusable(self.name, error)) from error
            reason = f"and all rows after it are lost: the file {_told(error)}"
            number += 1
            yield BadRow(number=number, place=f"row {number}", reason=reason)
        if number == 0:
            raise ReadingError(_unusable(self.name, Unreadable("holds none")))

    def document(self, row: Row | BadRow) -> Document | SetAside:
        """Take a row's text and id, or tell why there is none."""
        source = f"{self.name}, {row.place}"
        if isinstance(row, BadRow):
            id_ = f"{self.prefix}{row.number}"
            return SetAside(id=id_, source=source, reason=row.reason)
        id_ = self.id_of(row)
        text = row.values.get(self.columns.text)
        if not isinstance(text, str):
            reason = _why_no_text(row, self.columns.text)
            return SetAside(id=id_, source=source, reason=reason)
        return Document(id=id_, text=text, source=source, notes=row.notes)

    def id_of(self, row: Row) -> str:
        """Take a row's id; its number, where it has none."""
        value = row.values.get(self.columns.id)
        return f"{self.prefix}{row.number if value in (None, '') else value}"


def is_table(path: Path) -> bool:
    """Whether it is a table, by its ending; standard input is one.

    Examples
    --------
    >>> is_table(Path("contracts.csv.gz")), is_table(Path("contract.pdf"))
    (True, False)
    """
    return path == STANDARD_INPUT or _ending(path) in _READERS


def _ending(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def _reader(path: Path) -> Callable[[Path, Columns], Iterator[Row | BadRow]]:
    return read_jsonl if path == STANDARD_INPUT else _READERS[_ending(path)]


def _unusable(name: str, error: Exception) -> str:
    return f"a table must hold at least one row; {name} {_told(error)}. Check the file."


def _told(error: Exception) -> str:
    """Complete the sentence that begins with the table's name, in one line."""
    if isinstance(error, Unreadable):
        return one_line(str(error))
    usual = isinstance(error, _USUAL_BREAKS)
    return f"is broken ({one_line(str(error)) if usual else first_line(error)})"


def _why_no_text(row: Row, column: str) -> str:
    if column not in row.values:
        return f'has no column "{column}"'
    value = row.values[column]
    came = "nothing" if value is None else f"no text, but {type(value).__name__}"
    return f'holds {came} in its column "{column}"'
