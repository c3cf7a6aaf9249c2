"""What documents have in common: what is subtracted before anything is compared.

Mean vectors of one model point nearly the same way, and words that stand everywhere say
nothing. Both are measured on a reference: the pile where documents are judged together.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from longshot.classify.features.document_features import Readings
from longshot.classify.features.lexical import document_frequencies


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Reference:
    """Means of the views, and document frequencies of words.

    Attributes
    ----------
    layers, head, title
        The mean over documents.
    spans
        The mean over the spans of all documents.
    words, title_words
        In how many documents each column occurs.
    n_documents
        How many documents there are.
    """

    layers: Float[np.ndarray, "layer dim"]
    head: Float[np.ndarray, " dim"]
    title: Float[np.ndarray, " dim"]
    spans: Float[np.ndarray, " dim"]
    words: Float[np.ndarray, " word"]
    title_words: Float[np.ndarray, " piece"]
    n_documents: int

    @classmethod
    def of(
        cls,
        readings: Readings,
        weights: Float[np.ndarray, " document"] | None = None,
    ) -> "Reference":
        """Measure documents, all of the same weight unless said otherwise."""
        if weights is None:
            weights = np.ones(len(readings))
        return cls(
            layers=np.average(readings.layers, axis=0, weights=weights),
            head=np.average(readings.head, axis=0, weights=weights),
            title=np.average(readings.title, axis=0, weights=weights),
            spans=_mean_span(readings, weights),
            words=document_frequencies(readings.words),
            title_words=document_frequencies(readings.title_words),
            n_documents=len(readings),
        )

    def with_titles_of(self, names: Readings) -> "Reference":
        """Count the letters of names among those of the documents."""
        return replace(
            self,
            title_words=self.title_words + document_frequencies(names.title_words),
            n_documents=self.n_documents + len(names),
        )


def _mean_span(readings: Readings, weights: np.ndarray) -> Float[np.ndarray, " dim"]:
    total, weight = np.zeros(readings.head.shape[1]), 0.0
    for spans, of_document in zip(readings.spans, weights, strict=True):
        total += of_document * spans.sum(axis=0, dtype=np.float64)
        weight += of_document * len(spans)
    return np.asarray(total / weight)
