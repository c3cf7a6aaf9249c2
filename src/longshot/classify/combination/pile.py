"""The pile: all documents judged together, as far as their shape can be trusted.

Where classes are clusters of the pile, its shape is worth more than labels: class means
start from what each document says alone and are moved by soft assignment (expectation
and maximisation of a mixture of von Mises-Fisher distributions, Banerjee et al. 2005).
Where they are not (opinions about one subject, say), it misleads. How far to go from
each document alone (0) to clusters (1) is read off the pile without labels, and off the
examples, each of them held out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import log_softmax, softmax

from longshot.classify.combination.judge import Judge
from longshot.classify.combination.pile_choice import PileChoice, choose, words_weight
from longshot.classify.combination.weighing import ViewName
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import PLACES, dense_view
from longshot.classify.scorers.example_scoring import Examples
from longshot.classify.scorers.mixture import Mixture, Scores
from longshot.classify.scorers.pile_words import PileWords
from longshot.classify.scorers.regression import (
    SoftmaxRegression,
    fit_softmax,
    principal_basis,
)

_PILE_WEIGHT = 0.3
"""Of a document of the pile beside an example, where regressions learn from both."""

_REFITTED = 2.0
"""What their scores are multiplied by: they are fitted to soft labels."""

_REFIT_ROUNDS = 25
_BALANCING_ROUNDS = 8
_PLACE_PRIORS: dict[ViewName, float] = {"last": 1.0, "head": 0.7, "title": 0.5}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PileJudge:
    """What was learned from a pile; decides for documents like those in it.

    Attributes
    ----------
    judge
        Decides for each document by itself.
    choice
        How far the pile was trusted.
    words
        What its words say.
    regressions
        What was learned from the whole pile, with the view that each reads and what it
        counts; none where the pile is not trusted.
    """

    judge: Judge
    choice: PileChoice
    words: PileWords
    regressions: tuple[tuple[ViewName, float, SoftmaxRegression], ...]

    @classmethod
    def learned(
        cls, judge: Judge, examples: Examples, pile: DocumentFeatures, alone: Scores
    ) -> "PileJudge":
        """Find out how far a pile can be trusted, and learn from it so far.

        Parameters
        ----------
        judge, examples, pile
            What was learned without the pile's shape, and what stands in the pile.
        alone
            The logarithm of each class's probability by each document itself.
        """
        held_out = judge.held_out
        words = PileWords.learned(pile, alone)
        of_pile = words.scores(pile)
        of_examples = words.scores(examples.features)[held_out.examples]
        known = held_out.weighed(judge.weights)
        weight = words_weight(pile, known, of_examples, held_out.class_indices)
        words = words.weighed(weight, alone, of_pile)
        cloud = _cloud(judge, examples, pile, words.added(alone, of_pile))
        choice = choose(cloud, judge, words.added(known, of_examples), weight)
        return cls._in_cloud(judge, examples, pile, words, cloud, choice)

    @classmethod
    def trusting(
        cls,
        judge: Judge,
        examples: Examples,
        pile: DocumentFeatures,
        alone: Scores,
        choice: PileChoice,
    ) -> "PileJudge":
        """Learn from a pile that is known to be trusted so far."""
        words = PileWords.learned(pile, alone)
        of_pile = words.scores(pile)
        words = words.weighed(choice.words, alone, of_pile)
        cloud = _cloud(judge, examples, pile, words.added(alone, of_pile))
        return cls._in_cloud(judge, examples, pile, words, cloud, choice)

    @classmethod
    def _in_cloud(
        cls,
        judge: Judge,
        examples: Examples,
        pile: DocumentFeatures,
        words: PileWords,
        cloud: Mixture,
        choice: PileChoice,
    ) -> "PileJudge":
        """Let clusters give each document a first class, and regressions learn it.

        Classes that look equally large are made so before.
        """
        regressions: tuple[tuple[ViewName, float, SoftmaxRegression], ...] = ()
        if choice.step:
            clustered = balanced(cloud.scores(choice.step))
            posterior = np.exp(log_softmax(clustered, axis=1))
            regressions = tuple(_learned_from_pile(judge, examples, pile, posterior))
        return cls(judge=judge, choice=choice, words=words, regressions=regressions)

    def log_probabilities(self, documents: DocumentFeatures, alone: Scores) -> Scores:
        """Give the logarithm of the probability of each class for each document.

        Parameters
        ----------
        documents
            Of the pile that was learned from, or like it.
        alone
            The same by each document itself.
        """
        worded = self.words.added(alone, self.words.scores(documents))
        tempered = self.words.calm * worded / self.choice.temperature
        step = self.choice.step
        if not step:
            return np.asarray(log_softmax(tempered, axis=1))
        learned = np.zeros(alone.shape)
        for view, share, regression in self.regressions:
            rows = dense_view(view, documents, self.judge.reference)
            learned += share * regression.log_probabilities(rows)
        both = (1 - step) * tempered + _REFITTED * step * learned
        return np.asarray(log_softmax(both, axis=1))


def _cloud(
    judge: Judge, examples: Examples, pile: DocumentFeatures, alone: Scores
) -> Mixture:
    shares = _place_shares(judge)
    return Mixture(
        documents=_joint(judge, pile, shares),
        alone=alone,
        examples=_joint(judge, examples.features, shares),
        targets=examples.targets,
    )


def unevenness(probabilities: Scores) -> float:
    """Give the standard deviation of the classes' sizes, beside their mean."""
    return float(probabilities.shape[1] * probabilities.mean(axis=0).std())


def balanced(scores: Scores) -> Scores:
    """Draw the classes to equal shares, as far as they look equal already.

    A relaxed form of Sinkhorn's iteration: the more the shares differ, the less.
    """
    n_classes = scores.shape[1]
    strength = np.clip(1 - 2 * unevenness(softmax(scores, axis=1)), 0, 0.95)
    offsets = np.zeros(n_classes)
    for _ in range(_BALANCING_ROUNDS):
        now = softmax(scores + offsets, axis=1).mean(axis=0)
        offsets = strength * (offsets - np.log(n_classes * now + 1e-9))
        offsets = np.clip(offsets, -5, 5)
    return np.asarray(scores + offsets)


def _learned_from_pile(
    judge: Judge, examples: Examples, pile: DocumentFeatures, posterior: Scores
) -> Iterator[tuple[ViewName, float, SoftmaxRegression]]:
    """Let regressions learn from the examples, the names and the whole pile."""
    for place, share in _place_shares(judge).items():
        view: ViewName = "body" if place == "last" else place
        rows = dense_view(view, pile, judge.reference)
        known, targets, weights = _known(judge, examples, view)
        everything = np.vstack([rows, known])
        regression = fit_softmax(
            everything,
            np.vstack([posterior, targets]),
            np.concatenate([np.full(len(rows), _PILE_WEIGHT), weights]),
            max_rounds=_REFIT_ROUNDS,
            basis=principal_basis(everything),
        )
        yield view, share, regression


def _known(
    judge: Judge, examples: Examples, view: ViewName
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the examples, and for the body the names, with their classes and weights."""
    rows = dense_view(view, examples.features, judge.reference)
    targets, weights = examples.targets, np.ones(len(rows))
    if view == "body" and judge.names is not None:
        rows = np.vstack([rows, judge.names.body])
        targets = np.vstack([targets, np.eye(examples.n_classes)])
        weights = np.append(weights, np.full(examples.n_classes, judge.trust_in_names))
    return rows, targets, weights


def _place_shares(judge: Judge) -> dict[ViewName, float]:
    """Give how much each place counts: its prior, by how far its weights rose."""
    shares: dict[ViewName, float] = {}
    for view, prior in _PLACE_PRIORS.items():
        rises = [
            np.log(weight / feature.prior + 1e-6)
            for weight, feature in zip(judge.weights, judge.features, strict=True)
            if feature.place == PLACES[view]
        ]
        if rises and (view == "last" or view in judge.scored_views):
            shares[view] = prior * float(np.exp(np.mean(rises)))
    total = sum(shares.values())
    return {view: share / total for view, share in shares.items()}


def _joint(
    judge: Judge, documents: DocumentFeatures, shares: dict[ViewName, float]
) -> Float[np.ndarray, "document dim"]:
    """Give the places side by side; their cosines add up by their shares."""
    views = [
        np.sqrt(share) * dense_view(view, documents, judge.reference)
        for view, share in shares.items()
    ]
    return np.hstack(views).astype(np.float32)
