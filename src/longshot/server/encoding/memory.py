"""Windows that were encoded lately: what one thread encodes, another one reads."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from longshot.encoding.cache import KeptWindows
from longshot.encoding.vector_file import Known, StoredWindow
from longshot.encoding.vocabulary import Beginning

MAX_BYTES = 1 << 28
"""Of vectors in memory: some seven million tokens of the default model."""

_NONE = Known()


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

    def known(self, keys: Sequence[bytes]) -> list[Known]:
        """Give what is here of each of some documents; of a long one, its beginning."""
        with self._lock:
            found = {key: known for key in keys if (known := self._in_memory(key))}
        missing = [key for key in keys if key not in found]
        if self._behind is not None and missing:
            behind = self._behind.known(missing)
            found |= dict(zip(missing, behind, strict=True))
        return [found.get(key, _NONE) for key in keys]

    def windows(self, key: bytes, first: int = 0) -> Iterator[StoredWindow]:
        """Give a document's windows from one on, as far as they are here."""
        with self._lock:
            found = self._in_memory(key)
        if found is not None:
            yield from found.windows[first:]
        elif self._behind is not None:
            yield from self._behind.windows(key, first)

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

    def _in_memory(self, key: bytes) -> Known | None:
        """Give a document that is here as a whole, or as far as it is anywhere."""
        kept = self._kept.get(key)
        if kept is None or not (kept.is_whole or self._behind is None):
            return None
        self._kept.move_to_end(key)
        return Known(
            n_windows=len(kept.windows) if kept.is_whole else None,
            windows=list(kept.windows),
            beginning=kept.beginning,
        )


def _size_bytes(one: StoredWindow) -> int:
    return one.layer_means.nbytes + one.span_vectors.nbytes
