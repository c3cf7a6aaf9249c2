"""What the classifier reads of each document: one row in each of its views.

Vectors and texts enter. Places are the whole document, its head (the first 64 tokens)
and its title (the first 32): a contract's kind stands in its first line, where a mean
over twenty pages drowns it. Spans stay apart, for what a single passage says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, overload, runtime_checkable
from zlib import crc32

import numpy as np
from jaxtyping import Float, Float16, Int
from scipy import sparse

from longshot.classify.features.lexical import Counts, count_title, count_words
from longshot.pooling import window_weights
from longshot.recipe import WindowPooling
from longshot.records import Vectors

MAX_LAYERS = 3
HEAD_SPANS = 2
_BATCH_TEXTS = 64

Spans = Sequence[Float16[np.ndarray, "_ dim"]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Readings:
    """What was read of several documents; row by row.

    Attributes
    ----------
    documents
        The documents' vectors under the recipe.
    layers
        The mean token of the document in the recipe's last layers, the last one first.
    head, title
        The mean of its first 64 and of its first 32 tokens, in the last layer.
    spans
        The mean token of each of its spans, in the last layer.
    words, title_words
        Counts of its words, and of those of its first 300 characters.
    """

    documents: Float[np.ndarray, "document dim"]
    layers: Float[np.ndarray, "document layer dim"]
    head: Float[np.ndarray, "document dim"]
    title: Float[np.ndarray, "document dim"]
    spans: Spans
    words: Counts
    title_words: Counts

    def __len__(self) -> int:
        return len(self.layers)

    @property
    def last(self) -> Float[np.ndarray, "document dim"]:
        """The mean token in the last layer."""
        return self.layers[:, 0]

    def take(self, rows: Int[np.ndarray, " row"]) -> "Readings":
        """Give some of the documents, in the order of `rows`."""
        return Readings(
            documents=self.documents[rows],
            layers=self.layers[rows],
            head=self.head[rows],
            title=self.title[rows],
            spans=Chosen(self.spans, rows),
            words=self.words[rows],
            title_words=self.title_words[rows],
        )

    def sample(self, most: int) -> "Readings":
        """Give at most so many, the same ones in whatever order they stand."""
        return self if len(self) <= most else self.take(self.content_order()[:most])

    def content_order(self) -> Int[np.ndarray, " document"]:
        """Give the rows in an order that depends on what they hold alone."""
        directions = np.random.default_rng(0).normal(size=(2, self.last.shape[1]))
        return np.lexsort(directions @ self.last.T)

    def draws(self) -> Float[np.ndarray, " document"]:
        """Draw a number in [0, 1) for each document, by its title words alone.

        The same document so draws the same, wherever and beside whatever it stands.
        """
        counts = self.title_words.sorted_indices()
        rows = zip(counts.indptr[:-1], counts.indptr[1:], strict=True)
        words = counts.indices.astype(np.int64)
        return np.array([crc32(words[a:b].tobytes()) / 2**32 for a, b in rows])

    def joined(self, other: "Readings") -> "Readings":
        """Give these documents and then the others."""
        return Readings(
            documents=np.concatenate([self.documents, other.documents]),
            layers=np.concatenate([self.layers, other.layers]),
            head=np.concatenate([self.head, other.head]),
            title=np.concatenate([self.title, other.title]),
            spans=[*self.spans, *other.spans],
            words=sparse.vstack([self.words, other.words]).tocsr(),
            title_words=sparse.vstack([self.title_words, other.title_words]).tocsr(),
        )


class Chosen(Sequence[Float16[np.ndarray, "_ dim"]]):
    """Some of the spans, without copying any."""

    def __init__(self, spans: Spans, rows: Int[np.ndarray, " row"]) -> None:
        self._spans: Spans = spans._spans if isinstance(spans, Chosen) else spans
        self._rows: np.ndarray = (
            spans._rows[rows] if isinstance(spans, Chosen) else rows
        )

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Float16[np.ndarray, "span dim"]: ...
    @overload
    def __getitem__(self, index: slice) -> Spans: ...
    def __getitem__(self, index: int | slice) -> np.ndarray | Spans:
        if isinstance(index, slice):
            return Chosen(self._spans, self._rows[index])
        return self._spans[int(self._rows[index])]


@runtime_checkable
class NumberedVectors(Protocol):
    """Vectors of documents, by their number."""

    def __len__(self) -> int: ...
    def __getitem__(self, number: int, /) -> Vectors: ...


class SpansOf(Sequence[Float16[np.ndarray, "_ dim"]]):
    """The spans of documents whose vectors can be had by their number."""

    def __init__(self, vectors: NumberedVectors, last_layer: int) -> None:
        self._vectors, self._last_layer = vectors, last_layer

    def __len__(self) -> int:
        return len(self._vectors)

    @overload
    def __getitem__(self, index: int) -> Float16[np.ndarray, "span dim"]: ...
    @overload
    def __getitem__(self, index: slice) -> Spans: ...
    def __getitem__(self, index: int | slice) -> np.ndarray | Spans:
        if isinstance(index, slice):
            return Chosen(self, np.arange(len(self))[index])
        return span_vectors(self._vectors[index], self._last_layer)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How vectors are to be read.

    Attributes
    ----------
    order
        Where the last layers stand among those of the vectors, the last one first.
    window_pooling
        How windows weigh in a document.
    """

    order: Int[np.ndarray, " layer"]
    window_pooling: WindowPooling

    @classmethod
    def of(cls, layers: Sequence[int], window_pooling: WindowPooling) -> "Layout":
        """Find the last of a recipe's layers, which are given from 0."""
        return cls(np.argsort(layers)[::-1][:MAX_LAYERS], window_pooling)


class Reader:
    """Collects readings, one document after the other."""

    def __init__(self, layout: Layout, dim: int) -> None:
        self._layout = layout
        self._dim = dim
        self._documents: list[np.ndarray] = []
        self._layers: list[np.ndarray] = []
        self._heads: list[np.ndarray] = []
        self._titles: list[np.ndarray] = []
        self._words: list[Counts] = []
        self._title_words: list[Counts] = []
        self._texts: list[str] = []

    def read(self, vectors: Vectors, text: str) -> None:
        """Take in one document."""
        tokens_per_window = np.array([window.n_tokens for window in vectors.windows])
        weights = window_weights(tokens_per_window, self._layout.window_pooling)
        layers = vectors.layer_means[:, self._layout.order].astype(np.float64)
        self._documents.append(vectors.document)
        self._layers.append(np.einsum("w,wld->ld", weights, layers).astype(np.float32))
        spans = span_vectors(vectors, int(self._layout.order[0]))
        tokens_per_span = span_tokens(vectors)
        self._titles.append(spans[0].astype(np.float32))
        self._heads.append(
            np.average(
                spans[:HEAD_SPANS], axis=0, weights=tokens_per_span[:HEAD_SPANS]
            ).astype(np.float32)
        )
        self._texts.append(text)
        if len(self._texts) == _BATCH_TEXTS:
            self._count()

    def readings(self, vectors: NumberedVectors) -> Readings:
        """Give what was read, with the documents' vectors for their spans."""
        self._count()
        return Readings(
            documents=self._stacked(self._documents),
            layers=self._stacked(self._layers, len(self._layout.order)),
            head=self._stacked(self._heads),
            title=self._stacked(self._titles),
            spans=SpansOf(vectors, int(self._layout.order[0])),
            words=sparse.vstack(self._words).tocsr(),
            title_words=sparse.vstack(self._title_words).tocsr(),
        )

    def _stacked(self, rows: list[np.ndarray], *shape: int) -> np.ndarray:
        return np.array(rows, dtype=np.float32).reshape(len(rows), *shape, self._dim)

    def _count(self) -> None:
        if self._texts or not self._words:
            self._words.append(count_words(self._texts))
            self._title_words.append(count_title(self._texts))
            self._texts = []


def span_vectors(vectors: Vectors, last_layer: int) -> Float16[np.ndarray, "span dim"]:
    """Give a document's spans; where there are none, its windows stand for them."""
    if len(vectors.span_vectors):
        return vectors.span_vectors
    return vectors.layer_means[:, last_layer].astype(np.float16)


def span_tokens(vectors: Vectors) -> Int[np.ndarray, " span"]:
    """Count the tokens of each of them."""
    if len(vectors.span_vectors):
        return np.array([s.n_tokens for w in vectors.windows for s in w.spans])
    return np.array([window.n_tokens for window in vectors.windows])


def read_all(
    documents: Sequence[tuple[Vectors, str]], layout: Layout, dim: int
) -> Readings:
    """Read documents whose vectors and texts are at hand."""
    reader = Reader(layout, dim)
    for vectors, text in documents:
        reader.read(vectors, text)
    return reader.readings([vectors for vectors, _ in documents])
