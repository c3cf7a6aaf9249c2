"""The file of the vector cache: SQLite in write-ahead mode.

Any number of processes may read and write it at once, and a killed one loses nothing
that it had committed. A document's windows lie in pieces, each with its checksum. Only
this module knows SQL.
"""

import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, starmap
from pathlib import Path

import numpy as np
from jaxtyping import Float, Float16

from longshot.encoding.vocabulary import Beginning, WordCount
from longshot.records import Span, Window

_BUSY_TIMEOUT_S = 20.0
_WINDOW_FIELDS = tuple(name for name in Window.__dataclass_fields__ if name != "spans")
_WINDOW_COLUMNS = (*_WINDOW_FIELDS, "n_spans", "n_span_vectors")
_SPAN_FIELDS = tuple(Span.__dataclass_fields__)

# The tables carry their version: another one starts with tables of its own.
_OPEN = """
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS documents_2 (
    key BLOB PRIMARY KEY,          -- of the recipe and the content
    n_windows INTEGER,             -- NULL while windows are missing
    size_bytes INTEGER NOT NULL,
    used_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pieces_2 (
    key BLOB NOT NULL REFERENCES documents_2 ON DELETE CASCADE,
    first_window INTEGER NOT NULL,
    n_layers INTEGER NOT NULL,
    windows BLOB NOT NULL,         -- int64: window, field
    spans BLOB NOT NULL,           -- int64: span, field
    means BLOB NOT NULL,           -- float32: window, layer, dim
    span_vectors BLOB NOT NULL,    -- float16: span, dim
    checksum INTEGER NOT NULL,
    PRIMARY KEY (key, first_window)
);
CREATE TABLE IF NOT EXISTS beginnings_1 (
    key BLOB PRIMARY KEY REFERENCES documents_2 ON DELETE CASCADE,
    language TEXT,
    n_words INTEGER NOT NULL,
    n_lacking INTEGER NOT NULL     -- in the model's vocabulary
) WITHOUT ROWID;
"""
_KNOWN = """
SELECT
    d.key, d.n_windows, b.key IS NOT NULL, b.language, b.n_words, b.n_lacking,
    p.n_layers, p.windows, p.spans, p.means, p.span_vectors, p.checksum
FROM documents_2 AS d
LEFT JOIN beginnings_1 AS b ON b.key = d.key
LEFT JOIN pieces_2 AS p ON p.key = d.key AND p.first_window = 0
WHERE d.key IN ({})
"""
_USED = "UPDATE documents_2 SET used_at = ? WHERE key = ?"
_PIECE = """
SELECT n_layers, windows, spans, means, span_vectors, checksum FROM pieces_2
WHERE key = ? AND first_window = ?
"""
_KEEP_BEGINNING = """
INSERT OR REPLACE INTO beginnings_1
SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM documents_2 WHERE key = ?)
"""
_KEEP_DOCUMENT = """
INSERT INTO documents_2 VALUES (:key, :n_windows, 0, :now)
ON CONFLICT (key) DO UPDATE SET
    n_windows = coalesce(:n_windows, n_windows), used_at = :now
"""
_KEEP_PIECE = "INSERT OR IGNORE INTO pieces_2 VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_SIZE = "UPDATE documents_2 SET size_bytes = size_bytes + ? WHERE key = ?"
_DROP_LEAST_USED = """
DELETE FROM documents_2 WHERE key IN (
    SELECT key FROM (
        SELECT key, sum(size_bytes) OVER (ORDER BY used_at DESC, key) AS running
        FROM documents_2
    ) WHERE running > ?
)
"""
_TOTALS = """
SELECT count(*), count(*) - count(n_windows), cast(total(size_bytes) AS INTEGER)
FROM documents_2
"""


@dataclass(frozen=True, slots=True, eq=False)
class StoredWindow:
    """A window with its vectors."""

    window: Window
    layer_means: Float[np.ndarray, "layer dim"]
    span_vectors: Float16[np.ndarray, "span dim"]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A run of windows of one document, packed."""

    n_layers: int
    windows: bytes
    spans: bytes
    means: bytes
    span_vectors: bytes
    checksum: int

    @classmethod
    def pack(cls, stored: Sequence[StoredWindow]) -> "Piece":
        """Pack windows that follow on each other."""
        windows = [_window_row(one) for one in stored]
        spans = [
            (span.start, span.end, span.n_tokens)
            for one in stored
            for span in one.window.spans
        ]
        packed = (
            np.array(windows, dtype="<i8").tobytes(),
            np.array(spans, dtype="<i8").tobytes(),
            np.stack([one.layer_means for one in stored]).astype("<f4").tobytes(),
            np.concatenate([o.span_vectors for o in stored]).astype("<f2").tobytes(),
        )
        return cls(len(stored[0].layer_means), *packed, checksum=_checksum(*packed))

    @property
    def is_whole(self) -> bool:
        """Whether it is what was packed."""
        return self.checksum == _checksum(*self.parts)

    @property
    def size_bytes(self) -> int:
        """What it takes."""
        return sum(map(len, self.parts))

    @property
    def parts(self) -> tuple[bytes, bytes, bytes, bytes]:
        """Windows, spans, means and span vectors, as they were packed."""
        return self.windows, self.spans, self.means, self.span_vectors

    def unpack(self) -> list[StoredWindow]:
        """Give the windows again, bit by bit the same."""
        rows = np.frombuffer(self.windows, "<i8").reshape(-1, len(_WINDOW_COLUMNS))
        spans = np.frombuffer(self.spans, "<i8").reshape(-1, len(_SPAN_FIELDS))
        means = np.frombuffer(self.means, "<f4").reshape(len(rows), self.n_layers, -1)
        vectors = np.frombuffer(self.span_vectors, "<f2").reshape(-1, means.shape[2])
        next_span = starmap(Span, spans.tolist())
        stored, first = [], 0
        for row, of_layers in zip(rows.tolist(), means, strict=True):
            *numbers, n_spans, n_vectors = row
            window = Window(
                **dict(zip(_WINDOW_FIELDS, numbers, strict=True)),
                spans=tuple(islice(next_span, n_spans)),
            )
            of_spans = vectors[first : first + n_vectors]
            stored.append(StoredWindow(window, of_layers, of_spans))
            first += n_vectors
        return stored


def _window_row(stored: StoredWindow) -> list[int]:
    fields = [getattr(stored.window, name) for name in _WINDOW_FIELDS]
    return [*fields, len(stored.window.spans), len(stored.span_vectors)]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known:
    """What is kept of a document.

    Attributes
    ----------
    n_windows
        How many windows it has; None while some are missing.
    windows
        The first of them.
    beginning
        What its beginning told, if that is here.
    """

    n_windows: int | None = None
    windows: Sequence[StoredWindow] = ()
    beginning: Beginning | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What a file holds: documents, those of them that lack windows, and bytes."""

    n_documents: int = 0
    n_unfinished: int = 0
    size_bytes: int = 0


class VectorFile:
    """The open file.

    Parameters
    ----------
    path
        Made where it is missing, and made anew where it is no database.

    Raises
    ------
    sqlite3.Error, OSError
        If it cannot be opened; and by every method if it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = _opened(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            path.unlink()
            self._database = _opened(path)

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """Give what is kept of documents: of each, its first piece at the most.

        A document with an altered piece counts as missing.
        """
        select = _KNOWN.format(",".join("?" * len(keys)))
        found: dict[bytes, Known] = {}
        for key, n_windows, *row in self._database.execute(select, keys).fetchall():
            is_told, language, n_words, n_lacking, *packed = row
            windows: Sequence[StoredWindow] = ()
            if packed[0] is not None:
                piece = self._whole(key, Piece(*packed))
                if piece is None:
                    continue
                windows = piece.unpack()
            beginning = None
            if is_told:
                beginning = Beginning(language, WordCount(n_words, n_lacking))
            found[key] = Known(
                n_windows=n_windows, windows=windows, beginning=beginning
            )
        return found

    def piece(self, key: bytes, first_window: int) -> Piece | None:
        """Read a document's windows from one on; an altered piece counts as missing."""
        row = self._database.execute(_PIECE, (key, first_window)).fetchone()
        return self._whole(key, Piece(*row)) if row else None

    def _whole(self, key: bytes, piece: Piece) -> Piece | None:
        """Give a piece; drop its document where it was altered."""
        if piece.is_whole:
            return piece
        with self._database:
            self._database.execute("DELETE FROM documents_2 WHERE key = ?", (key,))
        return None

    def write(
        self,
        pieces: Mapping[tuple[bytes, int], Piece],
        n_windows: Mapping[bytes, int],
        used: Iterable[bytes],
    ) -> None:
        """Write pieces by document and first window, all of them or none.

        Parameters
        ----------
        pieces
            What to write.
        n_windows
            Of the documents that end with these pieces.
        used
            Documents that were read since.
        """
        now = time.time()
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(_USED, [(now, key) for key in used])
            for (key, first_window), piece in pieces.items():
                document = {"key": key, "n_windows": n_windows.get(key), "now": now}
                self._database.execute(_KEEP_DOCUMENT, document)
                row = (key, first_window, piece.n_layers, *piece.parts, piece.checksum)
                if self._database.execute(_KEEP_PIECE, row).rowcount:
                    self._database.execute(_ADD_SIZE, (piece.size_bytes, key))

    def write_beginnings(self, beginnings: Mapping[bytes, Beginning]) -> list[bytes]:
        """Write what documents' beginnings told.

        Returns
        -------
        The documents that are not here: of these nothing is written.
        """
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            return [
                key
                for key, one in beginnings.items()
                if not self._database.execute(
                    _KEEP_BEGINNING,
                    (key, one.language, one.words.n_words, one.words.n_lacking, key),
                ).rowcount
            ]

    def drop_least_used(self, max_bytes: int) -> None:
        """Keep the documents used last, as many as fit."""
        with self._database:
            self._database.execute(_DROP_LEAST_USED, (max_bytes,))
        self._database.execute("PRAGMA incremental_vacuum").fetchall()

    def totals(self) -> Totals:
        """Count what is there."""
        row = self._database.execute(_TOTALS).fetchone()
        return Totals(n_documents=row[0], n_unfinished=row[1], size_bytes=row[2])

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(
        path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
    )
    try:
        database.executescript(_OPEN)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _checksum(*parts: bytes) -> int:
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return checksum
