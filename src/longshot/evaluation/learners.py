"""Learners over rows of one labelled set: the classifier and its baselines.

This is the only module here that knows a classifier. Everything that does not depend on
the split (vectors, word counts) is computed once, so that a split takes milliseconds.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from longshot.classify import DocumentFeatures, LongshotClassifier
from longshot.embedder import DocumentEmbedder
from longshot.similarity import unit

if TYPE_CHECKING:
    from longshot.evaluation.protocol import Learner

LOGISTIC_C = 10.0
"""On centred vectors of unit length."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClassifierLearner:
    """The classifier itself, by the features of the rows.

    Attributes
    ----------
    classifier
        With its settings; it learns anew for every split.
    documents
        The features of all rows.
    labels
        The labels of rows, as far as they are known.
    descriptions
        What labels mean, where it is told.
    pile
        Whether the judged rows are judged together, or each by itself.
    """

    classifier: LongshotClassifier
    documents: DocumentFeatures
    labels: Sequence[str]
    descriptions: Mapping[str, str | None] = field(default_factory=dict)
    pile: bool = False

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn and judge; see :class:`longshot.evaluation.protocol.Learner`."""
        labels = [self.labels[row] for row in train_rows]
        shown = set(labels)
        fitted = self.classifier.fit_features(
            self.documents.take(train_rows),
            labels,
            {one: text for one, text in self.descriptions.items() if one in shown},
        )
        judged = self.documents.take(test_rows)
        found = fitted.predict_proba_features(judged, pile=self.pile)
        _, firsts = np.unique(train_labels, return_index=True)
        columns = np.searchsorted(fitted.classes_, [labels[row] for row in firsts])
        return np.asarray(found[:, columns])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LogisticLearner:
    """Logistic regression on document vectors, centred on the examples' mean."""

    documents: Float[np.ndarray, "row dim"]

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn and judge; see :class:`longshot.evaluation.protocol.Learner`."""
        vectors = unit(self.documents)
        centre = vectors[train_rows].mean(axis=0)
        examples = unit(vectors[train_rows] - centre)
        model = _logistic_regression(examples, train_labels, C=LOGISTIC_C)
        return np.asarray(model.predict_proba(unit(vectors[test_rows] - centre)))


class TfidfLearner:
    """TF-IDF of words with logistic regression, scikit-learn's, with its defaults.

    The vocabulary and its document frequencies come from the examples alone, as
    ``make_pipeline(TfidfVectorizer(), LogisticRegression())`` takes them; the words are
    only counted once.

    Parameters
    ----------
    texts
        Of all rows.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        counter = CountVectorizer()
        try:
            self._counts = counter.fit_transform(texts).tocsr()
        except ValueError:  # no text holds a word: then words say nothing
            from scipy.sparse import csr_matrix

            self._counts = csr_matrix((len(texts), 1))

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn and judge; see :class:`longshot.evaluation.protocol.Learner`."""
        from sklearn.feature_extraction.text import TfidfTransformer

        train = self._counts[train_rows]
        known = np.unique(train.indices)
        if not len(known):
            known = np.array([0])
        weigh = TfidfTransformer()
        examples = weigh.fit_transform(train[:, known])
        model = _logistic_regression(examples, train_labels, C=1.0)
        judged = weigh.transform(self._counts[test_rows][:, known])
        return np.asarray(model.predict_proba(judged))


def _logistic_regression(examples: Any, labels: np.ndarray, *, C: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C, max_iter=1000)
    with warnings.catch_warnings():  # of one example per class that it looks like y
        warnings.filterwarnings("ignore", message="The number of unique classes")
        return model.fit(examples, labels)


def longshot_learner(
    documents: DocumentFeatures,
    labels: Sequence[str],
    embedder: DocumentEmbedder,
    descriptions: Mapping[str, str | None] | None = None,
    *,
    names_model: str | None = None,
    pile: bool = False,
) -> ClassifierLearner:
    """Give the classifier as it decides by default.

    Parameters
    ----------
    documents
        The features of all rows.
    labels
        The labels of the first rows, as far as they are known.
    embedder
        What reads the labels' names.
    descriptions
        What labels mean, where it is told.
    names_model
        What is asked about the labels' names, if anything: the features hold what it
        says.
    pile
        Whether what is judged is judged together, or each document by itself.
    """
    return ClassifierLearner(
        classifier=LongshotClassifier(embedder=embedder, names_model=names_model),
        documents=documents,
        labels=labels,
        descriptions=descriptions or {},
        pile=pile,
    )


def standard_learners(
    documents: DocumentFeatures,
    labels: Sequence[str],
    texts: Sequence[str],
    embedder: DocumentEmbedder,
    descriptions: Mapping[str, str | None] | None = None,
    *,
    pile: bool = False,
) -> "dict[str, Learner]":
    """Give the classifier, first, and the baselines that always stand beside it.

    Parameters
    ----------
    documents, labels, texts
        The features of all rows, with their labels and texts.
    embedder
        What reads the labels' names.
    descriptions
        What labels mean, where it is told.
    pile
        Whether the classifier judges the other documents together; each by itself then
        stands beside it.
    """
    alone = longshot_learner(documents, labels, embedder, descriptions)
    ours: dict[str, Learner] = {"longshot": alone}
    if pile:
        together = replace(alone, pile=True)
        ours = {"longshot, with the pile": together, "longshot, each alone": alone}
    article = LongshotClassifier(head="nearest", embedder=embedder)
    return {
        **ours,
        "article": replace(alone, classifier=article),
        "tf-idf": TfidfLearner(texts),
    }
