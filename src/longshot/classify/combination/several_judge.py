"""The judge of documents that may have several labels.

The same scores as where each has one, from names and from a regression over all classes
in each view; in the end each class is decided by itself. Letting the classes compete in
the regressions, and not in the decision, measured better than a regression for each
class alone (docs/classifier.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import expit, logsumexp

from longshot.classify.combination.features import NameFeatures, example_features
from longshot.classify.combination.held_out import (
    HeldOut,
    n_deals,
    n_folds,
    optimiser_rounds,
)
from longshot.classify.combination.judge import Judge
from longshot.classify.combination.several_examples import SeveralExamples
from longshot.classify.combination.several_weighing import HeldOutPairs
from longshot.classify.combination.weighing import Feature, ViewName
from longshot.classify.features.corpus_statistics import CorpusStatistics
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import distinct_views
from longshot.classify.scorers.example_scoring import ExampleScorer, StandIns
from longshot.classify.scorers.names import NameScorer, trust_of_likelihoods

_SHARES = (0.5, 1.0)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SeveralJudge:
    """What was learned; decides for each document and each class by itself.

    Attributes
    ----------
    judge
        The scores and what each is worth.
    offsets
        What is added to the weighed scores of each class: its log-odds are the sum.
    threshold
        The probability from which on a class applies.
    n_examples
        How many the weights were learned from.
    mean_labels
        How many classes an example has on average.
    """

    judge: Judge
    offsets: Float[np.ndarray, " class"]
    threshold: float
    n_examples: int
    mean_labels: float

    @classmethod
    def fit(
        cls,
        examples: SeveralExamples,
        names: DocumentFeatures | None,
    ) -> "SeveralJudge":
        """Learn from examples, and from names where they say something."""
        views = distinct_views(examples.features)
        reference, by_name, stand_ins = _with_names(names, views, examples)
        scorers = {
            view: ExampleScorer.of(view, examples, stand_ins, reference)
            for view in views
        }
        features = (
            *(by_name.features if by_name else ()),
            *example_features(dict.fromkeys(scorers, 1.0), examples),
        )
        held_out = _hold_out(examples, by_name, scorers, features)
        weights, offsets = held_out.fitted(features)
        rounds, _ = optimiser_rounds(examples)
        judge = Judge(
            n_classes=examples.n_classes,
            reference=reference,
            names=by_name.scorer if by_name else None,
            trust_in_names=by_name.trust if by_name else 0.0,
            scorers={view: one.fitted(rounds) for view, one in scorers.items()},
            features=features,
            weights=weights,
            held_out=_none_held_out(features, examples.n_classes),
        )
        return cls(
            judge=judge,
            offsets=offsets,
            threshold=held_out.threshold(weights, offsets),
            n_examples=len(examples),
            mean_labels=examples.mean_labels,
        )

    def probabilities(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the probability that each class applies to each document."""
        total = np.tile(self.offsets, (len(documents), 1))
        judge = self.judge
        for weight, feature in zip(judge.weights, judge.features, strict=True):
            scores = judge.feature_scores(feature, documents)
            total += weight * _levelled(feature, scores, self.mean_labels)
        return np.asarray(expit(total))


def _levelled(
    feature: Feature, scores: Float[np.ndarray, "... class"], mean_labels: float
) -> Float[np.ndarray, "... class"]:
    """Measure scores from where a class is as likely to apply as not.

    A name's score is measured from the mean over names. That by examples is the
    logarithm of a probability, which the classes of a document share: half of such a
    share is where it is measured from. So offsets are near zero before any example.
    """
    if feature.kind == "names":
        return np.asarray(scores - scores.mean(axis=-1, keepdims=True))
    return np.asarray(scores + np.log(2 * mean_labels))


def _with_names(
    names: DocumentFeatures | None, views: Sequence[ViewName], examples: SeveralExamples
) -> tuple[CorpusStatistics, NameFeatures | None, StandIns | None]:
    """Learn what is ordinary in texts, and what names say where they say something."""
    reference = CorpusStatistics.of(examples.features, examples.balanced_weights)
    if names is None:
        return reference, None, None
    reference = reference.with_titles_of(names)
    by_name = NameFeatures.of(
        NameScorer(names, reference).fitted(examples.features),
        views,
        examples.features,
        lambda scores: _trust_in_names(scores, examples.members),
    )
    return reference, by_name, StandIns(names, by_name.trust)


def _trust_in_names(
    scores: Float[np.ndarray, "example class"],
    members: Bool[np.ndarray, "example class"],
) -> float:
    """Tell how probably names say something: whether they prefer what applies.

    Each label of an example is held against those that the example lacks; the labels of
    one example count as one together.
    """
    gains = np.zeros(len(_SHARES))
    for row, own in zip(scores, members, strict=True):
        if own.any() and not own.all():
            gains += [_gain(share * row, own) for share in _SHARES]
    return trust_of_likelihoods(gains)


def _gain(
    scores: Float[np.ndarray, " class"], own: Bool[np.ndarray, " class"]
) -> float:
    """Give the mean log-likelihood of the labels, above that of guessing."""
    against = np.logaddexp(scores[own], logsumexp(scores[~own]))
    return float((scores[own] - against).mean() + np.log((~own).sum() + 1))


def _hold_out(
    examples: SeveralExamples,
    by_name: NameFeatures | None,
    scorers: dict[ViewName, ExampleScorer],
    features: Sequence[Feature],
) -> HeldOutPairs:
    """Score each example by what is learned without it.

    A class that only one example has is asked about where names are trusted, which then
    decide alone when that one is held out. Else it is not: all answers would be no.
    """
    shape = (n_deals(examples), len(examples), examples.n_classes)
    scores = np.zeros((*shape[:2], len(features), shape[2]))
    is_judged = np.zeros(shape, dtype=bool)
    places = {f.view: i for i, f in enumerate(features) if f.kind == "examples"}
    _, rounds = optimiser_rounds(examples)
    if by_name is not None:
        scores[:, :, : len(by_name.features)] = by_name.scores
    trusted = by_name is not None and by_name.trust > 0.5
    asked = examples.counts > (0 if trusted else 1)
    for deal in range(len(scores)):
        for kept, left_out in examples.folds(n_folds(examples), deal):
            is_judged[deal, left_out] = asked
            for view, index in places.items():
                learned = scorers[view].learn(kept, rounds)
                scores[deal, left_out, index] = scorers[view].scored(left_out, learned)
    for index, feature in enumerate(features):
        levelled = _levelled(feature, scores[:, :, index], examples.mean_labels)
        scores[:, :, index] = levelled
    return HeldOutPairs(scores=scores, is_judged=is_judged, members=examples.members)


def _none_held_out(features: Sequence[Feature], n_classes: int) -> HeldOut:
    """Give no held-out example: those of several labels are no such ones."""
    nothing: Int[np.ndarray, " held_out"] = np.zeros(0, dtype=np.int64)
    return HeldOut(
        examples=nothing,
        scores=np.zeros((1, 0, len(features), n_classes)),
        class_indices=nothing,
    )
