"""The entrance for documents: a file, a folder, a table, or standard input."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath

from longshot.errors import ReadingError
from longshot.reading.sources.admission import Admission
from longshot.reading.sources.entries import Entry, entry_outcomes
from longshot.reading.sources.folders import Apart, id_below, walk
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.streams import STANDARD_INPUT
from longshot.reading.tables.table import Table, is_table
from longshot.records import Document, OnSetAside, SetAside


def read_documents(
    source: str | Path,
    *,
    text_column: str = "text",
    id_column: str = "id",
    on_set_aside: OnSetAside | None = None,
) -> Iterator[Document]:
    """Read documents one at a time, in a fixed order.

    Parameters
    ----------
    source
        A file (text, Markdown, HTML, XML, PDF, DOCX, OpenDocument, a notebook, a mail,
        subtitles; with the extra ``documents`` other office files too; anything else is
        tried as text), a table (csv, tsv, jsonl, parquet, each also as .gz; one
        document per row), an archive or a mailbox of all these, a folder (read
        recursively), or ``-`` for jsonl on standard input.
    text_column, id_column
        The columns of tables. Rows without an id are numbered from 1.
    on_set_aside
        Called with each document that cannot be read; reading goes on.

    Yields
    ------
    Document
        Its id is the path below the folder, the file's name, or the row's id; for a
        table in a folder, ``path#id``; for what lies in another file, the id of that
        and the name in it, as ``mail.eml/lease.pdf``.

    Raises
    ------
    ReadingError
        If the source as a whole cannot be read: it does not exist, is an empty folder,
        or a table without rows or without the column. Also for the first document that
        cannot be read, if ``on_set_aside`` is None.

    Examples
    --------
    >>> try:
    ...     read_documents("pile.csv")
    ... except ReadingError as error:
    ...     print(error)
    DOCUMENTS must exist; there is no pile.csv. Check the path.
    """
    path = existing(source, argument="DOCUMENTS")
    columns = Columns(text=text_column, id=id_column)
    admission = Admission(on_set_aside)
    return (
        outcome for outcome in _outcomes(path, columns) if admission.admits(outcome)
    )


def existing(source: str | Path, *, argument: str) -> Path:
    """Check that a source is there.

    Raises
    ------
    ReadingError
        If it is not, or its folder may not be looked into.
    """
    if "://" in str(source):
        raise ReadingError(
            f"{argument} must be on this machine; got the address {source}. Download "
            "it, and name the file."
        )
    path = Path(source)
    try:
        if path != STANDARD_INPUT:
            _open(path)
    except FileNotFoundError as error:
        told = f"{argument} must exist; there is no {path}. Check the path."
        raise ReadingError(told) from error
    except (OSError, ValueError) as error:
        told = f"{argument} must be readable; {path} is not ({error}). Check the path."
        raise ReadingError(told) from error
    return path


def folder_outcomes(
    folder: Path, columns: Columns, *, apart: Apart | None = None
) -> Iterator[tuple[str, Document | SetAside]]:
    """Read all files below a folder, each outcome with its file's path below it.

    Each file is read once, for each value of `apart`: see :func:`walk`.

    Raises
    ------
    ReadingError
        If it holds none.
    """
    found = walk(folder, apart=apart)
    first = next(found, None)
    if first is None:
        raise ReadingError(
            f"a folder must hold at least one file to read; {folder} holds none. "
            "Check the path."
        )
    for entry in chain([first], found):
        if isinstance(entry, SetAside):
            yield entry.id, entry
        else:
            place = id_below(entry, folder)
            for outcome in entry_outcomes(Entry(entry, place, str(entry)), columns):
                yield place, outcome


def documents_named(
    source: Path, ids: Collection[str], columns: Columns
) -> Iterator[Document | SetAside]:
    """Read those documents of a source whose ids are named, and hardly any others.

    Raises
    ------
    ReadingError
        As :func:`read_documents`.
    """
    if not source.is_dir():
        outcomes: Iterable[Document | SetAside] = _outcomes(source, columns)
    else:
        wanted = {place for one in ids for place in _places(one)}
        entries = ((one, id_below(one, source)) for one in _files_below(source))
        outcomes = chain.from_iterable(
            entry_outcomes(Entry(entry, place, str(entry)), columns)
            for entry, place in entries
            if place in wanted
        )
    yield from (outcome for outcome in outcomes if outcome.id in ids)


def _places(id_: str) -> Iterator[str]:
    """Give the files that a document of an id may lie in: a table, an archive."""
    yield from (id_, id_.split("#")[0])
    yield from map(str, PurePosixPath(id_).parents)


def _files_below(folder: Path) -> Iterator[Path]:
    return (entry for entry in walk(folder) if isinstance(entry, Path))


def _open(path: Path) -> None:
    """Fail early where the person may not read; a pipe is left alone."""
    if path.is_dir():
        next(path.iterdir(), None)
    elif path.is_file():
        path.open("rb").close()
    else:
        path.stat()


def _outcomes(path: Path, columns: Columns) -> Iterator[Document | SetAside]:
    if path.is_dir():
        yield from (outcome for _, outcome in folder_outcomes(path, columns))
    elif is_table(path):
        table = Table(path=path, columns=columns)
        yield from (outcome for _, outcome in table.outcomes())
    else:
        yield from entry_outcomes(Entry(path, path.name, str(path)), columns)
