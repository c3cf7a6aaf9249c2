"""Parquet, in batches of rows, and only the columns that are read."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from longshot.errors import MissingExtraError
from longshot.reading.columns import Columns
from longshot.reading.content import Unreadable
from longshot.reading.rows import Row
from longshot.reading.streams import open_bytes

_BATCH_ROWS = 64


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
        with _seekable(path) as file, parquet.ParquetFile(file) as table:
            present = table.schema_arrow.names
            columns.require(present, table=path.name)
            read = [name for name in columns.read() if name in present]
            batches = table.iter_batches(batch_size=_BATCH_ROWS, columns=read)
            rows = (row for batch in batches for row in batch.to_pylist())
            for number, values in enumerate(rows, start=1):
                yield Row(number=number, place=f"row {number}", values=values)
    except pyarrow.ArrowException as error:
        raise Unreadable(f"is not a Parquet file, or a broken one ({error})") from error


@contextmanager
def _seekable(path: Path) -> Iterator[BufferedIOBase]:
    """Open it; a zipped one is unzipped first, since Parquet is read from its end."""
    with open_bytes(path) as file:
        if path.suffix.lower() != ".gz":
            yield file
            return
        with tempfile.TemporaryFile() as unzipped:
            shutil.copyfileobj(file, unzipped)
            unzipped.seek(0)
            yield unzipped
