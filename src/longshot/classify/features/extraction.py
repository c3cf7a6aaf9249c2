"""Documents to readings: vectors are set down, and views are read as they come."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from longshot.classify.early_stopping.rounds import RoundsReader
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import (
    Layout,
    Reader,
    Readings,
    read_all,
)
from longshot.classify.features.stored_vectors import VectorShelf
from longshot.embedder import DocumentEmbedder
from longshot.records import Document, OnSetAside, OnWindow, Vectors

BLOCK_DOCUMENTS = 256
BLOCK_TOKENS = 1 << 15
"""Of the documents that are decided at once, where each is judged by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadPile:
    """Documents that were read, with all that deciding about them needs.

    Attributes
    ----------
    readings
        Their rows in each view.
    shelf, texts
        Their vectors and texts.
    """

    readings: Readings
    shelf: VectorShelf
    texts: list[str]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class PileReader:
    """Reads documents of any length, block by block.

    Attributes
    ----------
    embedder
        What turns a text into vectors.
    on_set_aside, on_window
        As in :meth:`DocumentEmbedder.vectors`.
    rule
        Tells how far each document is read; all of it, where there is none.
    """

    embedder: DocumentEmbedder
    on_set_aside: OnSetAside | None = None
    on_window: OnWindow | None = None
    rule: StoppingRule | None = None

    def read(
        self, documents: Iterable[Document], *, together: bool
    ) -> Iterator[ReadPile]:
        """Give the documents in one block, or in many; none if there is none.

        Where the documents' blocks end depends on what they hold alone, so that what is
        computed of a block is the same to the last bit in every run.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and nobody is told of those set aside.
        """
        layout = layout_of(self.embedder)
        pairs = self._pairs(documents)
        if self.rule is not None:
            pairs = self._in_rounds(layout, self.rule).pairs(documents)
        while block := self._filled(layout, pairs if together else _block(pairs)):
            yield block

    def _in_rounds(self, layout: Layout, rule: StoppingRule) -> RoundsReader:
        return RoundsReader(
            embedder=self.embedder,
            layout=layout,
            rule=rule,
            on_set_aside=self.on_set_aside,
            on_window=self.on_window,
        )

    def _pairs(self, documents: Iterable[Document]) -> Iterator[tuple[Vectors, str]]:
        """Give each document's vectors with its text; those set aside have none."""
        waiting: deque[Document] = deque()

        def noting() -> Iterator[Document]:
            for document in documents:
                waiting.append(document)
                yield document

        for vectors in self.embedder.vectors(
            noting(), on_set_aside=self.on_set_aside, on_window=self.on_window
        ):
            while (document := waiting.popleft()).id != vectors.document_id:
                pass
            yield vectors, document.text

    def _filled(
        self, layout: Layout, pairs: Iterable[tuple[Vectors, str]]
    ) -> ReadPile | None:
        shelf, reader = VectorShelf(), Reader(layout, self.embedder.encoder.dim)
        texts: list[str] = []
        for vectors, text in pairs:
            shelf.add(vectors)
            texts.append(text)
            reader.read(vectors, text)
        return ReadPile(reader.readings(shelf), shelf, texts) if texts else None


def _block(
    pairs: Iterator[tuple[Vectors, str]],
) -> Iterator[tuple[Vectors, str]]:
    """Take what makes a block: some seconds of encoding, or many short documents."""
    n_tokens = 0
    for vectors, text in islice(pairs, BLOCK_DOCUMENTS):
        yield vectors, text
        n_tokens += vectors.n_tokens_read
        if n_tokens >= BLOCK_TOKENS:
            break


def read_texts(embedder: DocumentEmbedder, texts: Sequence[str]) -> Readings:
    """Read a few texts, such as the labels' names.

    Raises
    ------
    EmptyDocumentError
        If a text holds no token.
    """
    pairs = list(zip(embedder.vectors(texts), texts, strict=True))
    return read_all(pairs, layout_of(embedder), embedder.encoder.dim)


def layout_of(embedder: DocumentEmbedder) -> Layout:
    """Tell how an embedder's vectors are to be read."""
    return Layout.of(embedder.layers, embedder.recipe.window_pooling)
