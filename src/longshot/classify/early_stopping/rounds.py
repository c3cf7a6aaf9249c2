"""Documents read in rounds: each only as far as its label could still change.

Of every document the first window is read, then two, four, eight, and so on, always
from the beginning: what is kept in a cache is then what a later run goes on from. After
each round the documents that are sure enough leave. Documents come in blocks, so that
memory stays bounded, and vectors wait in a store.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from jaxtyping import Int

from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import FeatureExtractor, Layout
from longshot.embedder import DocumentEmbedder
from longshot.encoding.cache import VectorCache
from longshot.encoding.stored_vectors import StoredVectors
from longshot.machine.unfinished import unfinished_folder
from longshot.records import Document, OnSetAside, OnWindow, Vectors

BLOCK_DOCUMENTS = 256
_STORE_BYTES = 1 << 26


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A document, as far as it was read, and where its vectors are stored."""

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
                store, opened = _Rounds(self, embedder).read(block)
            for one in opened:
                yield store[one.place], one.document.text


class _Rounds:
    """The rounds of some documents that are read together."""

    def __init__(self, reader: RoundsReader, embedder: DocumentEmbedder) -> None:
        self._reader = reader
        self._embedder = embedder
        self._store = StoredVectors(_STORE_BYTES)
        self._telling = _Telling(reader.on_window)

    def read(self, documents: list[Document]) -> tuple[StoredVectors, list[_Opened]]:
        """Read the documents as far as need be; those set aside are left out."""
        opened, features = self._first_round(documents)
        everything, most_windows = list(opened), 1
        while len(rows := self._going_on(opened, features, most_windows)):
            most_windows *= 2
            opened, features = self._next_round(
                [opened[row] for row in rows], features.take(rows), most_windows
            )
            for one in opened:
                everything[one.number] = one
        for one in everything:
            self._telling.of_rest(one)
        return self._store, everything

    def _first_round(
        self, documents: list[Document]
    ) -> tuple[list[_Opened], DocumentFeatures]:
        extractor, waiting = self._new_extractor(), iter(documents)
        opened: list[_Opened] = []
        for vectors in self._embedder.vectors(
            documents,
            most_windows=1,
            on_set_aside=self._reader.on_set_aside,
            on_window=self._telling,
        ):
            document = next(one for one in waiting if one.id == vectors.document_id)
            opened.append(self._set_down(len(opened), document, vectors))
            extractor.add(vectors, document.text)
        return opened, extractor.features()

    def _next_round(
        self, former: list[_Opened], before: DocumentFeatures, most_windows: int
    ) -> tuple[list[_Opened], DocumentFeatures]:
        """Read on; the words of the whole texts were counted before."""
        extractor = self._new_extractor()
        self._telling.not_of(former)
        read = self._embedder.vectors(
            [one.document for one in former],
            most_windows=most_windows,
            on_window=self._telling,
        )
        opened = []
        for one, vectors in zip(former, read, strict=True):
            opened.append(self._set_down(one.number, one.document, vectors))
            extractor.add(vectors, "")
        return opened, extractor.features().with_content_of(before)

    def _going_on(
        self, opened: list[_Opened], documents: DocumentFeatures, most_windows: int
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
        goes_on = self._reader.rule.goes_on(documents.take(left), *counts[left].T)
        return np.asarray(left[goes_on])

    def _new_extractor(self) -> FeatureExtractor:
        return FeatureExtractor(self._reader.layout)

    def _set_down(self, number: int, document: Document, vectors: Vectors) -> _Opened:
        self._store.add(vectors)
        return _Opened(
            number=number,
            document=document,
            place=len(self._store) - 1,
            n_windows=len(vectors.windows),
            n_read=vectors.n_tokens_read,
            n_unread=vectors.n_unread,
            end=vectors.windows[-1].end,
        )


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
    with unfinished_folder(Path(tempfile.gettempdir()), "longshot-") as folder:
        cache = VectorCache(folder / "vectors.sqlite")
        try:
            yield DocumentEmbedder(
                embedder.recipe, encoder=embedder.encoder, cache=cache
            )
        finally:
            cache.close()
