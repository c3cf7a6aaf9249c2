"""What examples and names say of documents that may have several labels.

The same sources as where each has one; in the end each class is decided by itself.
Letting the classes compete in the regressions, and not in the decision, measured better
than a regression for each class alone (docs/classifier.md).

The log-odds of a class are the weighed sum of its scores and an offset. The weights are
shared by all classes, under the same prior as where documents have one label; the
offsets are drawn to one that all classes share. Both are learned from examples that
were held out in turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.combination.evidence import EvidenceModel, bounded
from longshot.classify.combination.sources import (
    LOG_WEIGHTS,
    Source,
    fitted_priors,
    weight_terms,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import CorpusStatistics, distinct_views
from longshot.classify.scorers.mixture import UNWEIGHED
from longshot.probabilities import expit, log_expit, log_softmax, logsumexp


@dataclass(frozen=True, slots=True, eq=False)
class SeveralExamples:
    """DocumentFeatures with their classes: for each class, whether it applies.

    A regression over all classes learns from them: the classes of an example share it,
    and one that has none is shared by all, so that none of them stands out.
    """

    features: DocumentFeatures
    members: Bool[np.ndarray, "example class"]

    def __len__(self) -> int:
        return len(self.members)

    @property
    def n_classes(self) -> int:
        """How many there are."""
        return int(self.members.shape[1])

    @property
    def counts(self) -> Int[np.ndarray, " class"]:
        """Examples of each class."""
        return np.asarray(self.members.sum(axis=0))

    @property
    def targets(self) -> Float[np.ndarray, "example class"]:
        """How the classes share each example."""
        shared = self.members | ~self.members.any(axis=1, keepdims=True)
        return np.asarray(shared / shared.sum(axis=1, keepdims=True))

    @property
    def balanced_weights(self) -> Float[np.ndarray, " example"]:
        """Weights under which every class that has examples weighs the same."""
        targets = self.targets
        return np.asarray(targets @ (1 / np.maximum(targets.sum(axis=0), 1e-9)))

    @property
    def mean_labels(self) -> float:
        """How many classes an example has that has any."""
        labelled = self.members[self.members.any(axis=1)]
        return float(labelled.sum(axis=1).mean()) if len(labelled) else 1.0

    def folds(
        self, n_folds: int
    ) -> Iterator[tuple[Int[np.ndarray, " kept"], Int[np.ndarray, " left_out"]]]:
        """Deal the examples to folds so that each class is spread over them.

        Those of the rarest classes first, each to the fold that has the least of its
        classes (Sechidis et al. 2011). Examples stand in canonical order, so that the
        folds depend on their set alone.
        """
        fold = self._dealt(n_folds, np.random.default_rng(0))
        for left_out in range(n_folds):
            kept = np.flatnonzero(fold != left_out)
            out = np.flatnonzero(fold == left_out)
            if len(out) and self.members[kept].any(axis=0).sum() > 1:
                yield kept, out

    def _dealt(
        self, n_folds: int, random: np.random.Generator
    ) -> Int[np.ndarray, " example"]:
        fold = np.zeros(len(self), dtype=np.int64)
        held = np.zeros((n_folds, self.n_classes))
        sizes = np.zeros(n_folds)
        shares = self.members / np.maximum(self.counts, 1)
        order = random.permutation(len(self))
        order = order[np.argsort(-shares.max(axis=1)[order], kind="stable")]
        for example in order:
            ties = random.random(n_folds)
            chosen = np.lexsort((ties, sizes, held @ shares[example]))[0]
            fold[example] = chosen
            held[chosen] += self.members[example]
            sizes[chosen] += 1
        return fold


_PRECISION = 2.0
"""Of the prior of weights, and of offsets around the one that all classes share."""

_LEAST_PRECISION = 0.05
"""Of that one: it stays finite where all answers are alike. With a millionth, F1 is the
same (docs/research/003)."""

_PRIOR_POSITIVES = 20.0
"""How many held-out labels what the probabilities expect counts as."""

_THRESHOLDS = np.arange(0.1, 0.71, 0.02)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeldOutPairs:
    """Examples with classes, each scored by what was learned without the example.

    Attributes
    ----------
    scores
        Of each example.
    is_judged
        Whether the class was asked about.
    members
        Whether the class applies.
    """

    scores: Float[np.ndarray, "example source class"]
    is_judged: Bool[np.ndarray, "example class"]
    members: Bool[np.ndarray, "example class"]

    def fitted(
        self, log_weights: Float[np.ndarray, " source"], kinds: Sequence[str]
    ) -> tuple[Float[np.ndarray, " source"], Float[np.ndarray, " class"]]:
        """Find the weights and offsets under which what applies is most likely.

        The maximum a posteriori estimate.

        Parameters
        ----------
        log_weights, kinds
            What is expected of each source, and which belong together.
        """
        design = weight_terms(kinds)
        n_terms, n_classes = design.shape[1], self.members.shape[1]
        held = np.array(
            [
                *np.full(n_terms, _PRECISION),
                _LEAST_PRECISION,
                *np.full(n_classes, _PRECISION),
            ]
        )

        def moved(terms: np.ndarray) -> np.ndarray:
            found = np.clip(log_weights + design @ terms, *LOG_WEIGHTS)
            return np.asarray(np.exp(found))

        def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
            weights = moved(terms[:n_terms])
            offsets = terms[n_terms] + terms[n_terms + 1 :]
            odds = np.einsum("efc,f->ec", self.scores, weights) + offsets
            surprise = np.where(self.members, log_expit(odds), log_expit(-odds))
            surplus = self.is_judged * (expit(odds) - self.members)
            by_weight = np.einsum("ec,efc->f", surplus, self.scores)
            by_offset = surplus.sum(axis=0)
            slopes = [design.T @ (weights * by_weight), [by_offset.sum()], by_offset]
            penalty = (held * terms**2).sum() / 2
            loss = penalty - (self.is_judged * surprise).sum()
            return float(loss), np.concatenate(slopes) + held * terms

        from scipy.optimize import minimize

        start = np.zeros(len(held))
        found = minimize(loss, start, jac=True, method="L-BFGS-B").x
        return moved(found[:n_terms]), found[n_terms] + found[n_terms + 1 :]

    def threshold(
        self,
        weights: Float[np.ndarray, " source"],
        offsets: Float[np.ndarray, " class"],
    ) -> float:
        """Find the probability from which on a class had best apply.

        What gives the greatest micro-F1 on the held-out examples, and on what their
        probabilities expect, half way to one half: the held-out were judged from fewer
        examples than what comes will be, so that their probabilities are lower.
        """
        if not self.is_judged.any():
            return 0.5
        odds = np.einsum("efc,f->ec", self.scores, weights) + offsets
        expected = expit(odds)[self.is_judged]
        members = self.members[self.is_judged]
        n_members = members.sum()
        share = n_members / (n_members + _PRIOR_POSITIVES)
        gains = [
            share * _micro_f1(expected >= one, members)
            + (1 - share) * _micro_f1(expected >= one, expected)
            for one in _THRESHOLDS
        ]
        return float((_THRESHOLDS[int(np.argmax(gains))] + 0.5) / 2)


def _micro_f1(
    applies: Bool[np.ndarray, " pair"], members: Float[np.ndarray, " pair"] | np.ndarray
) -> float:
    both = 2 * members[applies].sum()
    return float(both / max(applies.sum() + members.sum(), 1e-9))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SeveralEvidence:
    """What was learned; decides for each document and each class by itself.

    Attributes
    ----------
    evidence
        The sources and what each is worth.
    offsets
        What is added to the weighed scores of each class: its log-odds are the sum.
    threshold
        The probability from which on a class applies.
    mean_labels
        How many classes an example has on average.
    """

    evidence: EvidenceModel
    offsets: Float[np.ndarray, " class"]
    threshold: float
    mean_labels: float

    @classmethod
    def fit(
        cls, examples: SeveralExamples, names: DocumentFeatures | None
    ) -> "SeveralEvidence":
        """Learn from examples, and from names where there are some."""
        statistics = CorpusStatistics.of(examples.features, examples.balanced_weights)
        if names is not None:
            statistics = statistics.with_titles_of(names)
        evidence = EvidenceModel.unweighed(
            examples,
            names,
            statistics=statistics,
            views=distinct_views(examples.features),
            typical=examples.features,
            is_pile=False,
            likelihood=lambda scores: _names_likelihood(scores, examples.members),
        )
        held_out = _pairs(evidence, examples)
        log_weights = evidence.log_weights(fitted_priors("alone"))
        kinds = [source.kind for source in evidence.sources]
        weights, offsets = held_out.fitted(log_weights, kinds)
        return cls(
            evidence=replace(evidence, weights=weights),
            offsets=offsets,
            threshold=held_out.threshold(weights, offsets),
            mean_labels=examples.mean_labels,
        )

    def probabilities(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the probability that each class applies to each document."""
        evidence = self.evidence
        total = np.tile(self.offsets, (len(documents), 1))
        rows = zip(evidence.weights, evidence.sources, evidence.spreads, strict=True)
        for weight, source, spread in rows:
            scores = evidence.source_scores(source, documents)
            total += weight * _levelled(source, scores, spread, self.mean_labels)
        return np.asarray(expit(total))


def _levelled(
    source: Source,
    scores: Float[np.ndarray, "... class"],
    spread: float,
    mean_labels: float,
) -> Float[np.ndarray, "... class"]:
    """Measure scores from where a class is as likely to apply as not.

    A name's score is measured from the mean over names. That by examples is the
    logarithm of a probability, which the classes of a document share: half of such a
    share is where it is measured from. So offsets are near zero before any example.
    """
    if source.kind == "names":
        return scores
    shared = log_softmax(spread * scores, axis=-1) + np.log(2 * mean_labels)
    return np.asarray(shared / spread)


def _names_likelihood(
    scores: Float[np.ndarray, "example source class"],
    members: Bool[np.ndarray, "example class"],
) -> float:
    """Tell how much likelier names make what applies than guessing does.

    Each label of an example is held against those that the example lacks; the labels of
    one example count as one together.
    """
    if not scores.size:
        return 0.0
    gain = 0.0
    of_names = UNWEIGHED * scores.mean(axis=1)
    for row, own in zip(of_names, members, strict=True):
        if own.any() and not own.all():
            against = np.logaddexp(row[own], logsumexp(row[~own]))
            gain += float((row[own] - against).mean() + np.log((~own).sum() + 1))
    return bounded(gain)


def _pairs(evidence: EvidenceModel, examples: SeveralExamples) -> HeldOutPairs:
    """Give the held-out examples with the classes that they are asked about.

    A class that only one example has is asked about where names are there, which then
    decide alone when that one is held out. Else it is not: all answers would be no.
    """
    held_out = evidence.held_out
    asked = examples.counts > (1 if evidence.names is None else 0)
    is_judged = np.zeros((len(examples), examples.n_classes), bool)
    for fold in held_out.folds:
        is_judged[fold.left_out] = asked
    scores = held_out.scores.copy()
    for place, source in enumerate(evidence.sources):
        scores[:, place] = _levelled(
            source,
            scores[:, place],
            float(evidence.spreads[place]),
            examples.mean_labels,
        )
    return HeldOutPairs(scores=scores, is_judged=is_judged, members=examples.members)
