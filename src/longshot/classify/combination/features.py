"""What examples and names say of each class, as features with a prior weight."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.classify.combination.weighing import Feature, ViewName
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import PLACES
from longshot.classify.scorers.example_scoring import (
    ExampleScorer,
    Shown,
    median_shots,
)
from longshot.classify.scorers.names import NameScorer

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
_USUAL_SEPARATION: dict[ViewName, float] = {
    "body": 0.15,
    "head": 0.15,
    "title": 0.15,
    "words": 0.03,
    "title_words": 0.02,
}
_PRIOR_PAIRS = 4
_LEAST_TRUST_IN_VIEW = 0.1
_LEAST_TRUST = 1e-4
_TRUST_IN_NONE = 0.4
_TRUST_PER_SHOT = 0.2
"""How much the examples' priors count: all of it from three examples per class on."""


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
        examples: DocumentFeatures,
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
    trust = min(1.0, _TRUST_IN_NONE + _TRUST_PER_SHOT * median_shots(examples))
    return tuple(
        Feature(
            view,
            PLACES[view],
            "examples",
            EXAMPLE_PRIORS[view] * trust * trust_in_view,
        )
        for view, trust_in_view in trust_in_views.items()
    )


def trust_in_view(scorer: ExampleScorer) -> float:
    """Tell how much a view can tell the classes apart, in (0, 1].

    A few examples that were held out show little; their pairs show sooner that in this
    view the classes lie no further apart than documents of one class do.
    """
    usual = _USUAL_SEPARATION[scorer.view]
    separation, n_pairs = scorer.separation()
    expected = (n_pairs * separation + _PRIOR_PAIRS * usual) / (n_pairs + _PRIOR_PAIRS)
    return float(np.clip(expected / usual, _LEAST_TRUST_IN_VIEW, 1.0))
