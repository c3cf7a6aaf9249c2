"""One file becomes its outcomes: a document, the rows of a table, or all that is in it.

A member of an archive or a mail is written to a folder of its own, under a name that
it cannot choose, and read like any other file; then it goes. So one member at a time
takes room, and every kind of file is read wherever it lies.
"""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from longshot.errors import LongshotError, ReadingError, first_line
from longshot.machine.unfinished import unfinished_folder
from longshot.reading.containers import Budget, Exhausted, Member, member_reader
from longshot.reading.containers.base import file_name
from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.files import check_there, read_file
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.table import Table, is_table
from longshot.records import Document, SetAside

_PREFIX = "longshot-members-"

Outcomes = Generator[Document | SetAside, None, None]


class Entry(NamedTuple):
    """A file to read.

    Attributes
    ----------
    path
        Where it is.
    id
        What its document is called.
    source
        What people call it.
    """

    path: Path
    id: str
    source: str


def entry_outcomes(entry: Entry, columns: Columns) -> Outcomes:
    """Read one file that a person named, or that lies in a folder; it never raises.

    A table that fails as a whole is set aside, and so is what lies in an archive after
    a place that is broken.
    """
    with ExitStack() as stack:
        try:
            yield from _outcomes(entry, _Work(columns, stack), None)
        except Exhausted as error:
            yield _aside(entry, f"and the rest that is in it is left out: it {error}")


class _Work:
    """What reading one file takes: the columns of tables, and room for members."""

    def __init__(self, columns: Columns, stack: ExitStack) -> None:
        self.columns = columns
        self._stack = stack
        self._folder: Path | None = None

    @contextmanager
    def room_for(self, name: str, depth: int) -> Iterator[Path]:
        """Give a place for a member's file, which goes again: one at a time is there.

        Those that it lies in are there too, each in a folder for its depth.
        """
        if self._folder is None:
            parent = Path(tempfile.gettempdir())
            self._folder = self._stack.enter_context(unfinished_folder(parent, _PREFIX))
        folder = self._folder / str(depth)
        folder.mkdir(exist_ok=True)
        path = folder / file_name(name)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def _outcomes(entry: Entry, work: _Work, budget: Budget | None) -> Outcomes:
    if is_table(entry.path):
        yield from _rows(entry, work.columns)
        return
    try:
        check_there(entry.path)
        reader = member_reader(entry.path)
        if reader is None:
            yield _document(entry, read_file(entry.path))
            return
        if budget is None:
            budget = Budget(entry.path.stat().st_size)
        yield from _members(entry, reader(entry.path, budget), work, budget)
    except (LongshotError, Exhausted):
        raise
    except Unreadable as error:
        yield _aside(entry, str(error))
    except OSError as error:
        yield _aside(entry, f"cannot be opened ({error.strerror or error})")
    except Exception as error:  # whatever a library lets through: the run goes on
        yield _aside(entry, f"cannot be read ({first_line(error)})")


def _members(
    entry: Entry, members: Iterator[Member], work: _Work, budget: Budget
) -> Outcomes:
    """Give what each member holds, and tell where the file breaks off between them."""
    is_first = True
    try:
        for member in members:
            is_first = False
            yield from _member(entry, member, work, budget)
    except Exhausted:
        raise
    except Unreadable as error:
        if is_first:
            raise
        yield _aside(entry, f"and the rest that is in it is lost: it {error}")
        return
    if is_first:
        yield _aside(entry, "holds no file")


def _member(entry: Entry, member: Member, work: _Work, budget: Budget) -> Outcomes:
    inner = _inside(entry, member.name)
    if isinstance(member.holds, Content):
        yield _document(inner, member.holds)
        return
    if isinstance(member.holds, Unreadable):
        yield _aside(inner, str(member.holds))
        return
    try:
        deeper = budget.deeper()
        with work.room_for(member.name, deeper.depth) as path:
            budget.write(member.holds, path)
            yield from _outcomes(inner._replace(path=path), work, deeper)
    except Exhausted:
        raise
    except Unreadable as error:
        yield _aside(inner, str(error))


def _inside(entry: Entry, name: str) -> Entry:
    """Name what lies in a file by both, so that a document says where it was."""
    if not name:
        return entry
    between = "/" if ", in it " in entry.source else ", in it "
    return Entry(entry.path, f"{entry.id}/{name}", f"{entry.source}{between}{name}")


def _rows(entry: Entry, columns: Columns) -> Outcomes:
    table = Table(
        path=entry.path, columns=columns, prefix=f"{entry.id}#", source=entry.source
    )
    try:
        yield from (outcome for _, outcome in table.outcomes())
    except ReadingError as error:
        reason = f"cannot be read as a table: {str(error).rstrip('.')}"
        yield _aside(entry, reason)


def _document(entry: Entry, content: Content) -> Document:
    return Document(
        id=entry.id,
        text=content.text,
        source=entry.source,
        notes=content.notes,
        pages=content.pages,
        text_share=content.text_share,
    )


def _aside(entry: Entry, reason: str) -> SetAside:
    return SetAside(id=entry.id, source=entry.source, reason=reason)
