"""Passages: runs of a document's spans, each scored as if it were all there is.

A mean over twenty pages hides which of them speaks for a label. A run of four spans,
128 tokens, is long enough to say what it is about: it is compared with runs of the
examples, with their words, and with the labels' names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int
from scipy import sparse

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.sources import Source
from longshot.classify.features.extraction import Layout, span_tokens, span_vectors
from longshot.classify.features.lexical import (
    Counts,
    count_words,
    document_frequencies,
    smoothed_idf,
    weigh,
)
from longshot.classify.features.views import RowSpace
from longshot.classify.labels.support import SupportExample
from longshot.classify.scorers.names import NameScorer
from longshot.classify.scorers.regression import (
    SoftmaxRegression,
    balanced_weights,
    fit_softmax,
    search_space,
)
from longshot.probabilities import log_softmax
from longshot.records import Span, Vectors
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
        """Give some runs, spread evenly, that hardly overlap."""
        n_kept = min(most, -(-len(self) // self.length))
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


_RUNS_PER_EXAMPLE = 8
_MOST_RUNS = 2_000  # of all examples together
_BLOCK_RUNS = 1 << 12

_SENTENCE_END = re.compile(r"[.!?…][\"')\]”’]*\s+|\n\s*\n\s*")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PassageScorer:
    """Scores passages, each by itself.

    Attributes
    ----------
    n_classes
        How many there are.
    likeness, words
        What was learned from the examples' passages and their words; None where no two
        classes have an example.
    names
        What the labels' names say; None where they say nothing.
    weights
        What likeness, words and names count.
    """

    n_classes: int
    likeness: "_Likeness | None"
    words: "_Words | None"
    names: NameScorer | None
    weights: tuple[float, float, float]

    @classmethod
    def fit(
        cls,
        examples: Sequence[SupportExample],
        targets: Float[np.ndarray, "example class"],
        evidence: EvidenceModel,
        layout: Layout,
    ) -> "PassageScorer":
        """Learn from passages of the examples, evenly spread over each.

        How much the views of a document count is taken over from its evidence.
        """
        body = evidence.weight_of(Source("examples", "body"))
        words = evidence.weight_of(Source("examples", "words"))
        names = evidence.weight_of(Source("names", "spans"))
        if not body:
            return cls(
                n_classes=evidence.n_classes,
                likeness=None,
                words=None,
                names=evidence.names,
                weights=(0.0, 0.0, names),
            )
        passages = _ExamplePassages.of(examples, targets, evidence, layout)
        return cls(
            n_classes=evidence.n_classes,
            likeness=_Likeness.fit(passages),
            words=_Words.fit(passages) if words else None,
            names=evidence.names,
            weights=(body, words, names),
        )

    def scores(self, runs: Runs, text: str) -> Float[np.ndarray, "run class"]:
        """Give the score of each class for each run of a document."""
        places = np.arange(len(runs))
        starts = range(0, len(runs), _BLOCK_RUNS)
        blocks = [places[start : start + _BLOCK_RUNS] for start in starts]
        return np.vstack([self._scores(runs, text, block) for block in blocks])

    def _scores(self, runs: Runs, text: str, places: Places) -> np.ndarray:
        of_likeness, of_words, of_names = self.weights
        total = np.zeros((len(places), self.n_classes))
        means = runs.means(places)
        if self.likeness is not None:
            total += of_likeness * self.likeness.scores(means)
        if self.words is not None:
            total += of_words * self.words.scores(runs.words(places, text))
        if self.names is not None:
            cosines = self.names.span_cosines(means.astype(np.float16))
            total += of_names * cosines
        return total


@dataclass(frozen=True, slots=True, eq=False)
class _ExamplePassages:
    """Passages of the examples, and the names of classes that have none."""

    rows: Float[np.ndarray, "passage dim"]
    words: Counts
    targets: Float[np.ndarray, "passage class"]
    stand_ins: Float[np.ndarray, "stand_in dim"]
    stand_in_targets: Float[np.ndarray, "stand_in class"]

    @classmethod
    def of(
        cls,
        examples: Sequence[SupportExample],
        targets: Float[np.ndarray, "example class"],
        evidence: EvidenceModel,
        layout: Layout,
    ) -> "_ExamplePassages":
        most = max(1, min(_RUNS_PER_EXAMPLE, _MOST_RUNS // len(examples)))
        rows, words, of_passages = [], [], []
        for example, target in zip(examples, targets, strict=True):
            assert example.vectors is not None
            assert example.text is not None
            runs = Runs.of(example.vectors, layout.last_layer)
            kept = runs.evenly(most)
            rows.append(runs.means(kept))
            words.append(runs.words(kept, example.text))
            of_passages.append(np.tile(target, (len(kept), 1)))
        empty = np.flatnonzero(targets.sum(axis=0) == 0)
        dim = rows[0].shape[1]
        stand_ins = (
            evidence.names.names.last[empty] if evidence.names else np.empty((0, dim))
        )
        return cls(
            np.vstack(rows),
            sparse.vstack(words).tocsr(),
            np.vstack(of_passages),
            stand_ins,
            np.eye(evidence.n_classes)[empty[: len(stand_ins)]],
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Likeness:
    """A regression on the mean token of passages."""

    centre: Float[np.ndarray, " dim"]
    regression: SoftmaxRegression

    @classmethod
    def fit(cls, passages: _ExamplePassages) -> "_Likeness":
        weights = balanced_weights(passages.targets)
        centre = np.average(passages.rows, axis=0, weights=weights)
        rows = unit(np.vstack([passages.rows, passages.stand_ins]) - centre)
        regression = fit_softmax(
            rows,
            np.vstack([passages.targets, passages.stand_in_targets]),
            np.append(weights, np.ones(len(passages.stand_ins))),
            basis=search_space(rows),
        )
        return cls(centre, regression)

    def scores(self, rows: Float[np.ndarray, "run dim"]) -> np.ndarray:
        centred = unit(rows - self.centre)
        return self.regression.logits(centred)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """A regression on the words of passages."""

    idf: Float32[np.ndarray, " column"]
    space: RowSpace
    regression: SoftmaxRegression

    @classmethod
    def fit(cls, passages: _ExamplePassages) -> "_Words":
        frequencies = document_frequencies(passages.words)
        idf = smoothed_idf(frequencies, passages.words.shape[0])
        weighed = weigh(passages.words, idf)
        space = RowSpace.of(weighed)
        regression = fit_softmax(
            space.own,
            passages.targets,
            balanced_weights(passages.targets),
            basis=search_space(space.own),
        )
        return cls(idf, space, regression)

    def scores(self, words: Counts) -> np.ndarray:
        rows = self.space.coordinates(weigh(words, self.idf))
        return self.regression.logits(rows)


def gain_over_guessing(
    scores: Float[np.ndarray, "row class"],
) -> Float[np.ndarray, "row class"]:
    """Give the log of how many times likelier each class is than among equal ones."""
    return np.asarray(log_softmax(scores, axis=1) + np.log(scores.shape[1]))


def whole_sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Round a passage out to whole sentences, where they begin and end close by.

    That is no further than the passage's spans are long, on average.

    Examples
    --------
    >>> text = "It is late. The rent is due now. Pay."
    >>> start, end = whole_sentences(text, 14, 30)
    >>> text[start:end]
    'The rent is due now. '
    """
    close_by = (end - start) // RUN_SPANS
    left = max(0, start - close_by)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, left, start + 1)]
    begun = [place for place in ends if place <= start]
    if begun or left == 0:
        start = begun[-1] if begun else 0
    right = min(len(text), end + close_by)
    found = _SENTENCE_END.search(text, max(start, end - 1), right)
    if found or right == len(text):
        end = found.end() if found else right
    return start, end
