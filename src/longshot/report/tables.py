"""Rows to csv, tsv, jsonl or parquet, by the ending of the file's name."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from longshot.report.files import by_ending, check_writable, encodable, whole_file

Cell = str | int | float | None
Row = Mapping[str, Cell]


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write rows, all with the same columns, in the format of the file's ending.

    Raises
    ------
    SettingError
        If the ending is none of ``.csv``, ``.tsv``, ``.jsonl``, ``.parquet``.
    OutputError
        If the file cannot be written; then nothing is left of it.
    """
    write = check_table_ending(path)
    with whole_file(path) as file:
        write(rows, file)


def check_table_ending(path: Path) -> Callable[[Sequence[Row], IO[bytes]], None]:
    """Find the writer for a file's ending.

    Raises
    ------
    SettingError
        If there is none.
    """
    return by_ending(path, _WRITERS, what="a table's name")


def check_table_place(path: Path) -> None:
    """Find out before any work whether a table can be written there.

    Raises
    ------
    SettingError
        If there is no format of this ending.
    OutputError
        If there is no place for the file.
    """
    check_table_ending(path)
    check_writable(path)


def as_csv(rows: Sequence[Row], *, delimiter: str = ",", header: bool = True) -> str:
    r"""Give rows as csv text (RFC 4180, but with ``\n`` as line ending).

    Examples
    --------
    >>> print(as_csv([{"id": "a", "label": None}]), end="")
    id,label
    a,
    """
    lines = _Lines()
    columns = list(rows[0]) if rows else []
    writer = csv.DictWriter(lines, columns, delimiter=delimiter)
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return "".join(lines)


class _Lines(list[str]):
    r"""Takes csv lines and ends them with ``\n``.

    Older Pythons put quotes around a lone ``\r`` only where ``\r\n`` is the line
    ending, so that it has to be so while ``csv`` writes.
    """

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


def as_jsonl(rows: Sequence[Row]) -> str:
    """Give rows as one JSON object per line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_csv(rows: Sequence[Row], file: IO[bytes]) -> None:
    file.write(as_csv(rows).encode(errors="replace"))


def _write_tsv(rows: Sequence[Row], file: IO[bytes]) -> None:
    file.write(as_csv(rows, delimiter="\t").encode(errors="replace"))


def _write_jsonl(rows: Sequence[Row], file: IO[bytes]) -> None:
    file.write(as_jsonl(rows).encode(errors="replace"))


def _write_parquet(rows: Sequence[Row], file: IO[bytes]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    whole = [{name: _encodable(cell) for name, cell in row.items()} for row in rows]
    parquet.write_table(pa.Table.from_pylist(whole), file)


def _encodable(cell: Cell) -> Cell:
    """Make a text fit for UTF-8, as the other formats do."""
    return encodable(cell) if isinstance(cell, str) else cell


_WRITERS: dict[str, Callable[[Sequence[Row], IO[bytes]], None]] = {
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
