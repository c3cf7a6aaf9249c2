"""Views: the ways to read a document into one vector.

Different tasks need different views. A topic is spread over the whole document, in its
last layers (``body``) and its words; what kind of document it is stands in its head, in
the model's vectors and in the plain letters of its title.

Before anything is compared, what documents have in common is taken away: mean vectors
of one model point nearly the same way, and words that stand everywhere say nothing.
Both are measured on a reference: the pile where documents are judged together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Float32, Int

from longshot.classify.features.document_features import HEAD_SPANS, DocumentFeatures
from longshot.classify.features.lexical import (
    Counts,
    document_frequencies,
    smoothed_idf,
    weigh,
)
from longshot.similarity import unit

_BY_DOCUMENT = ("layers", "head")


@dataclass(frozen=True, kw_only=True, eq=False)
class CorpusStatistics:
    """Means of the views, and document frequencies of words.

    Attributes
    ----------
    layers, head
        The mean over documents.
    spans
        The mean over the spans of all documents.
    words, title_words
        In how many documents each column occurs.
    n_documents
        How many documents there are.
    entailment
        The mean over documents of what a model of natural-language inference says of
        each label; nothing, where none was asked.
    weight, span_weight
        What the means count when they are merged with others.
    """

    layers: Float[np.ndarray, "layer dim"]
    head: Float[np.ndarray, " dim"]
    spans: Float[np.ndarray, " dim"]
    words: Float[np.ndarray, " word"]
    title_words: Float[np.ndarray, " piece"]
    n_documents: int
    entailment: dict[str, float] = field(default_factory=dict)
    weight: float = 0.0
    span_weight: float = 0.0

    @cached_property
    def words_idf(self) -> Float32[np.ndarray, " word"]:
        """The inverse document frequency of each word."""
        return smoothed_idf(self.words, self.n_documents)

    @cached_property
    def title_words_idf(self) -> Float32[np.ndarray, " piece"]:
        """The inverse document frequency of each word or piece of a title."""
        return smoothed_idf(self.title_words, self.n_documents)

    @classmethod
    def of(
        cls,
        documents: DocumentFeatures,
        weights: Float[np.ndarray, " document"] | None = None,
    ) -> "CorpusStatistics":
        """Measure documents, all of the same weight unless said otherwise."""
        if weights is None:
            weights = np.ones(len(documents))
        n_spans = np.array([len(one) for one in documents.spans], dtype=np.float64)
        span_weight = weights @ n_spans
        return cls(
            layers=np.average(documents.layers, axis=0, weights=weights),
            head=np.average(documents.head, axis=0, weights=weights),
            spans=np.asarray(weights @ documents.span_sums / span_weight),
            words=document_frequencies(documents.words),
            title_words=document_frequencies(documents.title_words),
            n_documents=len(documents),
            entailment={
                key: float(np.average(scores, weights=weights))
                for key, scores in documents.entailment.items()
            },
            weight=float(weights.sum()),
            span_weight=float(span_weight),
        )

    @classmethod
    def merge(cls, parts: Sequence["CorpusStatistics"]) -> "CorpusStatistics":
        """Put together what was measured on several parts of one corpus."""
        weights = [part.weight for part in parts]
        means = {
            name: np.average([getattr(one, name) for one in parts], 0, weights)
            for name in _BY_DOCUMENT
        }
        span_weights = [part.span_weight for part in parts]
        return cls(
            **means,
            spans=np.average([one.spans for one in parts], 0, span_weights),
            words=np.sum([one.words for one in parts], axis=0),
            title_words=np.sum([one.title_words for one in parts], axis=0),
            n_documents=sum(one.n_documents for one in parts),
            entailment={
                key: float(
                    np.average([one.entailment[key] for one in parts], 0, weights)
                )
                for key in parts[0].entailment
            },
            weight=sum(weights),
            span_weight=sum(span_weights),
        )

    def uncentred(self) -> "CorpusStatistics":
        """Subtract nothing: where nothing is known of the documents to come.

        Neutral texts in the place of documents like these cost names two points
        (docs/research/003).
        """
        zeros = {name: np.zeros_like(getattr(self, name)) for name in _BY_DOCUMENT}
        return replace(self, **zeros, spans=np.zeros_like(self.spans), entailment={})

    def with_titles_of(self, names: DocumentFeatures) -> "CorpusStatistics":
        """Count the letters of names among those of the documents."""
        return replace(
            self,
            title_words=self.title_words + document_frequencies(names.title_words),
            n_documents=self.n_documents + len(names),
        )


View = Literal["body", "last", "spans", "head", "words", "title_words", "entailment"]
ALL_VIEWS: tuple[View, ...] = ("body", "head", "words", "title_words")
LEXICAL: tuple[View, ...] = ("words", "title_words")

_MAX_ROW_SPACE = 400
_LEAST_EIGENVALUE = 1e-4
_BLOCK_EXAMPLES = 64


def distinct_views(documents: DocumentFeatures) -> tuple[View, ...]:
    """Leave out what says nothing of its own.

    In short documents the head is all of it, and its words are those of the title.
    """
    return distinct_where(float(is_head_all(documents).mean()))


def distinct_where(share_head_is_all: float) -> tuple[View, ...]:
    """Do the same by the share of documents whose head is all that there is of them."""
    return ALL_VIEWS if share_head_is_all < 0.5 else ("body", "title_words")


def is_head_all(documents: DocumentFeatures) -> Bool[np.ndarray, " document"]:
    """Tell of each document whether its head is all that there is of it."""
    n_spans = np.array([len(one) for one in documents.spans], dtype=np.int64)
    return np.asarray(n_spans <= HEAD_SPANS)


def dense_view(
    view: View, documents: DocumentFeatures, statistics: CorpusStatistics
) -> Float[np.ndarray, "document dim"]:
    """Give a view of vectors, centred on the corpus, each row of unit length.

    The layers of ``body`` stand side by side, all of the same length.
    """
    if view == "body":
        return layers_side_by_side(documents.layers - statistics.layers)
    rows = documents.head if view == "head" else documents.last
    return unit(rows - centre_of(view, statistics), np.float32)


def directions_together(
    documents: DocumentFeatures, others: DocumentFeatures
) -> tuple[Float[np.ndarray, " dim"], Float[np.ndarray, "row dim"]]:
    """Give the mean of both in the last layer, and each one's direction from there."""
    last = np.vstack([documents.last, others.last])
    centre = last.mean(axis=0)
    return centre, unit(last - centre, np.float32)


def layers_side_by_side(
    layers: Float[np.ndarray, "document layer dim"],
) -> Float[np.ndarray, "document layer_dim"]:
    """Bring each layer to the same length, so that a row has length one."""
    n_documents, n_layers, dim = layers.shape
    rows = unit(layers.reshape(-1, dim), np.float32) / np.float32(np.sqrt(n_layers))
    return np.asarray(rows.reshape(n_documents, n_layers * dim))


def centre_of(view: View, statistics: CorpusStatistics) -> Float[np.ndarray, " dim"]:
    """Give the corpus's mean of a view of one layer."""
    return statistics.head if view == "head" else statistics.layers[0]


def lexical_view(
    view: View, documents: DocumentFeatures, statistics: CorpusStatistics
) -> Counts:
    """Give a view of words, weighed by the corpus, each row of unit length."""
    if view == "words":
        return weigh(documents.words, statistics.words_idf)
    return weigh(documents.title_words, statistics.title_words_idf)


@dataclass(frozen=True, slots=True, eq=False)
class RowSpace:
    """The space that the examples of a sparse view span, as dense coordinates.

    Attributes
    ----------
    words
        The columns in which any example has something: no other counts.
    examples
        The examples, in these columns alone.
    basis
        What products with the examples are multiplied by.
    own
        The coordinates of the examples themselves.
    """

    words: Int[np.ndarray, " word"]
    examples: Counts
    basis: Float[np.ndarray, "example coordinate"]
    own: Float[np.ndarray, "example coordinate"]

    @classmethod
    def of(cls, examples: Counts) -> "RowSpace":
        """Find it from the inner products of the examples."""
        words = np.flatnonzero(document_frequencies(examples))
        examples = examples[:, words]
        products = np.hstack([part for _, part in _products(examples, examples)])
        values, vectors = np.linalg.eigh(products)
        kept = np.flatnonzero(values > _LEAST_EIGENVALUE)[-_MAX_ROW_SPACE:]
        lengths, vectors = np.sqrt(values[kept]), vectors[:, kept]
        return cls(words, examples, vectors / lengths, vectors * lengths)

    def coordinates(self, rows: Counts) -> Float[np.ndarray, "row coordinate"]:
        """Give the coordinates of rows in it."""
        rows = rows[:, self.words]
        found = np.zeros((rows.shape[0], self.basis.shape[1]), dtype=np.float32)
        for block, products in _products(rows, self.examples):
            found += products @ self.basis[block]
        return found

    def by_word(
        self, coefficients: Float[np.ndarray, "coordinate class"]
    ) -> Float[np.ndarray, "word class"]:
        """Give what each of :attr:`words` adds, for coefficients of coordinates.

        ``rows[:, words] @ by_word(coefficients)`` is what ``coordinates(rows) @
        coefficients`` is: with as many products as classes, not as examples.
        """
        return np.asarray(self.examples.T @ (self.basis @ coefficients))


def _products(rows: Counts, examples: Counts) -> Iterator[tuple[slice, np.ndarray]]:
    """Give the inner products of rows with some examples at a time, and with which.

    A sparse matrix times a dense one: three times as fast as the product of two sparse
    ones, which is nearly full.
    """
    for start in range(0, examples.shape[0], _BLOCK_EXAMPLES):
        block = slice(start, start + _BLOCK_EXAMPLES)
        yield block, rows @ examples[block].T.toarray()
