"""Learners over rows of one labelled set: the classifier and its baselines.

This is the only module here that knows a classifier. Everything that does not depend on
the split (vectors, word counts) is computed once, so that a split takes milliseconds.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from longshot.classify.combination.knowledge import Knowledge
from longshot.classify.features.document_features import Readings
from longshot.classify.features.extraction import read_texts
from longshot.classify.models.heads import (
    ArticleHead,
    class_similarities,
    leave_one_out_similarities,
)
from longshot.classify.scorers.example_scoring import Examples
from longshot.classify.scorers.names import name_texts
from longshot.classify.uncertainty.temperature import confidences, fit_temperature
from longshot.embedder import DocumentEmbedder
from longshot.similarity import unit

if TYPE_CHECKING:
    from longshot.evaluation.protocol import Learner

LOGISTIC_C = 10.0
"""On centred vectors of unit length."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ViewsLearner:
    """The classifier as it decides by default.

    Attributes
    ----------
    documents
        All rows, as they were read.
    labels
        The labels of rows, as far as they are known.
    names
        The distinct labels and their names as they were read; None where those say
        nothing.
    pile
        Whether the judged rows are judged together, or each by itself.
    """

    documents: Readings
    labels: Sequence[str]
    names: tuple[tuple[str, ...], Readings] | None
    pile: bool = False

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn and judge; see :class:`longshot.evaluation.protocol.Learner`."""
        n_classes = int(train_labels.max()) + 1
        examples = Examples(self.documents.take(train_rows), train_labels, n_classes)
        knowledge = Knowledge(
            examples=examples,
            names=self._names(train_rows, train_labels),
            background=None,
        )
        judged = self.documents.take(test_rows)
        if self.pile:
            return np.asarray(np.exp(knowledge.together(judged)[0]))
        return np.asarray(np.exp(knowledge.judge.log_probabilities(judged)))

    def _names(self, rows: np.ndarray, classes: np.ndarray) -> Readings | None:
        """Give the classes' names in the order of their numbers."""
        if self.names is None:
            return None
        known, names = self.names
        firsts = [rows[np.flatnonzero(classes == one)[0]] for one in np.unique(classes)]
        places = [known.index(self.labels[first]) for first in firsts]
        return names.take(np.array(places))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeadLearner:
    """The classifier's decision by one of its heads, on document vectors.

    Gives what ``LongshotClassifier(head=...)`` gives for these documents.
    """

    documents: Float[np.ndarray, "row dim"]
    head: ArticleHead

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn and judge; see :class:`longshot.evaluation.protocol.Learner`."""
        examples = self.documents[train_rows]
        held_out = leave_one_out_similarities(self.head, examples, train_labels)
        similarities = class_similarities(
            self.head, self.documents[test_rows], examples, train_labels
        )
        return confidences(similarities, fit_temperature(*held_out))


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
    documents: Readings,
    labels: Sequence[str],
    embedder: DocumentEmbedder,
    *,
    pile: bool = False,
) -> ViewsLearner:
    """Give the classifier as it decides by default.

    Parameters
    ----------
    documents
        All rows, as they were read.
    labels
        The labels of the first rows, as far as they are known.
    embedder
        What reads the labels' names.
    pile
        Whether what is judged is judged together, or each document by itself.
    """
    known = tuple(sorted(set(labels)))
    texts = name_texts(known, {})
    names = None if texts is None else (known, read_texts(embedder, texts))
    return ViewsLearner(documents=documents, labels=labels, names=names, pile=pile)


def standard_learners(
    documents: Readings,
    labels: Sequence[str],
    texts: Sequence[str],
    embedder: DocumentEmbedder,
    *,
    pile: bool = False,
) -> "dict[str, Learner]":
    """Give the classifier, first, and the baselines that always stand beside it.

    Parameters
    ----------
    documents, labels, texts
        All rows, as they were read, with their labels and texts.
    embedder
        What reads the labels' names.
    pile
        Whether the classifier judges the other documents together; each by itself then
        stands beside it.
    """
    alone = longshot_learner(documents, labels, embedder)
    ours: dict[str, Learner] = {"longshot": alone}
    if pile:
        together = replace(alone, pile=True)
        ours = {"longshot, with the pile": together, "longshot, each alone": alone}
    vectors = documents.documents
    return {
        **ours,
        "article": HeadLearner(documents=vectors, head="nearest"),
        "tf-idf": TfidfLearner(texts),
    }
