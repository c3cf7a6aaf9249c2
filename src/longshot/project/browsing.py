"""Looking at a project: one document, a part of the list, and the counts.

Whatever a first screen shows costs a walk along an index at most, however long the
texts are: they stand in a table of their own.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from longshot.errors import NotInProjectError
from longshot.project.database.connection import Row, is_sqlite, parts
from longshot.project.database.schema import (
    decisions,
    documents,
    set_aside,
    texts,
)
from longshot.project.log import storable
from longshot.project.records import (
    DocumentPage,
    DocumentQuery,
    DocumentRow,
    PutAside,
    QueriedState,
    Standing,
    StoredDocument,
)
from longshot.records import Document, PageStart

_BEGINNING_CHARACTERS = 200
_ESCAPE = "\\"

is_labelled = documents.c.state == "labelled"
is_decided = decisions.c.document.is_not(None)
_shown_label = case((is_labelled, documents.c.label), else_=decisions.c.label)
_with_decisions = documents.outerjoin(
    decisions, decisions.c.document == documents.c.number
)


def stored_document(connection: Connection, document_id: str) -> StoredDocument:
    """Give one document with its text.

    Raises
    ------
    NotInProjectError
        If there is none of that id.
    """
    row = connection.execute(
        select(documents, texts.c.text)
        .join(texts, texts.c.document == documents.c.number)
        .where(documents.c.id == storable(document_id), ~documents.c.is_removed)
    ).first()
    if row is None:
        raise NotInProjectError(
            f"a document must be one of the project's; there is none with the id "
            f"{document_id[:80]}. See its list of documents."
        )
    return StoredDocument(
        number=row.number,
        id=row.id,
        text=row.text,
        source=row.source,
        notes=tuple(json.loads(row.notes)),
        pages=_pages(row.pages),
        text_share=row.text_share,
        content_hash=row.content_hash,
        added_at=row.added_at,
        added_by=row.added_by,
        state=row.state,
        label=row.label,
        labelled_by=row.labelled_by,
        unreadable=row.unreadable,
    )


def read_back(connection: Connection, numbers: Sequence[int]) -> Iterator[Document]:
    """Give documents as they were added, in the order of their numbers."""
    for some in parts(sorted(numbers)):
        rows = connection.execute(
            select(documents, texts.c.text)
            .join(texts, texts.c.document == documents.c.number)
            .where(documents.c.number.in_(some))
            .order_by(documents.c.number)
        )
        yield from map(document_from, rows)


def document_from(row: Row) -> Document:
    """Read a document from a row of it and its text."""
    return Document(
        id=row.id,
        text=row.text,
        source=row.source,
        notes=tuple(json.loads(row.notes)),
        pages=_pages(row.pages),
        text_share=row.text_share,
    )


def document_page(connection: Connection, query: DocumentQuery) -> DocumentPage:
    """Give a part of the list of documents."""
    wanted = _conditions(connection, query)
    counted = select(func.count()).select_from(_tables(query)).where(*wanted)
    rows = connection.execute(
        select(
            documents,
            decisions.c.document.label("decided"),
            decisions.c.label.label("decided_label"),
            decisions.c.confidence,
            decisions.c.new_class,
            func.substr(texts.c.text, 1, _BEGINNING_CHARACTERS).label("begins"),
        )
        .select_from(
            _with_decisions.join(texts, texts.c.document == documents.c.number)
        )
        .where(*wanted)
        .order_by(*_order(query))
        .offset(query.offset)
        .limit(query.limit)
    )
    found = tuple(map(_document_row, rows))
    return DocumentPage(
        rows=found,
        total=connection.execute(counted).scalar_one(),
        offset=query.offset,
    )


def standings(connection: Connection, query: DocumentQuery) -> list[Standing]:
    """Give what stands about every document that is wanted, without texts."""
    joined = _with_decisions
    if query.search:
        joined = joined.join(texts, texts.c.document == documents.c.number)
    rows = connection.execute(
        select(documents.c.id, _shown_label, decisions.c.confidence, is_labelled)
        .select_from(joined)
        .where(*_conditions(connection, query))
        .order_by(*_order(query))
    )
    return [Standing(*row) for row in rows]


def standings_by_number(connection: Connection) -> dict[int, str | None]:
    """Give the label that stands now of every document that has one, by its number."""
    rows = connection.execute(
        select(documents.c.number, _shown_label)
        .select_from(_with_decisions)
        .where(~documents.c.is_removed, or_(is_labelled, is_decided))
    )
    return {number: label for number, label in rows}


def put_aside(connection: Connection) -> list[PutAside]:
    """Give what could not be added, and why."""
    rows = connection.execute(select(set_aside).order_by(set_aside.c.number))
    return [
        PutAside(
            number=row.number,
            id=row.id,
            source=row.source,
            reason=row.reason,
            at=row.at,
        )
        for row in rows
    ]


def _tables(query: DocumentQuery) -> Any:
    """Give the tables that counting needs, and no more."""
    needed: Any = documents
    asks_decisions = (
        bool(query.labels)
        or query.state in ("decided", "changed")
        or query.min_confidence is not None
        or query.max_confidence is not None
        or query.new_class is not None
    )
    if asks_decisions:
        needed = _with_decisions
    if query.search:
        needed = needed.join(texts, texts.c.document == documents.c.number)
    return needed


def _conditions(
    connection: Connection, query: DocumentQuery
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [~documents.c.is_removed]
    if query.search:
        wanted.append(_holds(connection, query.search))
    if query.labels:
        wanted.append(or_(*map(_has_label, query.labels)))
    if query.state is not None:
        wanted += _in_state(query.state)
    if query.min_confidence is not None:
        wanted.append(decisions.c.confidence >= query.min_confidence)
    if query.max_confidence is not None:
        wanted.append(decisions.c.confidence <= query.max_confidence)
    if query.new_class is not None:
        wanted.append(decisions.c.new_class == query.new_class)
    return wanted


def _in_state(state: QueriedState) -> list[ColumnElement[bool]]:
    if state == "decided":
        return [~is_labelled, is_decided]
    if state == "changed":
        is_other = documents.c.label.is_distinct_from(decisions.c.label)
        return [is_labelled, is_decided, is_other]
    return [documents.c.state == state]


def _has_label(label: str) -> ColumnElement[bool]:
    if label:
        given, decided = documents.c.label == label, decisions.c.label == label
    else:
        given = documents.c.label.is_(None)
        decided = and_(is_decided, decisions.c.label.is_(None))
    return or_(and_(is_labelled, given), and_(~is_labelled, decided))


def _holds(connection: Connection, search: str) -> ColumnElement[bool]:
    """Look for a text; SQLite's LIKE does not mind the case of ASCII letters."""
    escaped = storable(search).replace(_ESCAPE, _ESCAPE * 2)
    pattern = f"%{escaped.replace('%', _ESCAPE + '%').replace('_', _ESCAPE + '_')}%"
    columns = documents.c.id, texts.c.text
    if is_sqlite(connection):
        return or_(*(one.like(pattern, escape=_ESCAPE) for one in columns))
    return or_(*(one.ilike(pattern, escape=_ESCAPE) for one in columns))


def _order(query: DocumentQuery) -> list[ColumnElement[Any]]:
    by_number = documents.c.number.asc()
    if query.order == "id":
        return [documents.c.id.asc()]
    if query.order == "label":
        return [_shown_label.asc().nulls_last(), by_number]
    if query.order == "least_sure":
        return [decisions.c.confidence.asc().nulls_last(), by_number]
    if query.order == "most_sure":
        return [decisions.c.confidence.desc().nulls_last(), by_number]
    return [by_number]


def _document_row(row: Any) -> DocumentRow:
    is_labelled = row.state == "labelled"
    return DocumentRow(
        number=row.number,
        id=row.id,
        source=row.source,
        n_characters=row.n_characters,
        state=row.state,
        label=row.label if is_labelled else row.decided_label,
        given_label=row.label,
        labelled_by=row.labelled_by,
        is_decided=row.decided is not None,
        decided_label=row.decided_label,
        confidence=row.confidence,
        new_class=row.new_class,
        unreadable=row.unreadable,
        begins=row.begins,
    )


def _pages(plain: str) -> tuple[PageStart, ...]:
    return tuple(PageStart(*one) for one in json.loads(plain))


def live_documents() -> Select[Any]:
    """Ask for what deciding needs of every document that can be decided."""
    return (
        select(
            documents.c.number,
            documents.c.id,
            documents.c.content_hash,
            documents.c.state,
            documents.c.label,
            documents.c.n_characters,
        )
        .where(~documents.c.is_removed, documents.c.unreadable.is_(None))
        .order_by(documents.c.number)
    )
