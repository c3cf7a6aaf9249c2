"""From vectors and texts to features: the last place that sees a text."""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from jaxtyping import Float16, Int
from scipy import sparse

from longshot.classify.features.document_features import (
    HEAD_SPANS,
    DocumentFeatures,
    Spans,
)
from longshot.classify.features.lexical import Counts, count_title, count_words
from longshot.embedder import DocumentEmbedder
from longshot.encoding.under_way import RowCollector
from longshot.pooling import window_weights
from longshot.recipe import WindowPooling
from longshot.records import Vectors

MAX_LAYERS = 3
MAX_SPAN_BYTES = 1 << 28
"""Of spans in memory; further ones lie in a file."""

_BACKGROUND = Path(__file__).with_name("background.txt")
_BATCH_TEXTS = 64
_MOST_REMEMBERED = 16


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How vectors are to be read.

    Attributes
    ----------
    order
        Where the last layers stand among those of the vectors, the last one first.
    window_pooling
        How windows weigh in a document.
    dim
        Of the vectors.
    """

    order: Int[np.ndarray, " layer"]
    window_pooling: WindowPooling
    dim: int

    @classmethod
    def of(cls, embedder: DocumentEmbedder) -> "Layout":
        """Tell how an embedder's vectors are to be read."""
        order = np.argsort(embedder.layers)[::-1][:MAX_LAYERS]
        return cls(order, embedder.recipe.window_pooling, embedder.encoder.dim)

    @property
    def last_layer(self) -> int:
        """Where the last layer stands among those of the vectors."""
        return int(self.order[0])


class FeatureExtractor:
    """Collects features, one document after the other.

    Parameters
    ----------
    layout
        How vectors are read.
    max_span_bytes
        What the spans may take in memory.
    """

    def __init__(self, layout: Layout, max_span_bytes: int = MAX_SPAN_BYTES) -> None:
        self._layout = layout
        # An array each that grows: as many small ones would lie between what is kept
        # of other documents, and their memory could not be given back.
        self._rows = {name: RowCollector() for name in ("vectors", "layers", "head")}
        self._spans = _SpanStore(layout.dim, max_span_bytes)
        self._span_tokens: list[np.ndarray] = []
        self._words: list[Counts] = []
        self._title_words: list[Counts] = []
        self._n_tokens: list[int] = []
        self._hashes: list[int] = []
        self._texts: list[str] = []

    def add(self, vectors: Vectors, text: str) -> None:
        """Take in one document."""
        tokens_per_window = np.array([window.n_tokens for window in vectors.windows])
        weights = window_weights(tokens_per_window, self._layout.window_pooling)
        spans = span_vectors(vectors, self._layout.last_layer)
        tokens = span_tokens(vectors)
        head = np.average(spans[:HEAD_SPANS], axis=0, weights=tokens[:HEAD_SPANS])
        row = {
            "vectors": vectors.document,
            "layers": np.stack(
                [
                    np.einsum(
                        "w,wd->d", weights, vectors.layer_means[:, layer], dtype=float
                    )
                    for layer in self._layout.order
                ]
            ),
            "head": head,
        }
        for name, values in row.items():
            self._rows[name].add(values[None].astype(np.float32))
        self._spans.add(spans)
        self._span_tokens.append(tokens)
        self._n_tokens.append(vectors.n_tokens_read)
        self._hashes.append(content_hash(text))
        self._texts.append(text)
        if len(self._texts) == _BATCH_TEXTS:
            self._count()

    def features(self) -> DocumentFeatures:
        """Give what was collected."""
        self._count()
        n_layers = len(self._layout.order)
        return DocumentFeatures(
            vectors=self._stacked("vectors"),
            layers=self._stacked("layers", n_layers),
            head=self._stacked("head"),
            spans=self._spans.arrays(),
            span_tokens=tuple(self._span_tokens),
            words=sparse.vstack(self._words).tocsr(),
            title_words=sparse.vstack(self._title_words).tocsr(),
            n_tokens=np.array(self._n_tokens, dtype=np.int64),
            content_hashes=np.array(self._hashes, dtype=np.uint64),
        )

    def _stacked(self, name: str, *shape: int) -> np.ndarray:
        if not self._hashes:
            return np.empty((0, *shape, self._layout.dim), dtype=np.float32)
        return self._rows[name].array()

    def _count(self) -> None:
        if self._texts or not self._words:
            self._words.append(count_words(self._texts))
            self._title_words.append(count_title(self._texts))
            self._texts = []


class _SpanStore:
    """The spans of documents: in memory, and beyond a bound in a file without a name.

    What is in the file is mapped into memory, and read where it is looked at.
    """

    def __init__(self, dim: int, max_bytes: int) -> None:
        self._dim, self._left_bytes = dim, max_bytes
        self._spans: list[np.ndarray | tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self._n_written = 0

    def add(self, spans: Float16[np.ndarray, "span dim"]) -> None:
        self._left_bytes -= spans.nbytes
        if self._left_bytes >= 0:
            self._spans.append(spans)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()
        self._file.write(np.ascontiguousarray(spans).tobytes())
        self._spans.append((self._n_written, self._n_written + len(spans)))
        self._n_written += len(spans)

    def arrays(self) -> Spans:
        mapped = np.empty((0, self._dim), dtype=np.float16)
        if self._file is not None:
            self._file.flush()
            shape = (self._n_written, self._dim)
            mapped = np.memmap(self._file, dtype=np.float16, mode="r", shape=shape)
            self._file.close()  # the map holds what is in it
        return tuple(
            np.asarray(mapped[slice(*one)]) if isinstance(one, tuple) else one
            for one in self._spans
        )


def background_texts() -> list[str]:
    """Give sentences and paragraphs of many kinds, for what documents have in common.

    They stand in where no two classes have an example.
    """
    return _BACKGROUND.read_text(encoding="utf-8").strip().split("\n\n")


def content_hash(text: str) -> int:
    """Give a number of 64 bits that depends on a text alone."""
    content = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


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


def extract(
    documents: Iterable[tuple[Vectors, str]], layout: Layout
) -> DocumentFeatures:
    """Give the features of documents whose vectors and texts are at hand."""
    extractor = FeatureExtractor(layout)
    for vectors, text in documents:
        extractor.add(vectors, text)
    return extractor.features()


class TextFeatures:
    """Gives the features of a few texts, such as the labels' names, and remembers them.

    Parameters
    ----------
    embedder
        What turns a text into vectors.
    """

    def __init__(self, embedder: DocumentEmbedder) -> None:
        self.embedder = embedder
        self._known: dict[tuple[str, ...], DocumentFeatures] = {}

    def of(self, texts: Sequence[str]) -> DocumentFeatures:
        """Give the features of texts.

        Raises
        ------
        EmptyDocumentError
            If a text holds no token.
        """
        wanted = tuple(texts)
        if wanted not in self._known:
            vectors = self.embedder.vectors(list(texts), tells_language=False)
            layout = Layout.of(self.embedder)
            self._known[wanted] = extract(zip(vectors, texts, strict=True), layout)
            if len(self._known) > _MOST_REMEMBERED:
                del self._known[next(iter(self._known))]
        return self._known[wanted]
