"""What documents have in common: what is subtracted before anything is compared.

Mean vectors of one model point nearly the same way, and words that stand everywhere say
nothing. Both are measured on a reference: the pile where documents are judged together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float, Float32

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import document_frequencies, smoothed_idf

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
