"""Which passage of a document spoke for a label, and which example it matched.

The score of a class is the logarithm of how many times likelier it is than among equal
ones, and it is a sum over the document's spans. What is read off the head and the title
belongs to the first spans. Of all else each span's part is what the passages that hold
it say by themselves, by the span's share of the tokens. A document is more than its
passages: what speaks for a class is raised, and what speaks against it lowered, by the
factor under which all parts add up to the score.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.sources import Source
from longshot.classify.evidence.passages import (
    PassageScorer,
    Runs,
    gain_over_guessing,
    whole_sentences,
)
from longshot.classify.features.document_features import HEAD_SPANS, DocumentFeatures
from longshot.classify.features.extraction import Layout
from longshot.classify.labels.support import SupportSet
from longshot.pooling import window_weights
from longshot.records import Evidence, Passage, RunnerUp, Vectors

_N_PASSAGES = 3
_BLOCK_DOCUMENTS = 256
_LEAST = 1e-6
_PLACES = {"head": HEAD_SPANS, "title_words": 1}
"""Views of the first spans alone, with how many these are."""

PerSpan = Float[np.ndarray, "span class"]


class SourceScores:
    """What each source says of documents, weighed; computed for some at a time.

    Parameters
    ----------
    evidence, documents
        What scores them, and the documents.
    """

    def __init__(self, evidence: EvidenceModel, documents: DocumentFeatures) -> None:
        self._evidence, self._documents = evidence, documents
        self._of_block = lru_cache(maxsize=1)(self._computed)

    def of(self, row: int) -> Float[np.ndarray, "source class"]:
        """Give those of one document; cheap where they are asked for in order."""
        block, place = divmod(row, _BLOCK_DOCUMENTS)
        return self._of_block(block)[:, place]

    def _computed(self, block: int) -> Float[np.ndarray, "source document class"]:
        first = block * _BLOCK_DOCUMENTS
        last = min(first + _BLOCK_DOCUMENTS, len(self._documents))
        documents = self._documents.take(np.arange(first, last))
        return np.stack(list(self._evidence.weighed_sources(documents)))


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoredDocument:
    """A document that was scored, with all that tells why.

    Attributes
    ----------
    vectors, text
        The document.
    scores_by_source
        What each source of evidence says of each class, weighed.
    log_probabilities
        What was decided in the end; with a pile, by more than the document.
    layout
        How vectors are read.
    evidence, passage_scorer
        What scored it, and what scores its passages, learned when first asked for.
    """

    vectors: Vectors
    text: str
    scores_by_source: Float[np.ndarray, "source class"]
    log_probabilities: Float[np.ndarray, " class"]
    layout: Layout
    evidence: EvidenceModel
    passage_scorer: Callable[[], PassageScorer]

    @cached_property
    def runs(self) -> Runs:
        """Its passages."""
        return Runs.of(self.vectors, self.layout.last_layer)

    @property
    def scores(self) -> Float[np.ndarray, " class"]:
        """The score of each class, without the pile."""
        return np.asarray(self.scores_by_source.sum(axis=0))

    @cached_property
    def gains(self) -> Float[np.ndarray, " class"]:
        """The score of each class, beside equal ones."""
        return np.asarray(gain_over_guessing(self.scores[None])[0])

    @cached_property
    def passage_gains(self) -> Float[np.ndarray, "run class"]:
        """What each passage says of each class by itself, the first with the title."""
        if len(self.runs) == 1:
            return self.gains[None]
        scores = self.passage_scorer().scores(self.runs, self.text)
        scores[0] += sum(of_place for _, of_place in self._of_places)
        return gain_over_guessing(scores)

    @cached_property
    def span_contributions(self) -> PerSpan:
        """Split the score of every class into what each span adds to it."""
        shares = np.zeros((len(self.runs.spans), len(self.gains)))
        for n_spans, scores in self._of_places:
            tokens = self.runs.tokens[:n_spans]
            shares[:n_spans] += np.outer(tokens / tokens.sum(), scores)
        # Of entailment only the mean over a document is known.
        for source, scores in self._by_source:
            if source.view == "entailment":
                shares += np.outer(self._span_weights, scores - scores.mean())
        shares += self._span_weights[:, None] * self.runs.over_spans(self.passage_gains)
        return adding_up(shares, self.gains, self._span_weights)

    @property
    def window_contributions(self) -> Float[np.ndarray, "window class"]:
        """Add the spans of each window up."""
        sums = np.zeros((len(self.vectors.windows), len(self.gains)))
        np.add.at(sums, self.runs.windows, self.span_contributions)
        return sums

    def passage(self, run: int, class_index: int) -> Passage:
        """Write a passage down, rounded out to whole sentences."""
        start, end = whole_sentences(self.text, *self.runs.characters(run))
        members = self.runs.members(run)
        return Passage(
            start=start,
            end=end,
            text=self.text[start:end],
            contribution=float(self.span_contributions[members, class_index].sum()),
        )

    @cached_property
    def _of_places(self) -> list[tuple[int, Float[np.ndarray, " class"]]]:
        """Give what head and title say, each with the spans that it was read off."""
        return [
            (_PLACES[source.view], scores - scores.mean())
            for source, scores in self._by_source
            if source.view in _PLACES
        ]

    @property
    def _by_source(self) -> Iterator[tuple[Source, Float[np.ndarray, " class"]]]:
        return zip(self.evidence.sources, self.scores_by_source, strict=True)

    @property
    def _span_weights(self) -> Float[np.ndarray, " span"]:
        """How the spans weigh in the document."""
        counts = np.array([window.n_tokens for window in self.vectors.windows])
        windows = window_weights(counts, self.layout.window_pooling)
        shares = self.runs.tokens / np.bincount(
            self.runs.windows, self.runs.tokens, len(counts)
        ).take(self.runs.windows)
        return np.asarray(windows[self.runs.windows] * shares)


def adding_up(
    shares: PerSpan,
    totals: Float[np.ndarray, " class"],
    weights: Float[np.ndarray, " span"],
) -> PerSpan:
    """Raise positive shares and lower negative ones by a factor, to the totals.

    The factor r solves ``r · positive + negative / r = total``, so that no share
    changes its sign. Where all shares have the other sign than the total, they cannot,
    and the spans bear the difference by their weights.
    """
    positive = np.maximum(shares, 0).sum(axis=0)
    negative = np.minimum(shares, 0).sum(axis=0)
    root = np.sqrt(totals**2 - 4 * positive * negative)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Of the two ways to write the root, the one that does not cancel.
        factors = np.where(
            totals > 0, (totals + root) / (2 * positive), 2 * negative / (totals - root)
        )
    factors = np.where((factors > _LEAST) & (factors < 1 / _LEAST), factors, 1.0)
    scaled = np.where(shares > 0, factors * shares, shares / factors)
    return np.asarray(scaled + weights[:, None] * (totals - scaled.sum(axis=0)))


def explain_class(
    support: SupportSet, document: ScoredDocument, class_index: int
) -> Evidence:
    """Find the passages that spoke for a class and against it.

    Parameters
    ----------
    support
        The examples.
    document
        The document, with what scored it.
    class_index
        The class, as an index into the support set's classes.
    """
    telling = int(document.passage_gains[:, class_index].argmax())
    passage = document.passage(telling, class_index)
    supporting = _speaking(document, class_index, sign=1, beside=[passage])
    opposing = _speaking(document, class_index, sign=-1, beside=supporting)
    windows = document.window_contributions[:, class_index]
    place = _window_of(document.runs, telling)
    window = document.vectors.windows[place]
    vectors = document.vectors.window_vectors
    return Evidence(
        label=str(support.classes[class_index]),
        passage=passage,
        window=window,
        text=document.text[window.start : window.end],
        contribution=float(windows[place]),
        match=support.closest(class_index, vectors[place]),
        score=float(document.gains[class_index]),
        contributions=tuple(windows.tolist()),
        supporting=tuple(supporting),
        opposing=tuple(opposing[len(supporting) :]),
        runner_up=_runner_up(support, document, class_index),
    )


def _speaking(
    document: ScoredDocument, class_index: int, *, sign: int, beside: list[Passage]
) -> list[Passage]:
    """Give some passages, and those that speak most for a class (or against it)."""
    gains = sign * document.passage_gains[:, class_index]
    found = list(beside)
    n_wanted = _N_PASSAGES if sign > 0 else len(beside) + _N_PASSAGES
    for run in (-gains).argsort(kind="stable").tolist():
        if gains[run] <= 0 or len(found) == n_wanted:
            break
        passage = document.passage(run, class_index)
        if sign * passage.contribution > 0 and _lies_apart(passage, found):
            found.append(passage)
    return found


def _lies_apart(passage: Passage, others: list[Passage]) -> bool:
    return all(one.end <= passage.start or passage.end <= one.start for one in others)


def _runner_up(
    support: SupportSet, document: ScoredDocument, class_index: int
) -> RunnerUp:
    """Find the best of the other classes, and what told it from this one."""
    others = document.log_probabilities.copy()
    others[class_index] = -np.inf
    second = int(others.argmax())
    pair = class_index, second
    lost_by = _lead(document.log_probabilities, pair)
    sources = zip(document.evidence.sources, document.scores_by_source, strict=True)
    reasons = [(str(source), _lead(scores, pair)) for source, scores in sources]
    if abs(by_pile := lost_by - _lead(document.scores, pair)) > _LEAST:
        reasons.append(("the pile", by_pile))
    return RunnerUp(
        label=str(support.classes[second]),
        lost_by=lost_by,
        reasons=tuple(sorted(reasons, key=lambda one: -one[1])),
        passage=document.passage(
            int(document.passage_gains[:, second].argmax()), second
        ),
    )


def _lead(scores: Float[np.ndarray, " class"], pair: tuple[int, int]) -> float:
    """Tell by how much the first of two classes is ahead."""
    return float(scores[pair[0]] - scores[pair[1]])


def _window_of(runs: Runs, run: int) -> int:
    """Find the window that holds most of a run's tokens."""
    members = runs.members(run)
    windows: Int[np.ndarray, " span"] = runs.windows[members]
    return int(np.bincount(windows, runs.tokens[members]).argmax())
