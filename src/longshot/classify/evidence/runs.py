"""Runs of spans, which make a document's passages, and the example closest to one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from longshot.classify.features.extraction import span_tokens, span_vectors
from longshot.classify.features.hashing import Counts
from longshot.classify.features.lexical import count_words
from longshot.classify.labels.support import SupportSet
from longshot.records import Match, Span, Vectors
from longshot.similarity import unit

RUN_SPANS = 4

Places = Int[np.ndarray, " run"]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The spans of a document, and the runs of them that make its passages.

    Attributes
    ----------
    vectors
        The mean token of each span, in the last layer.
    tokens
        The tokens of each span.
    spans
        Their characters; windows stand for spans where there are none.
    windows
        The window that each span stands in.
    length
        The spans of a run, no more than a window has. Runs begin at every span.
    """

    vectors: np.ndarray
    tokens: Int[np.ndarray, " span"]
    spans: Sequence[Span]
    windows: Int[np.ndarray, " span"]
    length: int

    @classmethod
    def of(cls, vectors: Vectors, last_layer: int) -> "Runs":
        """Find the runs of a document."""
        rows, tokens = span_vectors(vectors, last_layer), span_tokens(vectors)
        if not len(vectors.span_vectors):
            whole = [Span(w.start, w.end, w.n_tokens) for w in vectors.windows]
            return cls(rows, tokens, whole, np.arange(len(whole)), 1)
        spans = [span for window in vectors.windows for span in window.spans]
        counts = [len(window.spans) for window in vectors.windows]
        windows = np.repeat(np.arange(len(counts)), counts)
        return cls(rows, tokens, spans, windows, min(RUN_SPANS, max(counts)))

    def __len__(self) -> int:
        return len(self.spans) - self.length + 1

    def members(self, run: int) -> slice:
        """Give the spans of a run."""
        return slice(run, run + self.length)

    def characters(self, run: int) -> tuple[int, int]:
        """Give the characters of a run; windows may overlap."""
        spans = self.spans[self.members(run)]
        return min(one.start for one in spans), max(one.end for one in spans)

    def evenly(self, most: int) -> Places:
        """Give some runs, spread evenly, that overlap by no more than half."""
        n_kept = min(most, -(-len(self) // max(1, self.length // 2)))
        return np.linspace(0, len(self) - 1, n_kept).round().astype(int)

    def means(self, runs: Places) -> Float[np.ndarray, "run dim"]:
        """Give the mean token of some runs."""
        members = runs[:, None] + np.arange(self.length)
        weights = self.tokens[members].astype(np.float64)
        weights /= weights.sum(axis=1, keepdims=True)
        vectors = self.vectors[members].astype(np.float64)
        return np.asarray(np.einsum("rs,rsd->rd", weights, vectors))

    def words(self, runs: Places, text: str) -> Counts:
        """Count the words of some runs, which stand in reading order."""
        first = int(runs[0])
        spans = self.spans[first : int(runs[-1]) + self.length]
        counts = count_words([text[one.start : one.end] for one in spans])
        columns = (runs - first)[:, None] + np.arange(self.length)
        rows = np.repeat(np.arange(len(runs)), self.length)
        members = (np.ones(columns.size), (rows, columns.ravel()))
        return (sparse.csr_matrix(members, (len(runs), len(spans))) @ counts).tocsr()

    def over_spans(
        self, scores: Float[np.ndarray, "run class"]
    ) -> Float[np.ndarray, "span class"]:
        """Give each span the mean of the runs that it stands in."""
        sums = np.zeros((len(self.spans), scores.shape[1]))
        counts = np.zeros((len(self.spans), 1))
        for offset in range(self.length):
            sums[offset : offset + len(scores)] += scores
            counts[offset : offset + len(scores)] += 1
        return np.asarray(sums / counts)


def closest_example(
    support: SupportSet, class_index: int, window: Float[np.ndarray, " dim"]
) -> Match | None:
    """Find the example window of a class that a window is closest to by cosine.

    None where the class has no example, but only a name.
    """
    windows = support.windows_of(class_index)
    if windows is None:
        return None
    # Not by BLAS, which may round two windows that are the same in two ways.
    similarities = np.einsum("wd,d->w", windows.directions, unit(window[None])[0])
    best = int(similarities.argmax())
    example = support.examples[windows.examples[best]]
    assert example.vectors is not None
    assert example.text is not None
    matched = example.vectors.windows[windows.places[best]]
    return Match(
        example_id=example.id,
        window=matched,
        text=example.text[matched.start : matched.end],
        similarity=float(similarities[best]),
    )
