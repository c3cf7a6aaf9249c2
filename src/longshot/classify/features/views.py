"""Views: the ways to read a document into one vector.

Different tasks live in different views. A topic is spread over the whole document, in
its last layers (``body``) and its words; what kind of document it is stands in its head
and title, in the model's vectors and in plain letters.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import sparse

from longshot.classify.combination.weighing import Place, ViewName
from longshot.classify.features.corpus_statistics import CorpusStatistics
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import Counts, weigh
from longshot.similarity import unit

PLACES: dict[ViewName, Place] = {
    "last": "document",
    "body": "document",
    "spans": "document",
    "words": "document",
    "head": "head",
    "title": "title",
    "title_words": "title",
}
ALL_VIEWS: tuple[ViewName, ...] = ("body", "head", "title", "words", "title_words")
LAYER_WEIGHTS = (1.0, 0.7, 0.7)
"""Of the last layer and the two below it, side by side in ``body``."""

_SAME_COSINE = 0.97
_MAX_ROW_SPACE = 400
_LEAST_EIGENVALUE = 1e-4


def distinct_views(documents: DocumentFeatures) -> tuple[ViewName, ...]:
    """Leave out what says nothing of its own.

    In short documents the head and the title are all of it, and their words are those
    of the title.
    """
    places: dict[ViewName, np.ndarray] = {
        "head": documents.head,
        "title": documents.title,
    }
    last = unit(documents.last, np.float32)
    own = [name for name, place in places.items() if _is_all(place, last).mean() < 0.5]
    return ("body", *own, *(("words",) if own else ()), "title_words")


def has_title(documents: DocumentFeatures) -> Bool[np.ndarray, " document"]:
    """Tell of which documents the first tokens are but a part."""
    return ~_is_all(documents.title, unit(documents.last, np.float32))


def _is_all(
    place: Float[np.ndarray, "document dim"], last: Float[np.ndarray, "document dim"]
) -> Bool[np.ndarray, " document"]:
    """Tell whether a place reads as the whole document does; that has length one."""
    return np.asarray((unit(place, np.float32) * last).sum(axis=1) > _SAME_COSINE)


def dense_view(
    name: ViewName, documents: DocumentFeatures, reference: CorpusStatistics
) -> Float[np.ndarray, "document dim"]:
    """Give a view of vectors, centred on the reference, each row of unit length."""
    if name == "body":
        return _body(documents, reference)
    rows = {"last": documents.last, "head": documents.head, "title": documents.title}
    centred = rows[name] - centre_of(name, reference)
    return unit(centred, np.float32)


def centre_of(name: ViewName, reference: CorpusStatistics) -> Float[np.ndarray, " dim"]:
    """Give the reference's mean of a view of vectors."""
    centres = {
        "last": reference.layers[0],
        "head": reference.head,
        "title": reference.title,
    }
    return np.asarray(centres[name])


def lexical_view(
    name: ViewName, documents: DocumentFeatures, reference: CorpusStatistics
) -> Counts:
    """Give a view of words, weighed by the reference, each row of unit length."""
    if name == "words":
        return weigh(documents.words, reference.words, reference.n_documents)
    return weigh(documents.title_words, reference.title_words, reference.n_documents)


def is_lexical(name: ViewName) -> bool:
    """Tell whether a view is one of words."""
    return name in ("words", "title_words")


def _body(documents: DocumentFeatures, reference: CorpusStatistics) -> np.ndarray:
    centred = documents.layers - reference.layers
    n_documents, n_layers, dim = centred.shape
    layers = unit(centred.reshape(-1, dim), np.float32)
    weights = np.array(LAYER_WEIGHTS[:n_layers], dtype=np.float32)
    weighed = layers.reshape(centred.shape) * weights[:, None]
    return unit(weighed.reshape(n_documents, n_layers * dim), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class RowSpace:
    """The space that the examples of a sparse view span, as dense coordinates."""

    examples: Counts
    columns: Counts
    basis: Float[np.ndarray, "example coordinate"]

    @classmethod
    def of(cls, examples: Counts) -> "RowSpace":
        """Find it from the inner products of the examples."""
        columns = examples.T.tocsr()
        values, vectors = np.linalg.eigh((examples @ columns).toarray())
        kept = np.flatnonzero(values > _LEAST_EIGENVALUE)[-_MAX_ROW_SPACE:]
        basis = vectors[:, kept] / np.sqrt(values[kept])
        return cls(examples, columns, basis.astype(np.float32))

    def coordinates(self, rows: Counts) -> Float[np.ndarray, "row coordinate"]:
        """Give the coordinates of rows in it."""
        products = sparse.csr_matrix(rows @ self.columns).toarray()
        return np.asarray(products @ self.basis, dtype=np.float32)
