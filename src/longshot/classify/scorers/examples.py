"""What the examples say of a document, view by view."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import (
    LEXICAL,
    CorpusStatistics,
    RowSpace,
    View,
    dense_view,
    lexical_view,
)
from longshot.classify.scorers.regression import (
    SoftmaxRegression,
    balanced_weights,
    fit_softmax,
    search_space,
    without_effect_of_counts,
)


@runtime_checkable
class Shown(Protocol):
    """What examples show of the classes, whether one applies to each or several."""

    @property
    def features(self) -> DocumentFeatures:
        """The examples, as they were read."""
        ...

    @property
    def n_classes(self) -> int:
        """How many there are."""
        ...

    @property
    def counts(self) -> Int[np.ndarray, " class"]:
        """Examples of each class."""
        ...

    @property
    def targets(self) -> Float[np.ndarray, "example class"]:
        """How the classes share each example."""
        ...

    def folds(
        self, n_folds: int
    ) -> Iterator[tuple[Int[np.ndarray, " kept"], Int[np.ndarray, " left_out"]]]:
        """Deal the examples to folds."""
        ...

    def __len__(self) -> int: ...


def median_shots(examples: Shown) -> float:
    """Count the examples of the median class among those that have any."""
    seen = examples.counts[examples.counts > 0]
    return float(np.median(seen)) if len(seen) else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Documents with their classes."""

    features: DocumentFeatures
    class_indices: Int[np.ndarray, " example"]
    n_classes: int

    @property
    def balanced_weights(self) -> Float[np.ndarray, " example"]:
        """Weights under which every class that has examples weighs the same."""
        return np.asarray(1.0 / self.counts[self.class_indices])

    @property
    def counts(self) -> Int[np.ndarray, " class"]:
        """Examples of each class."""
        return np.bincount(self.class_indices, minlength=self.n_classes)

    def __len__(self) -> int:
        return len(self.class_indices)

    def take(self, rows: Int[np.ndarray, " row"]) -> "Examples":
        """Give some of them, in the order of `rows`."""
        return Examples(
            self.features.take(rows), self.class_indices[rows], self.n_classes
        )

    @property
    def n_seen_classes(self) -> int:
        """Classes that have an example."""
        return int((self.counts > 0).sum())

    @property
    def targets(self) -> Float[np.ndarray, "example class"]:
        """The class of each example, as a row of zeros and a one."""
        return np.asarray(np.eye(self.n_classes)[self.class_indices])

    def folds(
        self, n_folds: int
    ) -> Iterator[tuple[Int[np.ndarray, " kept"], Int[np.ndarray, " left_out"]]]:
        """Deal each class's examples to the folds in turn; a single one stays.

        Examples stand in canonical order, so that the folds depend on their set alone.
        """
        random = np.random.default_rng(0)
        fold = np.full(len(self), -1)
        for one in np.flatnonzero(self.counts > 1):
            members = np.flatnonzero(self.class_indices == one)
            places = random.permutation(len(members)) + random.integers(n_folds)
            fold[members] = places % n_folds
        for left_out in range(n_folds):
            kept, out = (
                np.flatnonzero(fold != left_out),
                np.flatnonzero(fold == left_out),
            )
            if len(out) and len(np.unique(self.class_indices[kept])) > 1:
                yield kept, out


@dataclass(frozen=True, slots=True, eq=False)
class StandIns:
    """Names that stand among the examples, each of its own class.

    Attributes
    ----------
    names
        The names, read as documents.
    trust
        What one counts beside an example, in [0, 1].
    """

    names: DocumentFeatures
    trust: float


@dataclass(frozen=True, slots=True, eq=False)
class ExampleScorer:
    """Scores documents by their likeness to the examples, in one view.

    Attributes
    ----------
    view, statistics
        What is compared, and what is subtracted before.
    rows, targets, n_examples
        The examples in this view, their classes, and how many they are; behind them
        the names that stand in for examples.
    stand_in_weights
        What each of those counts.
    row_space
        Their space, where the view is one of words.
    basis
        The directions in which they differ most, where they are many.
    regression
        What was learned from all of them; None before.
    """

    view: View
    statistics: CorpusStatistics
    rows: Float[np.ndarray, "row dim"]
    targets: Float[np.ndarray, "row class"]
    n_examples: int
    stand_in_weights: Float[np.ndarray, " stand_in"]
    row_space: RowSpace | None
    basis: Float[np.ndarray, "dim component"] | None
    regression: SoftmaxRegression | None = None

    @classmethod
    def of(
        cls,
        view: View,
        examples: Shown,
        stand_ins: StandIns | None,
        statistics: CorpusStatistics,
    ) -> "ExampleScorer":
        """Read the examples in a view, and the names that stand in for some.

        In ``body`` every name is one more example of its class; elsewhere only where
        the class has none.
        """
        everything, targets = examples.features, examples.targets
        weights = np.zeros(0)
        if stand_ins is not None:
            is_empty = examples.counts == 0
            members = np.flatnonzero(is_empty | (view == "body"))
            everything = DocumentFeatures.concat(
                [everything, stand_ins.names.take(members)]
            )
            targets = np.vstack([targets, np.eye(examples.n_classes)[members]])
            weights = np.where(is_empty, 1.0, stand_ins.trust)[members]
        if view in LEXICAL:
            weighed = lexical_view(view, everything, statistics)
            row_space = RowSpace.of(weighed)
            rows = row_space.own
        else:
            row_space, rows = None, dense_view(view, everything, statistics)
        basis = search_space(rows)
        return cls(
            view, statistics, rows, targets, len(examples), weights, row_space, basis
        )

    def fitted(self, max_rounds: int) -> "ExampleScorer":
        """Learn from all examples."""
        everything = np.arange(self.n_examples)
        return replace(self, regression=self.learn(everything, max_rounds))

    def learn(
        self, members: Int[np.ndarray, " member"], max_rounds: int
    ) -> SoftmaxRegression:
        """Learn from some of the examples, and from the names that stand in."""
        stand_ins = np.arange(self.n_examples, len(self.rows))
        chosen = np.concatenate([members, stand_ins])
        weights, targets = balanced_weights(self.targets[members]), self.targets[chosen]
        learned = fit_softmax(
            self.rows[chosen],
            targets,
            np.concatenate([weights, self.stand_in_weights]),
            max_rounds=max_rounds,
            basis=self.basis,
        )
        if (targets > 0).sum(axis=1).max() > 1:
            # Classes that share examples may be wide and narrow, as a domain and its
            # intents are: their counts say so.
            return learned
        return without_effect_of_counts(learned, targets.sum(axis=0))

    def scored(
        self, members: Int[np.ndarray, " member"], learned: SoftmaxRegression
    ) -> Float[np.ndarray, "member class"]:
        """Give the scores of some examples under what was learned without them."""
        return learned.logits(self.rows[members])

    def documents(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document dim"]:
        """Give documents in this view."""
        if self.row_space is None:
            return dense_view(self.view, documents, self.statistics)
        return self.row_space.coordinates(
            lexical_view(self.view, documents, self.statistics)
        )

    def scores(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the score of each class for each document."""
        assert self.regression is not None
        if self.row_space is None:
            return self.regression.logits(self.documents(documents))
        rows = lexical_view(self.view, documents, self.statistics)
        by_word = self.row_space.by_word(self.regression.coefficients)
        found = rows[:, self.row_space.words] @ by_word + self.regression.intercepts
        return np.asarray(found)
