"""Windows that were encoded lately: what one thread encodes, another one reads."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from longshot.encoding.cache import KeptWindows
from longshot.encoding.vector_file import StoredWindow
from longshot.encoding.vocabulary import Beginning

MAX_BYTES = 1 << 28
"""Of vectors in memory: some seven million tokens of the default model."""


@dataclass(slots=True, eq=False)
class _Kept:
    windows: list[StoredWindow] = field(default_factory=list)
    is_whole: bool = False
    size_bytes: int = 0
    beginning: Beginning | None = None


class WindowMemory:
    """Windows in memory, in front of a cache on disk or of nothing.

    What was not used for longest goes first. Losing it costs time and nothing else.

    Parameters
    ----------
    behind
        Where all windows are kept besides.
    max_bytes
        What the vectors in memory may take.
    """

    def __init__(
        self, behind: KeptWindows | None = None, *, max_bytes: int = MAX_BYTES
    ) -> None:
        self._behind = behind
        self._max_bytes = max_bytes
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._size_bytes = 0
        self._lock = threading.Lock()

    @property
    def size_bytes(self) -> int:
        """What the vectors in memory take."""
        return self._size_bytes

    def n_windows(self, key: bytes) -> int | None:
        """Tell how many windows a document has; None while some are missing here."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.is_whole:
                return len(kept.windows)
        return None if self._behind is None else self._behind.n_windows(key)

    def windows(self, key: bytes) -> Iterator[StoredWindow]:
        """Give a document's windows in reading order, as far as they are here."""
        with self._lock:
            kept = self._kept.get(key)
            found = None
            if kept is not None and (kept.is_whole or self._behind is None):
                self._kept.move_to_end(key)
                found = list(kept.windows)
        if found is None and self._behind is not None:
            yield from self._behind.windows(key)
        yield from found or ()

    def keep(
        self, key: bytes, windows: Sequence[StoredWindow], *, is_last: bool
    ) -> None:
        """Keep windows that follow on those kept before."""
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            # The same text may be encoded twice at once: the first one's windows stay.
            if not kept.is_whole and windows[0].window.index == len(kept.windows):
                kept.windows.extend(windows)
                kept.is_whole = is_last
                size_bytes = sum(map(_size_bytes, windows))
                kept.size_bytes += size_bytes
                self._size_bytes += size_bytes
            self._kept.move_to_end(key)
            while self._size_bytes > self._max_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._size_bytes -= dropped.size_bytes
        if self._behind is not None:
            self._behind.keep(key, windows, is_last=is_last)

    def beginning(self, key: bytes) -> Beginning | None:
        """Give what a document's beginning told, if it is here."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.beginning is not None:
                return kept.beginning
        return None if self._behind is None else self._behind.beginning(key)

    def keep_beginning(self, key: bytes, told: Beginning) -> None:
        """Keep what a document's beginning told."""
        with self._lock:
            self._kept.setdefault(key, _Kept()).beginning = told
        if self._behind is not None:
            self._behind.keep_beginning(key, told)

    def flush(self) -> None:
        """Write what was kept, where that is put off."""
        if self._behind is not None:
            self._behind.flush()


def _size_bytes(one: StoredWindow) -> int:
    return one.layer_means.nbytes + one.span_vectors.nbytes
