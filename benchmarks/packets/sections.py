"""The labels of sections, from the features of their units alone."""

import numpy as np
from jaxtyping import Bool, Int
from scipy import sparse

from benchmarks.packets.joining import Packet
from longshot.classify import DocumentFeatures

_HEAD_SPANS = 2


def section_labels(
    packet: Packet, begins: Bool[np.ndarray, " unit"]
) -> Int[np.ndarray, " unit"]:
    """Label each section as a document, and give each unit its section's label."""
    sections = merged(packet.units, np.flatnonzero(begins))
    probabilities = packet.model.decide(sections, pile=True).probabilities
    return np.asarray(probabilities.argmax(axis=1)[np.cumsum(begins) - 1])


def merged(
    units: DocumentFeatures, firsts: Int[np.ndarray, " section"]
) -> DocumentFeatures:
    """Put the features of units together, as if each section had been read whole.

    What a title is made of is that of the first unit: longshot counts it anew, from the
    text, which is not at hand here.
    """
    rows = np.split(np.arange(len(units)), firsts[1:])
    shares = [units.n_tokens[of] / units.n_tokens[of].sum() for of in rows]
    spans = tuple(np.concatenate([units.spans[i] for i in of]) for of in rows)
    tokens = tuple(np.concatenate([units.span_tokens[i] for i in of]) for of in rows)
    heads = [
        np.average(of_spans[:_HEAD_SPANS], axis=0, weights=of_tokens[:_HEAD_SPANS])
        for of_spans, of_tokens in zip(spans, tokens, strict=True)
    ]

    def mean(values: np.ndarray) -> np.ndarray:
        pairs = zip(shares, rows, strict=True)
        means = [np.tensordot(share, values[of], axes=1) for share, of in pairs]
        return np.array(means, dtype=np.float32)

    return DocumentFeatures(
        vectors=mean(units.vectors),
        layers=mean(units.layers),
        head=np.array(heads, dtype=np.float32),
        spans=spans,
        span_tokens=tokens,
        words=sparse.vstack(
            [sparse.csr_matrix(units.words[of].sum(axis=0)) for of in rows]
        ).tocsr(),
        title_words=units.title_words[firsts],
        n_tokens=np.array([units.n_tokens[of].sum() for of in rows]),
        content_hashes=units.content_hashes[firsts],
    )
