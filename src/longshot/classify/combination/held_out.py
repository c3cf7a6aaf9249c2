"""Examples that are held out in turn, and scored by what is learned without them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.features.views import View
from longshot.classify.scorers.examples import ExampleScorer, Shown, median_shots
from longshot.classify.scorers.regression import SoftmaxRegression

MANY_CLASSES = 50

_ROUNDS = {"few": (40, 25), "many": (30, 15)}
"""Of the optimiser, for all examples and for those left after holding some out."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Some examples, and what was learned without them.

    Attributes
    ----------
    kept, left_out
        The examples that it was learned from, and the others.
    learned
        The regression of each view.
    """

    kept: Int[np.ndarray, " kept"]
    left_out: Int[np.ndarray, " left_out"]
    learned: dict[View, SoftmaxRegression]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeldOut:
    """Examples with the scores that they get from what was learned without them.

    Attributes
    ----------
    examples, class_indices
        Which they are, and their classes; none where each may have several.
    scores
        By each source, measured as those of documents are.
    folds
        What was learned without some of them.
    """

    examples: Int[np.ndarray, " held_out"]
    class_indices: Int[np.ndarray, " labelled"]
    scores: Float[np.ndarray, "held_out source class"]
    folds: tuple[Fold, ...] = ()

    def weighed(
        self, weights: Float[np.ndarray, " source"]
    ) -> Float[np.ndarray, "held_out class"]:
        """Give their scores under some weights."""
        return np.asarray(np.einsum("efc,f->ec", self.scores, weights))


def optimiser_rounds(examples: Shown) -> tuple[int, int]:
    """Give rounds for all examples, and for those left after holding some out."""
    return _ROUNDS["many" if examples.n_classes >= MANY_CLASSES else "few"]


def n_folds(examples: Shown) -> int:
    """Tell how many folds examples are dealt to."""
    most = 2 if examples.n_classes >= MANY_CLASSES else 4
    return int(min(most, max(2, median_shots(examples))))


def hold_out(
    examples: Shown,
    by_name: Float[np.ndarray, "example source class"],
    scorers: dict[View, ExampleScorer],
) -> HeldOut:
    """Score each example by what is learned without it.

    Parameters
    ----------
    examples
        The examples.
    by_name
        What names say of the examples: these are no part of it.
    scorers
        What learns from examples, view by view: further sources, in their order.
    """
    n_names = by_name.shape[1]
    shape = (len(examples), n_names + len(scorers), examples.n_classes)
    scores = np.zeros(shape)
    scores[:, :n_names] = by_name
    _, rounds = optimiser_rounds(examples)
    folds: list[Fold] = []
    for kept, left_out in examples.folds(n_folds(examples)) if scorers else ():
        learned = {view: one.learn(kept, rounds) for view, one in scorers.items()}
        for place, (view, scorer) in enumerate(scorers.items(), start=n_names):
            scores[left_out, place] = scorer.scored(left_out, learned[view])
        folds.append(Fold(kept, left_out, learned))
    return HeldOut(
        examples=np.arange(len(examples)),
        class_indices=np.zeros(0, dtype=np.int64),
        scores=scores,
        folds=tuple(folds),
    )
