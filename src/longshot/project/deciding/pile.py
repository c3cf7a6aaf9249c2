"""The documents of a project as deciding sees them: numbers, hashes, features.

They are held in memory while the project is open, and follow the database: what was
added since is read once, what was removed goes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int
from sqlalchemy import Connection, bindparam, func, select, update

from longshot.classify import DocumentFeatures
from longshot.project.adding import content_hash
from longshot.project.browsing import live_documents, read_back
from longshot.project.database import Database
from longshot.project.database.connection import Row
from longshot.project.database.schema import documents, entries
from longshot.project.deciding.boilerplate import Boilerplate
from longshot.project.deciding.features import (
    SHARD_DOCUMENTS,
    FeatureStore,
    KnownDocuments,
    ReadCounts,
)
from longshot.project.labels import named_labels
from longshot.project.log import ignored, last_entry
from longshot.records import NamedLabel, OnSetAside, OnWindow, SetAside

_SHARD_CHARACTERS = 20_000_000


class _Moment(NamedTuple):
    """The last entry and document that there are: what is seen follows from both.

    Whatever people do is one more entry; adding goes on under the one that it began.
    """

    entry: int
    document: int


class _Seen(NamedTuple):
    """What the database says of the pile at one moment."""

    moment: _Moment
    rows: tuple[Row, ...]
    labels: tuple[NamedLabel, ...]
    boilerplate: Boilerplate
    last_entry: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Pile:
    """Every document that can be decided, in the order of adding.

    Attributes
    ----------
    rows
        What the database says of each.
    labels, boilerplate, last_entry
        The labels that were named, the passages that are ignored, and the entry of the
        log up to which all of it goes.
    hashes
        Of what is read of each text.
    features, reading
        Their features, and how they were read, row by row.
    """

    rows: tuple[Row, ...]
    labels: tuple[NamedLabel, ...]
    boilerplate: Boilerplate
    last_entry: int
    hashes: tuple[str, ...]
    features: DocumentFeatures
    reading: ReadCounts

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def numbers(self) -> Int[np.ndarray, " document"]:
        """Their numbers, ascending."""
        return np.array([row.number for row in self.rows], dtype=np.int64)

    @cached_property
    def ids(self) -> list[str]:
        """Their ids."""
        return [row.id for row in self.rows]

    @cached_property
    def known_ids(self) -> frozenset[str]:
        """The same, to look one up."""
        return frozenset(self.ids)

    @cached_property
    def is_open(self) -> Bool[np.ndarray, " document"]:
        """Which of them carry no label of a person's, and were not put off."""
        return np.array([row.state == "open" for row in self.rows], dtype=bool)

    @cached_property
    def is_labelled(self) -> Bool[np.ndarray, " document"]:
        """Which carry a person's label."""
        return np.array([row.state == "labelled" for row in self.rows], dtype=bool)


class PileReader:
    """Keeps the pile of a project in memory, and reads what is new.

    Parameters
    ----------
    database
        The project's.
    store
        Where features are kept.
    """

    def __init__(self, database: Database, store: FeatureStore) -> None:
        self._database = database
        self._store = store
        self._known: KnownDocuments | None = None
        self._is_loaded = False
        self._boilerplate = Boilerplate([])
        self._read_hashes: dict[str, str] = {}
        self._latest: tuple[_Moment, Pile] | None = None

    def pile(
        self,
        *,
        on_set_aside: OnSetAside | None = None,
        on_window: OnWindow | None = None,
    ) -> Pile | None:
        """Give the pile as it stands; None where there is no document.

        Parameters
        ----------
        on_set_aside
            Told of documents without a token, which are marked as unreadable.
        on_window
            Told of each window that is read anew.
        """
        if (found := self._unchanged()) is not None:
            return found
        self._load()
        while True:
            # Reading may take hours, in which documents and labels come and go.
            seen = self._seen()
            hashes = self._hashes(seen)
            missing = self._missing(seen.rows, hashes)
            if not missing:
                break
            self._read(missing, on_set_aside, on_window)
        return self._made(seen, hashes)

    def as_read(self) -> Pile | None:
        """Give the pile, where all of it was read before; None where some was not."""
        if (found := self._unchanged()) is not None:
            return found
        self._load()
        seen = self._seen()
        hashes = self._hashes(seen)
        return None if self._missing(seen.rows, hashes) else self._made(seen, hashes)

    def _made(self, seen: "_Seen", hashes: tuple[str, ...]) -> Pile | None:
        """Put the features to what the database says; all of them are known."""
        if not seen.rows:
            return None
        assert self._known is not None
        # As they stand already, nothing is copied: the common case after a label.
        if hashes != self._known.hashes:
            place = {digest: row for row, digest in enumerate(self._known.hashes)}
            wanted = np.array([place[one] for one in hashes], dtype=np.int64)
            self._known = self._known.take(wanted)
        made = Pile(
            rows=seen.rows,
            labels=seen.labels,
            boilerplate=seen.boilerplate,
            last_entry=seen.last_entry,
            hashes=hashes,
            features=self._known.features,
            reading=self._known.reading,
        )
        self._latest = seen.moment, made
        return made

    def _unchanged(self) -> Pile | None:
        """Give the pile of before, where nothing happened since: no row is looked at.

        What is marked as unreadable without an entry was in no pile.
        """
        if self._latest is None:
            return None
        moment, pile = self._latest
        with self._database.reading() as connection:
            return pile if _moment(connection) == moment else None

    def missing(self) -> list[Row]:
        """Give the documents that must be read before deciding; one for each text."""
        if self._unchanged() is not None:
            return []
        self._load()
        seen = self._seen()
        return list(self._missing(seen.rows, self._hashes(seen)).values())

    def _load(self) -> None:
        if not self._is_loaded:
            self._known, self._is_loaded = self._store.load(), True

    def _seen(self) -> "_Seen":
        """Look at the database; the features are put in later."""
        with self._database.reading() as connection:
            # First: what happens while the rest is read makes decisions stale, and
            # never passes for known.
            moment, newest = _moment(connection), last_entry(connection)
            labels = named_labels(connection)
            passages = ignored(connection)
            rows = connection.execute(live_documents()).all()
        boilerplate = Boilerplate(passages)
        return _Seen(moment, tuple(rows), tuple(labels), boilerplate, newest)

    def _hashes(self, seen: "_Seen") -> tuple[str, ...]:
        """Give the hash of what is read of each text: without what is ignored.

        Texts are looked through once for the passages that are ignored now.
        """
        if seen.boilerplate.passages != self._boilerplate.passages:
            self._boilerplate, self._read_hashes = seen.boilerplate, {}
            self._known = self._store.load()  # what was read before is there still
        if not self._boilerplate.passages:
            return tuple(row.content_hash for row in seen.rows)
        new = [row for row in seen.rows if row.content_hash not in self._read_hashes]
        with self._database.reading() as connection:
            texts = read_back(connection, [row.number for row in new])
            for row, document in zip(new, texts, strict=True):
                read = self._boilerplate.without(document.text)
                is_whole = read == document.text
                digest = row.content_hash if is_whole else content_hash(read)
                self._read_hashes[row.content_hash] = digest
        return tuple(self._read_hashes[row.content_hash] for row in seen.rows)

    def _missing(self, rows: Sequence[Row], hashes: Sequence[str]) -> dict[str, Row]:
        """Give a document for each text without features, by the hash of what is read.

        In the order of the documents.
        """
        has = set(self._known.hashes) if self._known is not None else set()
        pairs = zip(hashes, rows, strict=True)
        found = {digest: row for digest, row in pairs if digest not in has}
        return dict(sorted(found.items(), key=lambda one: int(one[1].number)))

    def _read(
        self,
        missing: Mapping[str, Row],
        on_set_aside: OnSetAside | None,
        on_window: OnWindow | None,
    ) -> None:
        """Read what has no features yet, some documents at a time."""
        found = [] if self._known is None else [self._known]
        hash_of = {row.number: digest for digest, row in missing.items()}
        for shard in _shards(list(missing.values())):
            with self._database.reading() as connection:
                texts = [
                    replace(one, text=self._boilerplate.without(one.text))
                    for one in read_back(connection, [row.number for row in shard])
                ]
            blank: list[SetAside] = []
            part = self._store.read(
                texts,
                [hash_of[row.number] for row in shard],
                on_set_aside=blank.append,
                on_window=on_window,
            )
            found += [] if part is None else [part]
            self._mark(shard, blank)
            for one in blank:
                if on_set_aside is not None:
                    on_set_aside(one)
        if found:
            self._known = KnownDocuments.concat(found)

    def _mark(self, shard: Sequence[Row], blank: Sequence[SetAside]) -> None:
        """Mark documents without a token, and those of the same text."""
        reasons = {one.id: one.reason for one in blank}
        rows = [
            {"of": row.content_hash, "reason": reasons[row.id]}
            for row in shard
            if row.id in reasons
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(
                    update(documents)
                    .where(documents.c.content_hash == bindparam("of"))
                    .values(unreadable=bindparam("reason")),
                    rows,
                )


def _moment(connection: Connection) -> _Moment:
    numbers = (entries.c.number, documents.c.number)
    found = (connection.execute(select(func.max(one))).scalar() for one in numbers)
    return _Moment(*(one or 0 for one in found))


def _shards(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Group documents, so that a killed run loses the last group at most."""
    shard: list[Row] = []
    n_characters = 0
    for row in rows:
        shard.append(row)
        n_characters += row.n_characters
        if len(shard) == SHARD_DOCUMENTS or n_characters > _SHARD_CHARACTERS:
            yield shard
            shard, n_characters = [], 0
    if shard:
        yield shard
