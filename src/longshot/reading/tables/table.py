"""Tables become documents: one per row, whatever the kind of table."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from longshot.errors import LongshotError, ReadingError, first_line, one_line
from longshot.reading.content import Unreadable
from longshot.reading.formats.files import ENDINGS
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.delimited import read_csv, read_tsv
from longshot.reading.tables.jsonl import read_jsonl
from longshot.reading.tables.parquet import read_parquet
from longshot.reading.tables.rows import BadRow, Row
from longshot.reading.tables.streams import STANDARD_INPUT
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
_ROWS_TO_FIND_PATHS = 20
_LONGEST_PATH_CHARACTERS = 1024


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
    source
        What people call it, where that is not its path.
    """

    path: Path
    columns: Columns
    prefix: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        if self.path == STANDARD_INPUT:
            return "standard input"
        return self.source or str(self.path)

    def outcomes(self) -> Iterator[tuple[Row | BadRow, Document | SetAside]]:
        """Read one document per row, beside the row.

        Raises
        ------
        ReadingError, ExamplesError
            As :meth:`rows`, and where the column of texts names files instead.
        """
        pairs = ((row, self.document(row)) for row in self.rows())
        held: list[tuple[Row | BadRow, Document | SetAside]] = []
        for pair in pairs:
            held.append(pair)
            if len(held) == _ROWS_TO_FIND_PATHS or not self._names_a_file(pair[1]):
                break
        if held and self._names_a_file(held[-1][1]):
            raise self.columns.hold_paths(self.name)
        yield from held
        yield from pairs

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
        column = self.columns.text or ""
        text = row.values.get(column)
        if not isinstance(text, str):
            reason = _why_no_text(row, column)
            return SetAside(id=id_, source=source, reason=reason)
        return Document(id=id_, text=text, source=source, notes=row.notes)

    def id_of(self, row: Row) -> str:
        """Take a row's id; its number, where it has none."""
        value = row.values.get(self.columns.id)
        return f"{self.prefix}{row.number if value in (None, '') else value}"

    def _names_a_file(self, outcome: Document | SetAside) -> bool:
        """Tell whether a text is nothing but the name of a file."""
        text = outcome.text.strip() if isinstance(outcome, Document) else ""
        if (
            not text
            or len(text) > _LONGEST_PATH_CHARACTERS
            or len(text.split("\n")) > 1
        ):
            return False
        if len(text.split()) == 1 and Path(text).suffix.lower() in ENDINGS:
            return True
        return any(is_there(folder / text) for folder in (Path(), self.path.parent))


def is_there(path: Path) -> bool:
    """Tell whether there is a file of this name; a name that cannot be one has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


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
