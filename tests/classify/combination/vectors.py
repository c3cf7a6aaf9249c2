"""Documents made of plain vectors, and priors that prefer no source."""

import numpy as np
from jaxtyping import Float
from scipy import sparse

from longshot.classify.combination.sources import Priors, Source
from longshot.classify.features.document_features import HEAD_SPANS, DocumentFeatures
from longshot.classify.features.lexical import N_COLUMNS
from longshot.classify.features.views import ALL_VIEWS
from longshot.classify.scorers.names import NAME_VIEWS

FLAT = Priors(
    observables=("one",),
    coefficients={
        str(source): np.zeros(1)
        for source in (
            *(Source("names", view) for view in NAME_VIEWS),
            *(Source("examples", view) for view in ALL_VIEWS),
        )
    },
    precision=1.0,
)


def documents_of(
    rows: Float[np.ndarray, "document dim"],
    head: Float[np.ndarray, "document dim"] | None = None,
) -> DocumentFeatures:
    """Give documents of one layer, without words; a head that is given is not all."""
    n_documents = len(rows)
    n_spans = 1 if head is None else HEAD_SPANS + 1
    return DocumentFeatures(
        vectors=rows,
        layers=rows[:, None],
        head=rows if head is None else head,
        spans=tuple(np.tile(row.astype(np.float16), (n_spans, 1)) for row in rows),
        span_tokens=(np.full(n_spans, 10),) * n_documents,
        words=sparse.csr_matrix((n_documents, N_COLUMNS)),
        title_words=sparse.csr_matrix((n_documents, 2 * N_COLUMNS)),
        n_tokens=np.full(n_documents, 10),
        content_hashes=np.arange(n_documents, dtype=np.uint64),
    )


def around(
    centres: Float[np.ndarray, "class dim"],
    classes: np.ndarray,
    *,
    noise: float,
    seed: int,
) -> Float[np.ndarray, "document dim"]:
    """Draw a document of each class around its centre."""
    random = np.random.default_rng(seed)
    shape = (len(classes), centres.shape[1])
    rows = centres[classes] + noise * random.normal(size=shape)
    return np.asarray(rows, dtype=np.float32)
