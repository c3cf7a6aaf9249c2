"""Documents read in blocks, or all together: whole, or as far as their label needs."""

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from longshot.classify.early_stopping.rounds import RoundsReader
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import FeatureExtractor, Layout
from longshot.embedder import DocumentEmbedder
from longshot.encoding.stored_vectors import StoredVectors
from longshot.errors import LongshotWarning
from longshot.records import Document, OnSetAside, OnWindow, SetAside, Vectors

if TYPE_CHECKING:
    from longshot.classify.features.entailment import LabelHypotheses

BLOCK_DOCUMENTS = 256
BLOCK_TOKENS = 1 << 15
"""Of the documents that are decided about at once, where each is judged by itself."""

OnVectors = Callable[[Vectors], None]
"""Told of the vectors of each document that was read."""


@dataclass(frozen=True, slots=True, eq=False)
class DocumentBlock:
    """Documents that were read.

    Attributes
    ----------
    features
        What deciding needs.
    vectors, texts
        What evidence needs.
    unknown_shares
        The share of each document's tokens that the model does not know.
    """

    features: DocumentFeatures
    vectors: StoredVectors
    texts: list[str]
    unknown_shares: Float[np.ndarray, " document"]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockReader:
    """Reads documents of any length, block by block.

    Attributes
    ----------
    embedder
        What turns a text into vectors.
    rule
        Tells how far each document is read; all of it, where there is none.
    on_set_aside, on_window
        As in :meth:`DocumentEmbedder.vectors`.
    on_vectors
        Told of what was read.
    hypotheses
        What is asked of each document about the labels; None where nothing is.
    """

    embedder: DocumentEmbedder
    rule: StoppingRule | None = None
    on_set_aside: OnSetAside | None = None
    on_window: OnWindow | None = None
    on_vectors: OnVectors | None = None
    hypotheses: "LabelHypotheses | None" = None

    def read(
        self, documents: Iterable[Document], *, together: bool
    ) -> Iterator[DocumentBlock]:
        """Give the documents in one block, or in many; none if there is none.

        Where the documents' blocks end depends on what they hold alone, so that what is
        computed of a block is the same to the last bit in every run.

        Raises
        ------
        EmptyDocumentError
            If a document holds no token and nobody is told of those set aside.
        """
        layout = Layout.of(self.embedder)
        pairs = self._pairs(documents)
        if self.rule is not None and self.rule.shifts:
            pairs = RoundsReader(
                embedder=self.embedder,
                layout=layout,
                rule=self.rule,
                on_set_aside=self.on_set_aside,
                on_window=self.on_window,
            ).pairs(documents)
        yield from self._blocks(layout, pairs, together=together)

    def blocks(
        self, documents: Iterable[tuple[Vectors, str]], *, together: bool
    ) -> Iterator[DocumentBlock]:
        """Give documents that were read before: their vectors, and their texts."""
        layout = Layout.of(self.embedder)
        yield from self._blocks(layout, iter(documents), together=together)

    def _blocks(
        self, layout: Layout, pairs: Iterator[tuple[Vectors, str]], *, together: bool
    ) -> Iterator[DocumentBlock]:
        while block := self._filled(layout, pairs if together else _block(pairs)):
            yield block

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
    ) -> DocumentBlock | None:
        stored, extractor = StoredVectors(), FeatureExtractor(layout)
        texts: list[str] = []
        unknown: list[float] = []
        for vectors, text in pairs:
            stored.add(vectors)
            unknown.append(vectors.n_unknown / vectors.n_tokens)
            texts.append(text)
            extractor.add(vectors, text)
            if self.on_vectors is not None:
                self.on_vectors(vectors)
        if not texts:
            return None
        features, shares = extractor.features(), np.array(unknown)
        if self.hypotheses is not None:
            features = self.hypotheses.asked(features, texts)
        return DocumentBlock(features, stored, texts, shares)


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


class BlankTexts:
    """Takes note of texts without a token, and keeps their places among the others."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def __call__(self, one: SetAside) -> None:
        """Take note of one, whose id is its number."""
        self.rows.append(int(one.id))

    def filled(self, found: np.ndarray, n_texts: int, value: Any) -> np.ndarray:
        """Put a value where nothing could be found, and warn."""
        if not self.rows:
            return found
        warnings.warn(
            f"a text must hold a token that the model can read; {len(self.rows)} of "
            f"{n_texts} hold none (the first is number {self.rows[0]}). They get no "
            "label.",
            LongshotWarning,
            stacklevel=4,
        )
        whole = np.full((n_texts, *found.shape[1:]), value, dtype=found.dtype)
        whole[np.delete(np.arange(n_texts), self.rows)] = found
        return whole
