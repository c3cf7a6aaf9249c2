"""Documents into a project, in small transactions, as they are read.

A process that is killed leaves all that it had finished; the same command, started
again, finds those documents known and goes on with the others.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, delete, insert, select

from longshot.project.database.connection import Database, parts
from longshot.project.database.schema import documents, set_aside, texts
from longshot.project.log import attach, begin_entry, now, storable
from longshot.project.records import Added, PutAside
from longshot.records import Document, OnSetAside, SetAside

Found = TypeVar("Found", Document, SetAside)

_BATCH_DOCUMENTS = 200
_BATCH_CHARACTERS = 10_000_000
_BATCH_S = 2.0
"""A batch is written when one of these is reached: what is lost with a killed process,
and how long others wait for their turn, stay small."""

_MADE_ID_DIGITS = 12


def content_hash(text: str) -> str:
    """Give the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def made_id(text: str) -> str:
    """Name a document by its content, where nobody gave it an id.

    Examples
    --------
    >>> made_id("The roof leaks.")
    '129dccff7f16'
    """
    return content_hash(storable(text))[:_MADE_ID_DIGITS]


def found_in(source: str | Path, **columns: str) -> Iterator[Document | SetAside]:
    """Read documents from a place, with what cannot be read in between.

    Raises
    ------
    ReadingError
        As :func:`longshot.reading.read_documents`.
    """
    from longshot.reading import read_documents

    aside: list[SetAside] = []
    found = read_documents(source, on_set_aside=aside.append, **columns)

    def both() -> Iterator[Document | SetAside]:
        for document in found:
            yield from aside
            aside.clear()
            yield document
        yield from aside

    return both()


def files_aside(aside: Iterable[PutAside]) -> dict[Path, PutAside]:
    """Give the files that could not be read and still lie where they did.

    Tables and what is in archives are passed over: several documents are of one file.
    """
    from longshot.reading.tables.table import is_table, is_there

    found = ((Path(one.source), one) for one in aside if one.source)
    return {path: one for path, one in found if is_there(path) and not is_table(path)}


def read_again(aside: Iterable[PutAside]) -> Iterator[Document | SetAside]:
    """Read files that could not be read before; those that are gone are passed over."""
    from longshot.reading import read_documents

    for path, known in files_aside(aside).items():
        refused: list[SetAside] = []
        for document in read_documents(path, on_set_aside=refused.append):
            yield placed(document, path, known.id)
        yield from (placed(one, path, known.id) for one in refused)


def placed(one: Found, path: Path, place: str) -> Found:
    """Know what was read of a file by another place: a whole table, its rows, a part.

    Examples
    --------
    >>> from longshot.records import Document
    >>> part = Document(id="mail.eml/lease.pdf", text="The rent is due.")
    >>> placed(part, Path("/tmp/mail.eml"), "2024/mail.eml").id
    '2024/mail.eml/lease.pdf'
    """
    from longshot.reading.tables.table import is_table

    if is_table(path) and one.id != path.name:
        return replace(one, id=f"{place}#{one.id}")
    return replace(one, id=place + one.id.removeprefix(path.name))


class Adder:
    """Adds documents under one entry of the log.

    Parameters
    ----------
    database
        The project's.
    who
        Who adds them.
    on_set_aside
        Told of each document that cannot be used.
    """

    def __init__(
        self, database: Database, *, who: str, on_set_aside: OnSetAside | None
    ) -> None:
        self._database = database
        self._who = who
        self._on_set_aside = on_set_aside
        self._entry: int | None = None
        self._n_added = self._n_known = self._n_set_aside = 0

    def add(
        self,
        found: Iterable[Document | SetAside],
        on_written: Callable[[Added], None] | None = None,
    ) -> Added:
        """Add documents; those set aside are kept in a list, with the reason."""
        for batch in _batches(found):
            with self._database.writing() as connection:
                self._write(connection, batch)
            # Told after the transaction: what was told of is there for good.
            if on_written is not None:
                on_written(self._added())
        return self._added()

    def _added(self) -> Added:
        return Added(
            n_added=self._n_added,
            n_known=self._n_known,
            n_set_aside=self._n_set_aside,
        )

    def _write(
        self, connection: Connection, batch: Sequence[Document | SetAside]
    ) -> None:
        given = [_cleaned(one) for one in batch if isinstance(one, Document)]
        aside = [one for one in batch if isinstance(one, SetAside)]
        known = _by_id(connection, [one.id for one in given], documents.c.content_hash)
        fresh: dict[str, tuple[Document, str]] = {}
        for one in given:
            digest = content_hash(one.text)
            there = known.get(one.id) or (one.id in fresh and fresh[one.id][1])
            if there == digest:
                self._n_known += 1
            elif reason := _why_not(one, taken=bool(there)):
                aside.append(SetAside(id=one.id, source=one.source, reason=reason))
            else:
                fresh[one.id] = (one, digest)
        self._insert(connection, list(fresh.values()))
        # What comes again is told anew, if it has to be.
        _take_from_aside(connection, _with_files(storable(one.id) for one in batch))
        self._put_aside(connection, aside)

    def _insert(
        self, connection: Connection, fresh: Sequence[tuple[Document, str]]
    ) -> None:
        if not fresh:
            return
        if self._entry is None:
            self._entry = begin_entry(connection, "add", who=self._who)
        rows = [
            {
                "id": one.id,
                "source": one.source,
                "notes": json.dumps(one.notes),
                "pages": json.dumps([list(page) for page in one.pages]),
                "text_share": one.text_share,
                "content_hash": digest,
                "n_characters": len(one.text),
                "added_at": now(),
                "added_by": storable(self._who),
            }
            for one, digest in fresh
        ]
        connection.execute(insert(documents), rows)
        numbers = _by_id(connection, [one.id for one, _ in fresh], documents.c.number)
        bodies = [{"document": numbers[one.id], "text": one.text} for one, _ in fresh]
        connection.execute(insert(texts), bodies)
        attach(connection, self._entry, sorted(numbers.values()))
        self._n_added += len(rows)

    def _put_aside(self, connection: Connection, aside: Sequence[SetAside]) -> None:
        if not aside:
            return
        rows = [
            {
                "id": storable(one.id),
                "source": storable(one.source),
                "reason": storable(one.reason),
                "at": now(),
            }
            for one in aside
        ]
        connection.execute(insert(set_aside), rows)
        self._n_set_aside += len(rows)
        for one in aside:
            if self._on_set_aside is not None:
                self._on_set_aside(one)


def _batches(
    found: Iterable[Document | SetAside],
) -> Iterator[list[Document | SetAside]]:
    batch: list[Document | SetAside] = []
    n_characters, began = 0, time.monotonic()
    for one in found:
        batch.append(one)
        n_characters += len(one.text) if isinstance(one, Document) else 0
        is_full = len(batch) == _BATCH_DOCUMENTS or n_characters > _BATCH_CHARACTERS
        if is_full or time.monotonic() - began > _BATCH_S:
            yield batch
            batch, n_characters, began = [], 0, time.monotonic()
    if batch:
        yield batch


def _cleaned(document: Document) -> Document:
    """Give a document as the database can hold it."""
    return Document(
        id=storable(document.id),
        text=storable(document.text),
        source=storable(document.source),
        notes=tuple(map(storable, document.notes)),
        pages=document.pages,
        text_share=document.text_share,
    )


def _why_not(document: Document, *, taken: bool) -> str | None:
    if not document.text.strip():
        return "holds no text"
    if taken:
        return (
            f"has the id {document.id}, which another text of the project has; rename "
            "it, or remove that document first"
        )
    return None


def _by_id(
    connection: Connection, ids: Sequence[str], column: Column[Any]
) -> dict[str, Any]:
    """Give a column of the documents that are there already, by their ids."""
    found: dict[str, Any] = {}
    for some in parts(list(ids)):
        rows = connection.execute(
            select(documents.c.id, column).where(
                documents.c.id.in_(some), ~documents.c.is_removed
            )
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def _with_files(ids: Iterable[str]) -> list[str]:
    """Give ids, and those of the archives, mails and tables that they are parts of.

    Examples
    --------
    >>> _with_files(["in/mail.eml/pile.csv#7"])
    ['in', 'in/mail.eml', 'in/mail.eml/pile.csv', 'in/mail.eml/pile.csv#7']
    """
    found = {
        one[: end.start()] for one in ids for end in re.finditer(r"(?!^)[/#]|$", one)
    }
    return sorted(found)


def _take_from_aside(connection: Connection, ids: Sequence[str]) -> None:
    """Drop what was said before of documents that came again."""
    for some in parts(list(ids)):
        connection.execute(delete(set_aside).where(set_aside.c.id.in_(some)))
