"""Vectors that were computed before, by recipe and content.

Windows are kept in pieces as they are encoded and written every second, so that a run
that was killed goes on where it stopped, in the middle of a document too. What has not
been used for longest goes first when the file grows beyond its bound.

A cache must never stop a run: one that cannot be read or written is told of once and
left alone.
"""

import hashlib
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from sqlite3 import Error
from typing import Any, Protocol, TypeVar, runtime_checkable

from longshot.encoding.vector_file import (
    Known,
    Piece,
    StoredWindow,
    Totals,
    VectorFile,
)
from longshot.encoding.vocabulary import Beginning
from longshot.errors import LongshotWarning, OutputError
from longshot.machine.locations import cache_folder

MAX_BYTES = 1 << 32
_PIECE_WINDOWS = 16
_FLUSH_EVERY_S = 1.0
_MAX_PENDING_BYTES = 1 << 24
_KEPT_SHARE = 0.9
"""Of the bound, when it was passed: so that not every flush has to drop something."""

_MOST_LATE = 1 << 16
"""Beginnings that wait for the first window of their document: as many as there are
documents of one token among the windows that are gathered at once."""

_NONE = Known()

_T = TypeVar("_T")


def vectors_path() -> Path:
    """Give the file that vectors are kept in."""
    return cache_folder() / "vectors.sqlite"


def content_key(recipe_fingerprint: str, text: str) -> bytes:
    """Give what stands for a text under a recipe."""
    content = recipe_fingerprint + text
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()


@runtime_checkable
class KeptWindows(Protocol):
    """Where windows are kept with their vectors, by recipe and content."""

    def known(self, keys: Sequence[bytes]) -> list[Known]:
        """Give what is here of each of some documents; of a long one, its beginning."""
        ...

    def windows(self, key: bytes, first: int = 0) -> Iterator[StoredWindow]:
        """Give a document's windows from one on, as far as they are here."""
        ...

    def keep(
        self, key: bytes, windows: Sequence[StoredWindow], *, is_last: bool
    ) -> None:
        """Keep windows that follow on those kept before."""
        ...

    def keep_beginning(self, key: bytes, told: Beginning) -> None:
        """Keep what a document's beginning told."""
        ...

    def flush(self) -> None:
        """Write what was kept, where that is put off."""
        ...


class CacheEntry:
    """One document's place in a cache; where there is no cache, it stays empty.

    Parameters
    ----------
    cache, key
        The cache, if there is one, and what stands for the document in it.
    known
        What was found there.
    """

    def __init__(
        self, cache: KeptWindows | None = None, key: bytes = b"", known: Known = _NONE
    ) -> None:
        self._cache, self._key, self._known = cache, key, known
        self._new: list[StoredWindow] = []

    @classmethod
    def of_each(
        cls, cache: KeptWindows | None, recipe_fingerprint: str, texts: Sequence[str]
    ) -> "list[CacheEntry]":
        """Look documents up, all of them at once."""
        if cache is None:
            return [cls() for _ in texts]
        keys = [content_key(recipe_fingerprint, text) for text in texts]
        pairs = zip(keys, cache.known(keys), strict=True)
        return [cls(cache, key, known) for key, known in pairs]

    def windows(self) -> Iterator[StoredWindow]:
        """Give the windows in reading order, as far as they are here."""
        yield from self._known.windows
        n_windows = len(self._known.windows)
        if self._cache is not None and n_windows not in (0, self._known.n_windows):
            yield from self._cache.windows(self._key, n_windows)

    @property
    def beginning(self) -> Beginning | None:
        """What its beginning told, where that is here."""
        return self._known.beginning

    def keep_beginning(self, told: Beginning) -> None:
        """Keep what its beginning told."""
        if self._cache is not None:
            self._cache.keep_beginning(self._key, told)

    @property
    def n_windows(self) -> int | None:
        """How many windows it has, where all of them are here."""
        return self._known.n_windows

    def add(self, window: StoredWindow) -> None:
        """Keep the window that follows."""
        if self._cache is None:
            return
        if len(self._new) == _PIECE_WINDOWS:
            self._cache.keep(self._key, self._new, is_last=False)
            self._new = []
        self._new.append(window)

    def finish(self, *, is_whole: bool = True) -> None:
        """Keep what is left; unless told otherwise, the document ends here."""
        if self._cache is not None and self._new:
            self._cache.keep(self._key, self._new, is_last=is_whole)
            self._new = []


class VectorCache:
    """Vectors by recipe and content, in one file; safe to share between threads.

    Parameters
    ----------
    path
        The file; in the user's cache folder by default. It is opened at the first use.
    max_bytes
        What the vectors in it may take.
    """

    def __init__(self, path: Path | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path or vectors_path()
        self.max_bytes = max_bytes
        self._lock = threading.RLock()
        self._file: VectorFile | None = None
        self._is_off = False
        self._start_collecting()

    def known(self, keys: Sequence[bytes]) -> list[Known]:
        """Give what is here of each of some documents; of a long one, its beginning."""
        with self._lock:
            found = self._tried(lambda file: file.known(keys)) or {}
            self._used.update(found)
            return [self._with_pending(key, found.get(key, _NONE)) for key in keys]

    def keep_beginning(self, key: bytes, told: Beginning) -> None:
        """Keep what was counted, once one of the document's windows is kept."""
        with self._lock:
            self._beginnings[key] = told

    def windows(self, key: bytes, first: int = 0) -> Iterator[StoredWindow]:
        """Give a document's windows from one on, as far as they are here."""
        n_windows = first
        while piece := self._piece(key, n_windows):
            windows = piece.unpack()
            yield from windows
            n_windows += len(windows)

    def keep(
        self, key: bytes, windows: Sequence[StoredWindow], *, is_last: bool
    ) -> None:
        """Keep windows that follow on those kept before.

        Parameters
        ----------
        key
            The document's.
        windows
            At least one window, with its vectors.
        is_last
            Whether the document ends with these.
        """
        first = windows[0].window.index
        piece = Piece.pack(windows)
        with self._lock:
            self._pieces[key, first] = piece
            self._pending_bytes += piece.size_bytes
            if is_last:
                self._n_windows[key] = first + len(windows)
            waited_s = time.monotonic() - self._flushed_at
            if waited_s > _FLUSH_EVERY_S or self._pending_bytes > _MAX_PENDING_BYTES:
                self.flush()

    def flush(self) -> None:
        """Write what was kept since the last flush."""
        with self._lock:
            late = None
            if self._pieces or self._used or self._beginnings:
                late = self._tried(self._write)
            self._start_collecting()
            self._beginnings.update(late or {})

    def prune(self, max_bytes: int) -> None:
        """Drop what was used least, until the vectors take at most `max_bytes`.

        Raises
        ------
        OutputError
            If it cannot: whoever asks for this wants to know.
        """
        self.flush()
        with self._lock:
            try:
                self._file = self._file or VectorFile(self.path)
                self._file.drop_least_used(max_bytes)
            except (Error, OSError) as error:
                raise OutputError(
                    f"{self.path} must be writable to clear the cache; it is not "
                    f"({error}). End other programs that use it, or remove the file."
                ) from error

    def totals(self) -> Totals:
        """Count what is kept."""
        self.flush()
        return self._tried(lambda file: file.totals()) or Totals()

    def close(self) -> None:
        """Flush, and let go of the file; the next use opens it again."""
        with self._lock:
            self.flush()
            if self._file is not None:
                self._file.close()
                self._file = None

    def __getstate__(self) -> dict[str, Any]:
        """Give what another process needs to open the file for itself."""
        return {"path": self.path, "max_bytes": self.max_bytes}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Start as if new."""
        VectorCache.__init__(self, state["path"], max_bytes=state["max_bytes"])

    def __del__(self) -> None:
        """Close the file where nobody did."""
        if getattr(self, "_file", None) is not None:
            self.close()

    def _start_collecting(self) -> None:
        self._pieces: dict[tuple[bytes, int], Piece] = {}
        self._pending_bytes = 0
        self._n_windows: dict[bytes, int] = {}
        self._used: set[bytes] = set()
        self._beginnings: dict[bytes, Beginning] = {}
        self._flushed_at = time.monotonic()

    def _with_pending(self, key: bytes, written: Known) -> Known:
        """Add what is not written yet to what is."""
        piece = self._pieces.get((key, 0))
        if piece is None and key not in self._n_windows and key not in self._beginnings:
            return written
        return Known(
            n_windows=self._n_windows.get(key, written.n_windows),
            windows=written.windows if piece is None else piece.unpack(),
            beginning=self._beginnings.get(key, written.beginning),
        )

    def _piece(self, key: bytes, first_window: int) -> Piece | None:
        with self._lock:
            pending = self._pieces.get((key, first_window))
            return pending or self._tried(lambda file: file.piece(key, first_window))

    def _write(self, file: VectorFile) -> dict[bytes, Beginning]:
        """Write what was collected; give the counts whose documents are not there."""
        file.write(self._pieces, self._n_windows, self._used)
        left = file.write_beginnings(self._beginnings)
        late = {key: self._beginnings[key] for key in left[-_MOST_LATE:]}
        if file.totals().size_bytes > self.max_bytes:
            file.drop_least_used(int(_KEPT_SHARE * self.max_bytes))
        return late

    def _tried(self, action: Callable[[VectorFile], _T]) -> _T | None:
        """Do something with the file; where that fails, say so once and go on."""
        with self._lock:
            if self._is_off:
                return None
            try:
                self._file = self._file or VectorFile(self.path)
                return action(self._file)
            except (Error, OSError) as error:
                self._is_off = True
                warnings.warn(
                    f"the cache of vectors must be readable and writable; {self.path} "
                    f"is not ({error}). This run goes on without it.",
                    LongshotWarning,
                    stacklevel=3,
                )
                return None
