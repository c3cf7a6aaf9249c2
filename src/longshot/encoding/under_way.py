"""A document on its way to vectors: windows taken from the cache, encoded, and kept.

Text and windows enter; jobs for the windows that are new leave, then every window with
its vectors. What was encoded goes to the cache as it comes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from jaxtyping import Float, Float16, Shaped

from longshot.encoding.cache import CacheEntry
from longshot.encoding.jobs import JobMaker
from longshot.encoding.scheduling import EncodedWindow, EncodingJob
from longshot.encoding.vector_file import StoredWindow
from longshot.pooling import RunningMean
from longshot.records import Document, OnWindow, Window
from longshot.tokens import Tokens

_GROWTH = 1.25  # times its length: a long array is moved now and then only


@dataclass(slots=True, eq=False)
class UnderWay:
    """A document some of whose windows are being encoded.

    Attributes
    ----------
    index
        Its place among the documents, from 0.
    document, entry
        The document, and what the cache has of it.
    language, note
        The document's language, and why it is not for the model, where that is known.
    n_unread
        Tokens after the last window that was wanted; known once all of its windows are
        under way.
    tokens
        Its tokens, where they were found already (:mod:`.ahead`).
    """

    index: int
    document: Document
    entry: CacheEntry
    language: str | None = None
    note: str | None = None
    n_unread: int = 0
    tokens: Tokens | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to trust what is said of it."""
        notes = self.document.notes
        return notes if self.note is None else (*notes, self.note)

    def windows(
        self, maker: JobMaker, most_windows: int | None
    ) -> Iterator[EncodingJob | EncodedWindow]:
        """Take from the cache what it has, and make jobs of the rest."""
        n_windows = 0
        for stored in islice(self.entry.windows(), most_windows):
            n_windows += 1
            yield self._read_back(stored)
        if n_windows not in (most_windows, self.entry.n_windows):
            text = self.document.text
            tokens: Iterable[Tokens]
            if self.tokens is None:
                tokens = maker.tokens(text, most_windows)
            else:
                tokens, self.tokens = [self.tokens], None
            jobs = maker.jobs(self.index, text, tokens, most_windows)
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


class RowCollector:
    """Rows that come a few at a time, as one array.

    The array grows in its place: a long document's rows are never in memory twice.
    """

    def __init__(self) -> None:
        self._rows: np.ndarray | None = None
        self._n_rows = 0

    def add(self, rows: Shaped[np.ndarray, "row ..."]) -> None:
        """Take in some rows."""
        first, self._n_rows = self._n_rows, self._n_rows + len(rows)
        if self._rows is None:
            self._rows = rows.copy()
        elif self._n_rows > len(self._rows):
            self._grow(max(self._n_rows, int(_GROWTH * len(self._rows))))
        self._rows[first : self._n_rows] = rows

    def array(self) -> Shaped[np.ndarray, "row ..."]:
        """Give all rows; there must be some, and no more come after."""
        assert self._rows is not None
        self._grow(self._n_rows)
        return self._rows

    def _grow(self, n_rows: int) -> None:
        assert self._rows is not None
        self._rows.resize((n_rows, *self._rows.shape[1:]), refcheck=False)


def joined(
    encoded: Iterator[StoredWindow], pooled: RunningMean
) -> tuple[
    tuple[Window, ...],
    Float[np.ndarray, "window layer dim"],
    Float16[np.ndarray, "span dim"],
    Float[np.ndarray, " dim"],
]:
    """Give a document's windows, their means and spans, and the mean of all.

    Parameters
    ----------
    encoded
        The windows as they come; at least one.
    pooled
        Takes the mean over several windows.
    """
    first, second = next(encoded), next(encoded, None)
    if second is None:  # a short document's only one: the same without collecting
        mean, spans = first.layer_means.mean(axis=0), first.span_vectors.copy()
        return (first.window,), first.layer_means[None].copy(), spans, mean
    windows, rows, span_rows = [], RowCollector(), RowCollector()
    for one in chain([first, second], encoded):
        windows.append(one.window)
        rows.add(one.layer_means[None])
        span_rows.add(one.span_vectors)
        pooled.add(one.layer_means.mean(axis=0), n_tokens=one.window.n_tokens)
    return tuple(windows), rows.array(), span_rows.array(), pooled.vector()
