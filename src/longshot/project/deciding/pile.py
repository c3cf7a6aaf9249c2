"""The documents of a project as deciding sees them: numbers, hashes, features.

They are held in memory while the project is open, and follow the database: what was
added since is read once, what was removed goes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int
from sqlalchemy import bindparam, update

from longshot.classify import DocumentFeatures
from longshot.project.browsing import live_documents, read_back
from longshot.project.database import Database
from longshot.project.database.connection import Row
from longshot.project.database.schema import documents
from longshot.project.deciding.features import (
    SHARD_DOCUMENTS,
    FeatureStore,
    KnownDocuments,
    Reading,
)
from longshot.project.labels import named_labels
from longshot.project.log import last_entry
from longshot.project.records import ProjectLabel
from longshot.records import OnSetAside, OnWindow, SetAside

_SHARD_CHARACTERS = 20_000_000


class _Seen(NamedTuple):
    """What the database says of the pile at one moment."""

    rows: tuple[Row, ...]
    labels: tuple[ProjectLabel, ...]
    last_entry: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Pile:
    """Every document that can be decided, in the order of adding.

    Attributes
    ----------
    rows
        What the database says of each.
    labels, last_entry
        The labels that were named, and the entry of the log up to which all of it goes.
    features, reading
        Their features, and how they were read, row by row.
    """

    rows: tuple[Row, ...]
    labels: tuple[ProjectLabel, ...]
    last_entry: int
    features: DocumentFeatures
    reading: Reading

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
        self._load()
        while True:
            # Reading may take hours, in which documents and labels come and go.
            seen = self._seen()
            missing = self._missing(seen.rows)
            if not missing:
                break
            self._read(missing, on_set_aside, on_window)
        if not seen.rows:
            return None
        assert self._known is not None
        hashes = tuple(row.content_hash for row in seen.rows)
        # As they stand already, nothing is copied: the common case after a label.
        if hashes != self._known.hashes:
            place = {digest: row for row, digest in enumerate(self._known.hashes)}
            wanted = np.array([place[one] for one in hashes], dtype=np.int64)
            self._known = self._known.take(wanted)
        return Pile(
            **seen._asdict(),
            features=self._known.features,
            reading=self._known.reading,
        )

    def missing(self) -> list[Row]:
        """Give the documents that must be read before deciding; one for each text."""
        self._load()
        return self._missing(self._seen().rows)

    def _load(self) -> None:
        if not self._is_loaded:
            self._known, self._is_loaded = self._store.load(), True

    def _seen(self) -> "_Seen":
        """Look at the database; the features are put in later."""
        with self._database.reading() as connection:
            # First: what happens while the rest is read makes decisions stale, and
            # never passes for known.
            newest = last_entry(connection)
            labels = named_labels(connection)
            rows = connection.execute(live_documents()).all()
        return _Seen(tuple(rows), tuple(labels), newest)

    def _missing(self, rows: Sequence[Row]) -> list[Row]:
        """Give the documents without features; one for each text."""
        has = set(self._known.hashes) if self._known is not None else set()
        missing = {row.content_hash: row for row in rows if row.content_hash not in has}
        return list(missing.values())

    def _read(
        self,
        missing: Sequence[Row],
        on_set_aside: OnSetAside | None,
        on_window: OnWindow | None,
    ) -> None:
        """Read what has no features yet, some documents at a time."""
        found = [] if self._known is None else [self._known]
        for shard in _shards(missing):
            with self._database.reading() as connection:
                texts = list(read_back(connection, [row.number for row in shard]))
            blank: list[SetAside] = []
            part = self._store.read(
                texts,
                [row.content_hash for row in sorted(shard, key=lambda one: one.number)],
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
