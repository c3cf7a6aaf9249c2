"""The judge: what examples and names together say of each document by itself.

Examples and names become features, each of which scores every class for a document;
their weights are learned from examples that are held out in turn.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax

from longshot.classify.example_scoring import (
    Examples,
    ExampleScorer,
    Shown,
    StandIns,
    clipped,
)
from longshot.classify.names import NameScorer, trust_in_names
from longshot.classify.readings import Readings
from longshot.classify.reference import Reference
from longshot.classify.regression import SoftmaxRegression
from longshot.classify.views import PLACES
from longshot.classify.weighing import Feature, ViewName, fit_weights

EXAMPLE_PRIORS: dict[ViewName, float] = {
    "body": 1.5,
    "head": 0.7,
    "title": 0.5,
    "words": 0.4,
    "title_words": 0.7,
}
NAME_PRIORS: dict[ViewName, float] = {
    "spans": 0.7,
    "body": 0.5,
    "head": 2.0,
    "title": 2.0,
    "title_words": 30.0,
}
MANY_CLASSES = 50
_USUAL_SEPARATION: dict[ViewName, float] = {
    "body": 0.15,
    "head": 0.15,
    "title": 0.15,
    "words": 0.03,
    "title_words": 0.02,
}
_PRIOR_PAIRS = 4
_LEAST_TRUST_IN_VIEW = 0.1
_DEALS = 4
_FEW_EXAMPLES = 100
_LEAST_TRUST = 1e-4
_TRUST_IN_NONE = 0.4
_TRUST_PER_SHOT = 0.2
"""How much the examples' priors count: all of it from three examples per class on."""

_ROUNDS = {"few": (40, 25), "many": (30, 15)}
"""Of the optimiser, for all examples and for those left after holding some out."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Some examples, and what was learned without them.

    Attributes
    ----------
    deal
        Which time of dealing the examples to folds it belongs to.
    kept, left_out
        The examples that it was learned from, and the others.
    scores
        Those of the others, by each feature.
    learned
        The regression of each view.
    """

    deal: int
    kept: Int[np.ndarray, " kept"]
    left_out: Int[np.ndarray, " left_out"]
    scores: Float[np.ndarray, "left_out feature class"]
    learned: dict[ViewName, SoftmaxRegression]

    def weighed(
        self, weights: Float[np.ndarray, " feature"]
    ) -> Float[np.ndarray, "left_out class"]:
        """Give the others' scores under some weights."""
        return np.asarray(np.einsum("efc,f->ec", self.scores, weights))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeldOut:
    """Examples with the scores that they get from what was learned without them.

    There are several scores where the examples were dealt to the folds several times.
    """

    examples: Int[np.ndarray, " held_out"]
    scores: Float[np.ndarray, "deal held_out feature class"]
    class_indices: Int[np.ndarray, " held_out"]
    folds: tuple[Fold, ...] = ()

    def scored(
        self, weights: Float[np.ndarray, " feature"]
    ) -> Float[np.ndarray, "held_out class"]:
        """Give their scores under some weights, the mean over the deals."""
        scores = np.einsum("defc,f->dec", self.scores, weights)
        return np.asarray(scores.mean(axis=0))

    def weighed(
        self, weights: Float[np.ndarray, " feature"]
    ) -> Float[np.ndarray, "held_out class"]:
        """Give the logarithms of their probabilities under some weights."""
        scores = np.einsum("defc,f->dec", self.scores, weights)
        return np.asarray(log_softmax(scores, axis=2).mean(axis=0))

    @property
    def n_deals(self) -> int:
        """How many times the examples were dealt to the folds."""
        return len(self.scores)

    def fitted_weights(
        self, features: Sequence[Feature]
    ) -> Float[np.ndarray, " feature"]:
        """Find the weights under which the true classes are most likely."""
        n_deals, _, n_features, n_classes = self.scores.shape
        scores = self.scores.reshape(-1, n_features, n_classes)
        classes = np.tile(self.class_indices, n_deals)
        return fit_weights(scores, classes, features, n_deals=n_deals)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Judge:
    """What was learned; decides for each document by itself.

    Attributes
    ----------
    n_classes
        How many there are.
    reference
        What documents have in common.
    names, trust_in_names
        Scores by the labels' names, None where there are none; and how probably they
        say something.
    scorers
        Scores by the examples, in each view.
    features, weights
        What is scored, and what each score is worth.
    held_out
        The examples that the weights were learned from.
    """

    n_classes: int
    reference: Reference
    names: NameScorer | None
    trust_in_names: float
    scorers: dict[ViewName, ExampleScorer]
    features: tuple[Feature, ...]
    weights: Float[np.ndarray, " feature"]
    held_out: HeldOut

    @classmethod
    def fit(
        cls,
        examples: Examples,
        names: Readings | None,
        *,
        reference: Reference,
        views: Sequence[ViewName],
        typical: Readings,
    ) -> "Judge":
        """Learn from examples and names; of one of them there may be none.

        Parameters
        ----------
        examples, names
            What is known of the classes.
        reference
            What documents have in common.
        views
            What is worth looking at.
        typical
            Documents like those to come, to which the names' scores are scaled.
        """
        by_name, stand_ins = None, None
        if names is not None:
            scorer = NameScorer(names, reference).fitted(typical)
            by_name = NameFeatures.of(
                scorer,
                views,
                examples.readings,
                lambda scores: trust_in_names(scores, examples.class_indices),
            )
            stand_ins = StandIns(names, by_name.trust)
        rounds = optimiser_rounds(examples)
        scorers = {
            view: ExampleScorer.of(view, examples, stand_ins, reference)
            for view in (views if examples.n_seen_classes > 1 else ())
        }
        trusted = {view: _trust_in_view(scorer) for view, scorer in scorers.items()}
        features = example_features(trusted, examples)
        if by_name is not None:
            features = (*by_name.features, *features)
        held_out = hold_out(examples, by_name, scorers, features, rounds[1])
        return cls(
            n_classes=examples.n_classes,
            reference=reference,
            names=by_name.scorer if by_name else None,
            trust_in_names=by_name.trust if by_name else 0.0,
            scorers={
                view: scorer.fitted(rounds[0]) for view, scorer in scorers.items()
            },
            features=features,
            weights=held_out.fitted_weights(features),
            held_out=held_out,
        )

    @property
    def scored_views(self) -> set[ViewName]:
        """The views that some feature reads."""
        return {feature.view for feature in self.features}

    def feature_scores(
        self, feature: Feature, readings: Readings
    ) -> Float[np.ndarray, "document class"]:
        """Give the scores of one feature, not yet weighed."""
        if feature.kind == "names":
            assert self.names is not None
            return self.names.scores(feature.view, readings)
        return self.scorers[feature.view].scores(readings)

    def scores(self, readings: Readings) -> Float[np.ndarray, "document class"]:
        """Give the score of each class for each document: its features, weighed."""
        total = np.zeros((len(readings), self.n_classes))
        for weight, feature in zip(self.weights, self.features, strict=True):
            total += weight * self.feature_scores(feature, readings)
        return total

    def scores_by_fold(
        self, readings: Readings, n_deals: int | None = None
    ) -> Iterator[tuple[Fold, Float[np.ndarray, "document class"]]]:
        """Give the scores of documents under what was learned without some examples.

        With the weights that all of them taught; of all deals of the examples to
        folds, or of the first ones.
        """
        weighed = list(zip(self.weights, self.features, strict=True))
        rows = {v: scorer.documents(readings) for v, scorer in self.scorers.items()}
        by_name = np.zeros((len(readings), self.n_classes))
        for weight, feature in weighed:
            if feature.kind == "names":
                by_name += weight * self.feature_scores(feature, readings)
        for fold in self.held_out.folds:
            if n_deals is not None and fold.deal >= n_deals:
                return
            total = by_name.copy()
            for weight, feature in weighed:
                if feature.kind == "examples":
                    learned = fold.learned[feature.view]
                    found = learned.log_probabilities(rows[feature.view])
                    total += weight * clipped(found)
            yield fold, total

    def log_probabilities(
        self, readings: Readings
    ) -> Float[np.ndarray, "document class"]:
        """Give the logarithm of the probability of each class for each document."""
        return np.asarray(log_softmax(self.scores(readings), axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class NameFeatures:
    """What the names say of the examples, and how far that is trusted."""

    scorer: NameScorer
    features: tuple[Feature, ...]
    scores: Float[np.ndarray, "example feature class"]
    trust: float

    @classmethod
    def of(
        cls,
        scorer: NameScorer,
        views: Sequence[ViewName],
        examples: Readings,
        tell_trust: Callable[[Float[np.ndarray, "example class"]], float],
    ) -> "NameFeatures":
        """Let names score examples; their scores tell how far they are trusted."""
        read = [view for view in NAME_PRIORS if view in (*views, "spans")]
        priors = np.array([NAME_PRIORS[view] for view in read])
        shape = (len(examples), 0, len(scorer.names))
        scores = np.concatenate(
            [
                np.empty(shape),
                *(scorer.scores(view, examples)[:, None] for view in read),
            ],
            axis=1,
        )
        of_prior = np.einsum("efc,f->ec", scores, priors)
        trust = tell_trust(of_prior)
        features = tuple(
            Feature(view, PLACES[view], "names", prior * max(trust, _LEAST_TRUST))
            for view, prior in zip(read, priors.tolist(), strict=True)
        )
        return cls(scorer, features, scores, trust)


def example_features(
    trust_in_views: Mapping[ViewName, float], examples: Shown
) -> tuple[Feature, ...]:
    """Give what examples say in each view as features, the more trusted the more."""
    trust = min(1.0, _TRUST_IN_NONE + _TRUST_PER_SHOT * examples.median_shots)
    return tuple(
        Feature(
            view,
            PLACES[view],
            "examples",
            EXAMPLE_PRIORS[view] * trust * trust_in_view,
        )
        for view, trust_in_view in trust_in_views.items()
    )


def _trust_in_view(scorer: ExampleScorer) -> float:
    """Tell how much a view can tell the classes apart, in (0, 1].

    A few examples that were held out show little; their pairs show sooner that in this
    view the classes lie no further apart than documents of one class do.
    """
    usual = _USUAL_SEPARATION[scorer.view]
    separation, n_pairs = scorer.separation()
    expected = (n_pairs * separation + _PRIOR_PAIRS * usual) / (n_pairs + _PRIOR_PAIRS)
    return float(np.clip(expected / usual, _LEAST_TRUST_IN_VIEW, 1.0))


def optimiser_rounds(examples: Shown) -> tuple[int, int]:
    """Give rounds for all examples, and for those left after holding some out."""
    return _ROUNDS["many" if examples.n_classes >= MANY_CLASSES else "few"]


def n_deals(examples: Shown) -> int:
    """Tell how many times examples are dealt to the folds: few ones several times."""
    return _DEALS if len(examples) <= _FEW_EXAMPLES else 1


def n_folds(examples: Shown) -> int:
    """Tell how many folds examples are dealt to."""
    most = 2 if examples.n_classes >= MANY_CLASSES else 4
    return int(min(most, max(2, examples.median_shots)))


def hold_out(
    examples: Examples,
    by_name: NameFeatures | None,
    scorers: dict[ViewName, ExampleScorer],
    features: Sequence[Feature],
    max_rounds: int,
) -> HeldOut:
    """Score each example by what is learned without it.

    Few examples are dealt to the folds several times over, so that it does not matter
    which of them are left out together. An example that is the only one of its class
    cannot be held out; it is scored by the names alone, where they are trusted.
    """
    deals = n_deals(examples)
    scores = np.zeros((deals, len(examples), len(features), examples.n_classes))
    if by_name is not None:
        scores[:, :, : len(by_name.features)] = by_name.scores
    places = {f.view: i for i, f in enumerate(features) if f.kind == "examples"}
    folds: list[Fold] = []
    for deal in range(deals):
        for kept, left_out in examples.folds(n_folds(examples), deal):
            learned = {view: scorers[view].learn(kept, max_rounds) for view in places}
            for view, index in places.items():
                scored = scorers[view].scored(left_out, learned[view])
                scores[deal, left_out, index] = scored
            folds.append(Fold(deal, kept, left_out, scores[deal, left_out], learned))
    single_ones = by_name is not None and by_name.trust > 0.5
    of_own_class = examples.counts[examples.class_indices]
    judged = np.flatnonzero(of_own_class > (0 if single_ones else 1))
    return HeldOut(
        examples=judged,
        scores=scores[:, judged],
        class_indices=examples.class_indices[judged],
        folds=tuple(folds),
    )
