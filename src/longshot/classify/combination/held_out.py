"""Examples that are held out in turn, and scored by what is learned without them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.special import log_softmax

from longshot.classify.combination.features import NameFeatures
from longshot.classify.combination.weighing import Feature, ViewName, fit_weights
from longshot.classify.scorers.example_scoring import (
    Examples,
    ExampleScorer,
    Shown,
    median_shots,
)
from longshot.classify.scorers.regression import SoftmaxRegression

MANY_CLASSES = 50
_DEALS = 4
_FEW_EXAMPLES = 100

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


def optimiser_rounds(examples: Shown) -> tuple[int, int]:
    """Give rounds for all examples, and for those left after holding some out."""
    return _ROUNDS["many" if examples.n_classes >= MANY_CLASSES else "few"]


def n_deals(examples: Shown) -> int:
    """Tell how many times examples are dealt to the folds: few ones several times."""
    return _DEALS if len(examples) <= _FEW_EXAMPLES else 1


def n_folds(examples: Shown) -> int:
    """Tell how many folds examples are dealt to."""
    most = 2 if examples.n_classes >= MANY_CLASSES else 4
    return int(min(most, max(2, median_shots(examples))))


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
