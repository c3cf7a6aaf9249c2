"""A document on its way to vectors: windows taken from the cache, encoded, and kept.

Text and windows enter; jobs for the windows that are new leave, then every window with
its vectors. What was encoded goes to the cache as it comes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from longshot.cache import CacheEntry
from longshot.jobs import JobMaker
from longshot.records import Document, OnWindow
from longshot.scheduling import EncodedWindow, EncodingJob
from longshot.vector_file import StoredWindow


@dataclass(slots=True, eq=False)
class UnderWay:
    """A document some of whose windows are being encoded.

    Attributes
    ----------
    index
        Its place among the documents, from 0.
    document, entry
        The document, and what the cache has of it.
    n_unread
        Tokens after the last window that was wanted; known once all of its windows are
        under way.
    """

    index: int
    document: Document
    entry: CacheEntry
    n_unread: int = 0

    def windows(
        self, maker: JobMaker, most_windows: int | None
    ) -> Iterator[EncodingJob | EncodedWindow]:
        """Take from the cache what it has, and make jobs of the rest."""
        n_windows = 0
        for stored in islice(self.entry.windows(), most_windows):
            n_windows += 1
            yield self._read_back(stored)
        if n_windows != most_windows and not self.entry.ends_with(n_windows):
            jobs = maker.jobs(self.index, self.document.text, most_windows)
            yield from islice(jobs, n_windows, None)

    def received(
        self, encoded: Iterable[EncodedWindow], on_window: OnWindow | None
    ) -> Iterator[StoredWindow]:
        """Give each window with its vectors, keep it, tell of it."""
        end = 0
        for done in encoded:
            window = done.window
            if on_window is not None:
                on_window(self.document.id, window.end - end, window.n_new_tokens)
            end = window.end
            stored = StoredWindow(window, done.layer_means, done.span_vectors)
            if done.is_new:
                self.entry.add(stored)
            yield stored
        self.entry.finish(is_whole=not self.n_unread)

    def _read_back(self, stored: StoredWindow) -> EncodedWindow:
        return EncodedWindow(
            document_index=self.index,
            window=stored.window,
            layer_means=stored.layer_means,
            span_vectors=stored.span_vectors,
            is_new=False,
        )
