"""The judge: what examples and names together say of each document by itself.

Examples and names become features, each of which scores every class for a document;
their weights are learned from examples that are held out in turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import log_softmax

from longshot.classify.combination.features import (
    NameFeatures,
    example_features,
    trust_in_view,
)
from longshot.classify.combination.held_out import (
    Fold,
    HeldOut,
    hold_out,
    optimiser_rounds,
)
from longshot.classify.combination.weighing import Feature, ViewName
from longshot.classify.features.corpus_statistics import CorpusStatistics
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.scorers.example_scoring import (
    Examples,
    ExampleScorer,
    StandIns,
    clipped,
)
from longshot.classify.scorers.names import NameScorer, trust_in_names


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
    reference: CorpusStatistics
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
        names: DocumentFeatures | None,
        *,
        reference: CorpusStatistics,
        views: Sequence[ViewName],
        typical: DocumentFeatures,
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
                examples.features,
                lambda scores: trust_in_names(scores, examples.class_indices),
            )
            stand_ins = StandIns(names, by_name.trust)
        rounds = optimiser_rounds(examples)
        scorers = {
            view: ExampleScorer.of(view, examples, stand_ins, reference)
            for view in (views if examples.n_seen_classes > 1 else ())
        }
        trusted = {view: trust_in_view(scorer) for view, scorer in scorers.items()}
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
        self, feature: Feature, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the scores of one feature, not yet weighed."""
        if feature.kind == "names":
            assert self.names is not None
            return self.names.scores(feature.view, documents)
        return self.scorers[feature.view].scores(documents)

    def weighed_features(
        self, documents: DocumentFeatures
    ) -> Iterator[Float[np.ndarray, "document class"]]:
        """Give the scores of one feature after another, weighed."""
        for weight, feature in zip(self.weights, self.features, strict=True):
            yield weight * self.feature_scores(feature, documents)

    def scores(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the score of each class for each document: its features, weighed."""
        total = np.zeros((len(documents), self.n_classes))
        for of_feature in self.weighed_features(documents):
            total += of_feature
        return total

    def scores_by_fold(
        self, documents: DocumentFeatures, n_deals: int | None = None
    ) -> Iterator[tuple[Fold, Float[np.ndarray, "document class"]]]:
        """Give the scores of documents under what was learned without some examples.

        With the weights that all of them taught; of all deals of the examples to
        folds, or of the first ones.
        """
        weighed = list(zip(self.weights, self.features, strict=True))
        rows = {v: scorer.documents(documents) for v, scorer in self.scorers.items()}
        by_name = np.zeros((len(documents), self.n_classes))
        for weight, feature in weighed:
            if feature.kind == "names":
                by_name += weight * self.feature_scores(feature, documents)
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
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the logarithm of the probability of each class for each document."""
        return np.asarray(log_softmax(self.scores(documents), axis=1))
