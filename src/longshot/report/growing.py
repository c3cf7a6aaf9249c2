"""A table that is written row by row, and has its name once it is whole.

Until then its finished rows stand in a file beside it, so that a run that is killed
leaves them to look at. That file is written anew by the next run, which has the vectors
of the former one and decides the same.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from longshot.errors import OutputError
from longshot.report.files import check_writable, unwritable
from longshot.report.tables import Row, as_csv, as_jsonl

FLUSH_EVERY_S = 2.0

_Writer = Callable[[Sequence[Row], bool, bool], str]


def _csv(rows: Sequence[Row], is_first: bool, keep_formulas: bool) -> str:
    return as_csv(rows, header=is_first, keep_formulas=keep_formulas)


def _tsv(rows: Sequence[Row], is_first: bool, keep_formulas: bool) -> str:
    return as_csv(rows, header=is_first, delimiter="\t", keep_formulas=keep_formulas)


def _jsonl(rows: Sequence[Row], is_first: bool, keep_formulas: bool) -> str:
    return as_jsonl(rows)


_WRITERS: dict[str, _Writer] = {".csv": _csv, ".tsv": _tsv, ".jsonl": _jsonl}


def can_grow(path: Path) -> bool:
    """Tell whether a file's kind can be written row by row."""
    return path.suffix in _WRITERS


def partial_path(path: Path) -> Path:
    """Give the file that holds the rows until all are there."""
    return path.with_name(f"{path.name}.partial")


class GrowingTable:
    """Takes rows, and writes them every few seconds; whole rows only."""

    def __init__(
        self, file: IO[bytes], ending: str, *, keep_formulas: bool = False
    ) -> None:
        self._file = file
        self._keep_formulas = keep_formulas
        self._write = _WRITERS[ending]
        self._waiting: list[Row] = []
        self._flushed_at = time.monotonic()
        self.n_rows = 0

    def add(self, row: Row) -> None:
        """Take a row that follows."""
        self._waiting.append(row)
        if time.monotonic() - self._flushed_at > FLUSH_EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            text = self._write(self._waiting, self.n_rows == 0, self._keep_formulas)
            self._file.write(text.encode(errors="replace"))
            self._file.flush()
            self.n_rows += len(self._waiting)
        self._waiting = []
        self._flushed_at = time.monotonic()


@contextmanager
def growing_table(path: Path, *, keep_formulas: bool = False) -> Iterator[GrowingTable]:
    """Open a table that gets its name once the block is left without an error.

    On an error the rows that were finished stay in the file beside it; where there are
    none, nothing is left. For `keep_formulas`, see :func:`as_csv`.

    Raises
    ------
    OutputError
        If it cannot be written, or another run is writing it.
    """
    path = path.resolve()
    check_writable(path)
    partial = partial_path(path)
    try:
        with _alone(partial) as file:
            table = GrowingTable(file, path.suffix, keep_formulas=keep_formulas)
            try:
                yield table
            finally:
                table.flush()
                os.fsync(file.fileno())
                if not table.n_rows:
                    partial.unlink()
            if table.n_rows:
                partial.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to write it anew, unless another process is writing it."""
    with path.open("ab") as file:
        try:
            _lock(file)
        except BlockingIOError:
            raise OutputError(
                f"{path} must be written by one run at a time; another run is writing "
                "it. Wait for that run, or name another file with --out."
            ) from None
        file.truncate(0)
        yield file


def _lock(file: IO[bytes]) -> None:
    """Hold a file as long as the process lives, where the system can."""
    with suppress(ImportError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
