"""Rows to csv, tsv, jsonl or parquet, by the ending of the file's name."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from longshot.formulas import as_text
from longshot.report.files import by_ending, check_writable, encodable, whole_file

Cell = str | int | float | None
Row = Mapping[str, Cell]
_Writer = Callable[[Sequence[Row], IO[bytes], bool], None]


def write_table(
    path: Path, rows: Sequence[Row], *, keep_formulas: bool = False
) -> None:
    """Write rows, all with the same columns, in the format of the file's ending.

    Parameters
    ----------
    path, rows
        Where, and what.
    keep_formulas
        Whether csv and tsv hold cells as they are, though a spreadsheet may compute
        some of them; jsonl and parquet always do.

    Raises
    ------
    SettingError
        If the ending is none of ``.csv``, ``.tsv``, ``.jsonl``, ``.parquet``.
    OutputError
        If the file cannot be written; then nothing is left of it.
    """
    write = check_table_ending(path)
    with whole_file(path) as file:
        write(rows, file, keep_formulas)


def check_table_ending(path: Path) -> _Writer:
    """Find the writer for a file's ending.

    Raises
    ------
    SettingError
        If there is none.
    """
    return by_ending(path, _WRITERS, what="a table's file name")


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


def as_csv(
    rows: Sequence[Row],
    *,
    delimiter: str = ",",
    header: bool = True,
    keep_formulas: bool = False,
) -> str:
    r"""Give rows as csv text (RFC 4180, but with ``\n`` as line ending).

    A cell that a spreadsheet would compute gets an apostrophe before it, unless
    `keep_formulas` says otherwise: see :mod:`longshot.formulas`.

    Examples
    --------
    >>> print(as_csv([{"id": "=1+1", "label": None}]), end="")
    id,label
    '=1+1,
    """
    lines = _Lines()
    columns = list(rows[0]) if rows else []
    writer = csv.DictWriter(lines, columns, delimiter=delimiter)
    if header:
        writer.writeheader()
    kept = rows if keep_formulas else map(_without_formulas, rows)
    writer.writerows(kept)
    return "".join(lines)


def _without_formulas(row: Row) -> Row:
    return {
        name: as_text(cell) if isinstance(cell, str) else cell
        for name, cell in row.items()
    }


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


def _write_csv(rows: Sequence[Row], file: IO[bytes], keep_formulas: bool) -> None:
    file.write(as_csv(rows, keep_formulas=keep_formulas).encode(errors="replace"))


def _write_tsv(rows: Sequence[Row], file: IO[bytes], keep_formulas: bool) -> None:
    text = as_csv(rows, delimiter="\t", keep_formulas=keep_formulas)
    file.write(text.encode(errors="replace"))


def _write_jsonl(rows: Sequence[Row], file: IO[bytes], keep_formulas: bool) -> None:
    file.write(as_jsonl(rows).encode(errors="replace"))


def _write_parquet(rows: Sequence[Row], file: IO[bytes], keep_formulas: bool) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    whole = [{name: _encodable(cell) for name, cell in row.items()} for row in rows]
    parquet.write_table(pa.Table.from_pylist(whole), file)


def _encodable(cell: Cell) -> Cell:
    """Make a text fit for UTF-8, as the other formats do."""
    return encodable(cell) if isinstance(cell, str) else cell


_WRITERS: dict[str, _Writer] = {
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
