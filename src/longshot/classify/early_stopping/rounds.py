"""Documents read in rounds: each only as far as its label could still change.

Of every document the first window is read, then two, four, eight, and so on, always
from the beginning: what is kept in a cache is then what a later run goes on from. After
each round the documents that are sure enough leave. Documents come in blocks, so that
memory stays bounded, and vectors wait on a shelf.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from jaxtyping import Int

from longshot.cache import VectorCache
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import Layout, Reader, Readings
from longshot.classify.features.stored_vectors import VectorShelf
from longshot.embedder import DocumentEmbedder
from longshot.records import Document, OnSetAside, OnWindow, Vectors

BLOCK_DOCUMENTS = 256
_SHELF_BYTES = 1 << 26


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A document, as far as it was read, and where its vectors lie on the shelf."""

    number: int
    document: Document
    place: int
    n_windows: int
    n_read: int
    n_unread: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RoundsReader:
    """Reads documents in rounds.

    Attributes
    ----------
    embedder, layout
        What turns a text into vectors, and how these are read.
    rule
        Tells which documents are to be read on.
    on_set_aside, on_window
        As in :meth:`DocumentEmbedder.vectors`; what is left of a document where its
        reading ends is told as characters without tokens.
    """

    embedder: DocumentEmbedder
    layout: Layout
    rule: StoppingRule
    on_set_aside: OnSetAside | None = None
    on_window: OnWindow | None = None

    def pairs(self, documents: Iterable[Document]) -> Iterator[tuple[Vectors, str]]:
        """Give each document's vectors, as far as it was read, with its text.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and nobody is told of those set aside.
        """
        rest = iter(documents)
        while block := list(islice(rest, BLOCK_DOCUMENTS)):
            with _remembering(self.embedder) as embedder:
                shelf, opened = _Rounds(self, embedder).read(block)
            for one in opened:
                yield shelf[one.place], one.document.text


class _Rounds:
    """The rounds of some documents that are read together."""

    def __init__(self, reader: RoundsReader, embedder: DocumentEmbedder) -> None:
        self._reader = reader
        self._embedder = embedder
        self._shelf = VectorShelf(_SHELF_BYTES)
        self._telling = _Telling(reader.on_window)

    def read(self, documents: list[Document]) -> tuple[VectorShelf, list[_Opened]]:
        """Read the documents as far as need be; those set aside are left out."""
        opened, readings = self._first_round(documents)
        everything, most_windows = list(opened), 1
        while len(rows := self._going_on(opened, readings, most_windows)):
            most_windows *= 2
            opened, readings = self._next_round(
                [opened[row] for row in rows], readings.take(rows), most_windows
            )
            for one in opened:
                everything[one.number] = one
        for one in everything:
            self._telling.of_rest(one)
        return self._shelf, everything

    def _first_round(self, documents: list[Document]) -> tuple[list[_Opened], Readings]:
        reader, waiting = self._new_reader(), iter(documents)
        opened: list[_Opened] = []
        for vectors in self._embedder.vectors(
            documents,
            most_windows=1,
            on_set_aside=self._reader.on_set_aside,
            on_window=self._telling,
        ):
            document = next(one for one in waiting if one.id == vectors.document_id)
            opened.append(self._set_down(len(opened), document, vectors))
            reader.read(vectors, document.text)
        return opened, reader.readings(self._shelf)

    def _next_round(
        self, former: list[_Opened], before: Readings, most_windows: int
    ) -> tuple[list[_Opened], Readings]:
        """Read on; the words of the whole texts were counted before."""
        reader = self._new_reader()
        self._telling.not_of(former)
        read = self._embedder.vectors(
            [one.document for one in former],
            most_windows=most_windows,
            on_window=self._telling,
        )
        opened = []
        for one, vectors in zip(former, read, strict=True):
            opened.append(self._set_down(one.number, one.document, vectors))
            reader.read(vectors, "")
        readings = reader.readings(_Chosen(self._shelf, [one.place for one in opened]))
        words = {"words": before.words, "title_words": before.title_words}
        return opened, replace(readings, **words)

    def _going_on(
        self, opened: list[_Opened], readings: Readings, most_windows: int
    ) -> Int[np.ndarray, " document"]:
        """Give the rows of those that are to be read on."""
        counts = np.array(
            [(one.n_windows, one.n_read, one.n_unread) for one in opened],
            dtype=np.int64,
        ).reshape(-1, 3)
        n_windows, _, n_unread = counts.T
        left = np.flatnonzero((n_unread > 0) & (n_windows == most_windows))
        if not len(left):
            return left
        goes_on = self._reader.rule.goes_on(readings.take(left), *counts[left].T)
        return np.asarray(left[goes_on])

    def _new_reader(self) -> Reader:
        return Reader(self._reader.layout, self._embedder.encoder.dim)

    def _set_down(self, number: int, document: Document, vectors: Vectors) -> _Opened:
        self._shelf.add(vectors)
        return _Opened(
            number=number,
            document=document,
            place=len(self._shelf) - 1,
            n_windows=len(vectors.windows),
            n_read=vectors.n_tokens_read,
            n_unread=vectors.n_unread,
            end=vectors.windows[-1].end,
        )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Some of the vectors of a shelf, by their number among these."""

    shelf: VectorShelf
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, number: int, /) -> Vectors:
        return self.shelf[self.places[number]]


class _Telling:
    """Tells of each window once, though later rounds meet it again."""

    def __init__(self, on_window: OnWindow | None) -> None:
        self._on_window = on_window
        self._told: Counter[str] = Counter()

    def __call__(self, document_id: str, n_characters: int, n_tokens: int) -> None:
        if self._told[document_id]:
            self._told[document_id] -= 1
        elif self._on_window is not None:
            self._on_window(document_id, n_characters, n_tokens)

    def not_of(self, opened: Iterable[_Opened]) -> None:
        """Leave out what was told of these before."""
        self._told = Counter()
        for one in opened:
            self._told[one.document.id] += one.n_windows

    def of_rest(self, one: _Opened) -> None:
        """Tell that the rest of a document will not be read."""
        n_characters = len(one.document.text) - one.end
        if n_characters and self._on_window is not None:
            self._on_window(one.document.id, n_characters, 0)


@contextmanager
def _remembering(embedder: DocumentEmbedder) -> Iterator[DocumentEmbedder]:
    """Give an embedder that encodes no window twice, however many rounds there are."""
    if embedder.cache is not None:
        yield embedder
        return
    with tempfile.TemporaryDirectory(prefix="longshot-") as folder:
        cache = VectorCache(Path(folder) / "vectors.sqlite")
        try:
            yield DocumentEmbedder(
                embedder.recipe, encoder=embedder.encoder, cache=cache
            )
        finally:
            cache.close()
