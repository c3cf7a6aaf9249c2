"""DOCUMENTS to sources: what one task reads, in a fixed order.

A row group of a Parquet file, another table, or a few other files. Where a run was
stopped, the next one finds the same sources again, by their sizes.
"""

import fnmatch
import hashlib
import json
import posixpath
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from longshot.errors import ReadingError, first_line
from longshot.reading.kinds import is_litter
from longshot.reading.sources.entries import Entry, entry_outcomes
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.table import Table, is_table
from longshot.records import Document, SetAside
from longshot.scale.place import Place, shown_address

_PATTERN = re.compile(r"[*\[]")
_FILES_AT_ONCE = 16
"""Small files, read by one task: starting one takes longer than reading a page."""
_ROWS_AT_ONCE = 64
_LOOKS_AT_ONCE = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFile:
    """A file: its path, what its documents' ids begin with, and its size."""

    path: str
    id: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What one task reads.

    Attributes
    ----------
    number
        Its place in reading order, from 0.
    place
        Where it was found.
    files
        The files.
    is_alone
        Whether a single file was named: the ids of a table are those of its rows then.
    row_group, first_row
        Of a Parquet file; None for other files.
    """

    number: int
    place: Place
    files: tuple[SourceFile, ...]
    is_alone: bool
    row_group: int | None = None
    first_row: int = 0

    def outcomes(self, columns: Columns) -> Iterator[Document | SetAside]:
        """Read its documents, one at a time, in a fixed order.

        What a file of this machine holds never raises.

        Raises
        ------
        ReadingError
            If a file breaks off that lies elsewhere.
        """
        for file in self.files:
            try:
                if self.row_group is not None:
                    yield from self._rows(file, columns)
                else:
                    yield from self._entries(file, columns)
            except OSError as error:
                # A network that fails must not look like a file that cannot be read.
                if not self.place.is_local:
                    raise ReadingError(
                        f"{file.path} must be readable to its end; it is not "
                        f"({first_line(error)}). Run the same command again, or leave "
                        "the file out."
                    ) from error
                yield _broken(file, error)
            except Exception as error:  # no file ends a run, whatever it holds
                yield _broken(file, error)

    def _rows(
        self, file: SourceFile, columns: Columns
    ) -> Iterator[Document | SetAside]:
        from pyarrow import parquet

        prefix = "" if self.is_alone else f"{file.id}#"
        with self.place.files.open_input_file(file.path) as opened:
            table = parquet.ParquetFile(opened)
            wanted = [columns.text or "", columns.id]
            names = [one for one in table.schema_arrow.names if one in wanted]
            number = self.first_row
            for batch in table.iter_batches(
                batch_size=_ROWS_AT_ONCE, row_groups=[self.row_group], columns=names
            ):
                for row in batch.to_pylist():
                    number += 1
                    yield _document(row, number, columns, prefix, file.path)

    def _entries(
        self, file: SourceFile, columns: Columns
    ) -> Iterator[Document | SetAside]:
        if self.place.is_local:
            yield from self._read(Path(file.path), file, columns)
            return
        with tempfile.TemporaryDirectory(prefix="longshot-") as folder:
            path = Path(folder) / posixpath.basename(file.path)
            with self.place.files.open_input_stream(file.path) as stream:
                with path.open("wb") as here:
                    while piece := stream.read(1 << 20):
                        here.write(piece)
            yield from self._read(path, file, columns)

    def _read(
        self, path: Path, file: SourceFile, columns: Columns
    ) -> Iterator[Document | SetAside]:
        if self.is_alone and is_table(path):
            table = Table(path=path, columns=columns, source=file.path)
            yield from (outcome for _, outcome in table.outcomes())
        else:
            yield from entry_outcomes(Entry(path, file.id, file.path), columns)


def _broken(file: SourceFile, error: Exception) -> SetAside:
    reason = f"cannot be read ({first_line(error)})"
    return SetAside(id=file.id, source=file.path, reason=reason)


def _document(
    row: dict[str, object], number: int, columns: Columns, prefix: str, path: str
) -> Document | SetAside:
    own = row.get(columns.id)
    id_ = f"{prefix}{number if own in (None, '') else own}"
    source = f"{path}, row {number}"
    text = row.get(columns.text or "")
    if not isinstance(text, str):
        reason = f'holds no text in its column "{columns.text}"'
        return SetAside(id=id_, source=source, reason=reason)
    return Document(id=id_, text=text, source=source)


def found_sources(documents: str, columns: Columns) -> list[Source]:
    """Find what is to be read.

    Parameters
    ----------
    documents
        A file, a folder or a pattern (``pile/*.parquet``), as a path or an address.
    columns
        Those of tables.

    Raises
    ------
    ReadingError
        If there is nothing, or a table lacks the column of texts.
    """
    place, files, is_alone = _found_files(documents)
    with ThreadPoolExecutor(_LOOKS_AT_ONCE) as pool:
        groups = list(
            pool.map(
                lambda file: (
                    _row_groups(place, file, columns)
                    if file.path.endswith(".parquet")
                    else None
                ),
                files,
            )
        )
    found: list[Source] = []
    few: list[SourceFile] = []

    def add(*of: SourceFile, row_group: int | None = None, first_row: int = 0) -> None:
        found.append(
            Source(
                number=len(found),
                place=place,
                files=of,
                is_alone=is_alone,
                row_group=row_group,
                first_row=first_row,
            )
        )

    for file, rows in zip(files, groups, strict=True):
        is_small = rows is None and not is_table(Path(file.path))
        if few and (not is_small or len(few) == _FILES_AT_ONCE):
            add(*few)
            few = []
        if is_small:
            few.append(file)
        elif rows is None:
            add(file)
        else:
            first = 0
            for number, n_rows in enumerate(rows):
                add(file, row_group=number, first_row=first)
                first += n_rows
    if few:
        add(*few)
    return found


def listing_digest(sources: list[Source]) -> str:
    """Give what stands for the files and their sizes, so that another pile is told."""
    files = [(one.path, one.size_bytes) for source in sources for one in source.files]
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def total_bytes(sources: list[Source]) -> int:
    """Add up the files' sizes; one of several row groups counts once."""
    return sum(
        file.size_bytes
        for source in sources
        if not source.row_group
        for file in source.files
    )


def _found_files(documents: str) -> tuple[Place, list[SourceFile], bool]:
    from pyarrow import fs

    address, mark, query = documents, "", ""
    if "://" in documents:  # what is asked of the file system follows a question mark
        address, mark, query = documents.partition("?")
    start, pattern = address, _PATTERN.search(address)
    if pattern:
        start = address[: address.rfind("/", 0, pattern.start()) + 1] or "."
    place = Place(start + mark + query)
    (info,) = place.files.get_file_info([place.path])
    if info.type == fs.FileType.File:
        name = posixpath.basename(place.path)
        return place, [SourceFile(path=place.path, id=name, size_bytes=info.size)], True
    wanted = address.removeprefix(start) if pattern else "*"
    files = [
        SourceFile(path=posixpath.join(place.path, name), id=name, size_bytes=size)
        for name, size in sorted(place.sizes())
        if not _is_hidden(name) and fnmatch.fnmatch(name, wanted)
    ]
    if not files:
        raise ReadingError(
            f"DOCUMENTS must hold at least one file; there is none at "
            f"{shown_address(documents)}. "
            "Check the path."
        )
    return place, files, False


def _is_hidden(name: str) -> bool:
    own = posixpath.basename(name)
    return any(part.startswith(".") for part in name.split("/")) or is_litter(own)


def _row_groups(place: Place, file: SourceFile, columns: Columns) -> list[int]:
    """Give the rows of each row group, by the file's footer alone."""
    from pyarrow import ArrowException, parquet

    try:
        with place.files.open_input_file(file.path) as opened:
            facts = parquet.read_metadata(opened)
    except (ArrowException, OSError) as error:
        raise ReadingError(
            f"a Parquet file must be whole; {file.path} is not ({first_line(error)}). "
            "Save it again, or leave it out."
        ) from error
    columns.require(facts.schema.to_arrow_schema().names, table=file.path)
    return [facts.row_group(i).num_rows for i in range(facts.num_row_groups)]
