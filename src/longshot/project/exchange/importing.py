"""Into a project: documents, and the labels that people gave them elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from longshot.errors import SettingError
from longshot.project.adding import Adder, content_hash, made_id
from longshot.project.database.connection import Database, parts
from longshot.project.database.schema import documents
from longshot.project.exchange import (
    argilla,
    doccano,
    folders,
    label_studio,
    prodigy,
    tables,
)
from longshot.project.exchange.base import Received
from longshot.project.exchange.forms import TABLES
from longshot.project.log import storable, write
from longshot.project.opinions import give_label, opinions_on
from longshot.project.records import Imported
from longshot.records import Document, OnSetAside, SetAside
from longshot.records.forms import ExchangeForm

_READERS = {
    "folders": folders.read,
    "label-studio": label_studio.read,
    "argilla": argilla.read,
    "prodigy": prodigy.read,
    "doccano": doccano.read,
}


_BATCH = 500


def read_form(
    path: Path, form: ExchangeForm, **columns: str
) -> Iterator[Received | SetAside]:
    """Read what a file of some form says about documents; no project is needed.

    Parameters
    ----------
    path, form
        What is read.
    columns
        Of a table: ``text_column``, ``label_column``, ``id_column``.

    Raises
    ------
    ReadingError
        If the file cannot be read.
    SettingError
        If nothing can be read of this form.
    """
    if form == "report":
        raise SettingError(
            "a page of HTML cannot be read in; save its labels as a table first, and "
            "import that. Name another --form."
        )
    return tables.read(path, **columns) if form in TABLES else _READERS[form](path)


def take_in(
    database: Database,
    received: Iterable[Received | SetAside],
    *,
    who: str,
    why: str,
    on_set_aside: OnSetAside | None,
) -> Imported:
    """Add the documents that a file holds, and give them the labels that stand there.

    What is there already is known, so that taking a file in twice changes nothing.
    """
    aside: list[SetAside] = []

    def told(one: SetAside) -> None:
        aside.append(one)
        if on_set_aside is not None:
            on_set_aside(one)

    n_added = n_known = n_labelled = 0
    for batch in _batches(received):
        kept = _with_ids(database, [one for one in batch if isinstance(one, Received)])
        refused = [one for one in batch if isinstance(one, SetAside)]
        n_before = len(aside)
        written = [one for one in kept if one.text is not None]
        given: list[Document | SetAside] = [*map(_document, written), *refused]
        added = Adder(database, who=who, on_set_aside=told).add(given)
        n_added += added.n_added
        n_known += added.n_known
        gone = {one.id for one in aside[n_before:]}
        kept = [one for one in kept if one.id not in gone]
        n_labelled += _label(database, kept, who, why, told)
    return Imported(
        n_added=n_added,
        n_known=n_known,
        n_labelled=n_labelled,
        n_set_aside=len(aside),
    )


def _label(
    database: Database,
    received: list[Received],
    who: str,
    why: str,
    told: OnSetAside,
) -> int:
    """Give labels, those of one person and name together; those that hold stay."""
    with database.reading() as connection:
        there = opinions_on(connection, [_id(one) for one in received])
    groups: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    skipped: list[str] = []
    n_labelled = 0
    for one in received:
        id_ = _id(one)
        if id_ not in there:
            reason = "names a document that the project does not hold"
            told(SetAside(id=id_, source=one.source, reason=reason))
            continue
        n_labelled += bool(one.opinions)
        for opinion in one.opinions:
            said_by = opinion.who or who
            if there[id_].get(said_by, _NOTHING) != opinion.label:
                groups[opinion.who, opinion.label].append(id_)
        if one.is_skipped and not one.opinions:
            skipped.append(id_)
    for (name, label), ids in groups.items():
        with database.writing() as connection:
            give_label(connection, ids, label, who=who, why=why, said_by=name)
    if skipped:
        with database.writing() as connection:
            write(connection, "skip", skipped, who=who, why=why)
    return n_labelled


_NOTHING = object()


def _batches(
    received: Iterable[Received | SetAside],
) -> Iterator[list[Received | SetAside]]:
    batch: list[Received | SetAside] = []
    for one in received:
        batch.append(one)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _with_ids(database: Database, received: list[Received]) -> list[Received]:
    """Give each an id: its own, that of a document of the same text, or a made one."""
    nameless = {
        content_hash(storable(one.text or "")) for one in received if not one.id
    }
    there: dict[str, str] = {}
    with database.reading() as connection:
        for some in parts(sorted(nameless)):
            rows = connection.execute(
                select(documents.c.content_hash, documents.c.id).where(
                    documents.c.content_hash.in_(some), ~documents.c.is_removed
                )
            )
            there.update((row.content_hash, row.id) for row in rows)

    def named(one: Received) -> str:
        if one.id:
            return storable(one.id)
        text = storable(one.text or "")
        return there.get(content_hash(text)) or made_id(text)

    return [replace(one, id=named(one)) for one in received]


def _document(one: Received) -> Document:
    return Document(id=_id(one), text=one.text or "", source=one.source)


def _id(one: Received) -> str:
    assert one.id is not None
    return one.id
