"""Parquet, in batches of rows, and only the columns that are read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import IO, Any

from longshot.errors import MissingExtraError
from longshot.reading.content import Unreadable
from longshot.reading.limits import limits
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import Row
from longshot.reading.tables.streams import open_bytes

_BATCH_ROWS = 64
_PIECE_BYTES = 1 << 20


def read_parquet(path: Path, columns: Columns) -> Iterator[Row]:
    """Read row by row.

    Raises
    ------
    Unreadable
        If it is no Parquet file, or breaks off.
    MissingExtraError
        If what reads it is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError.naming("pyarrow", extra="parquet") from error
    try:
        with _seekable(path) as file:
            facts = parquet.read_metadata(file)
            present = facts.schema.to_arrow_schema().names
            columns.require(present, table=path.name)
            read = [name for name in columns.read() if name in present]
            _check_size(facts, read)
            # A text that a file holds once may stand in every row: as a dictionary, it
            # takes memory once as well. Lists of labels have another path.
            paths = {facts.schema.column(i).path for i in range(facts.num_columns)}
            plain = [name for name in read if name in paths]
            table = parquet.ParquetFile(file, read_dictionary=plain)
            batches = table.iter_batches(batch_size=_BATCH_ROWS, columns=read)
            rows = (row for batch in batches for row in _rows(batch))
            for number, values in enumerate(rows, start=1):
                yield Row(number=number, place=f"row {number}", values=values)
    except pyarrow.ArrowException as error:
        raise Unreadable(
            f"is not a Parquet file, or a broken one ({error}): save it again"
        ) from error


def _rows(batch: Any) -> Iterator[dict[str, object]]:
    """Take rows one at a time out of a batch."""
    for row in range(len(batch)):
        yield {name: batch[name][row].as_py() for name in batch.schema.names}


def _check_size(metadata: Any, columns: list[str]) -> None:
    """Refuse a bomb by the sizes that the file declares for a run of rows.

    Pages are allocated by their own sizes; one that lies about them fails to unpack.
    """
    allowed = limits()
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            if column.path_in_schema.split(".")[0] in columns:
                unpacked, packed = (
                    column.total_uncompressed_size,
                    column.total_compressed_size,
                )
                allowed.check_ratio(unpacked, packed=packed)


@contextmanager
def _seekable(path: Path) -> Iterator[IO[bytes] | BufferedIOBase]:
    """Open it; a zipped one is unzipped first, since Parquet is read from its end."""
    with open_bytes(path) as file:
        if path.suffix.lower() != ".gz":
            yield file
            return
        with tempfile.TemporaryFile() as unzipped:
            allowed = limits()
            while piece := file.read(_PIECE_BYTES):
                unzipped.write(piece)
                allowed.check_size(unzipped.tell())
            unzipped.seek(0)
            yield unzipped
