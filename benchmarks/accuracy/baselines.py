"""What longshot is held against; each learns from the same rows and judges the same.

Where vectors are classified by regression it is always the same one, so that what is
compared is the vectors.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.semi_supervised import LabelSpreading, SelfTrainingClassifier

from benchmarks.data.features import ReadCorpus
from longshot import LongshotClassifier
from longshot.classify import PRIOR_TEMPERATURE, Head, confidences
from longshot.encoders.minilm import minilm_folder
from longshot.evaluation.learners import (
    LOGISTIC_C,
    ClassifierLearner,
    LogisticLearner,
    TfidfLearner,
)
from longshot.evaluation.protocol import Learner
from longshot.similarity import cosines, unit

UNLABELLED = -1
"""What scikit-learn's semi-supervised learners take for "not known"."""


@dataclass(frozen=True, slots=True, eq=False)
class PileLearner:
    """One of scikit-learn's semi-supervised learners, with what is judged as the pile.

    Attributes
    ----------
    documents
        All rows; they are centred on the mean of the examples and the pile.
    spread
        Gives every vector's probability of each class, from those that are labelled.
    """

    documents: Float[np.ndarray, "row dim"]
    spread: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn from both and judge; see :class:`longshot.evaluation.Learner`."""
        vectors = unit(self.documents[np.concatenate([train_rows, test_rows])])
        vectors = unit(vectors - vectors.mean(axis=0))
        pile = np.full(len(test_rows), UNLABELLED)
        with _quietly():
            found = self.spread(vectors, np.concatenate([train_labels, pile]))
        return found[len(train_rows) :]


@dataclass(frozen=True, slots=True, eq=False)
class NameLearner:
    """The name with the greatest cosine to the document; looks at no example."""

    documents: Float[np.ndarray, "row dim"]
    names: Float[np.ndarray, "class dim"]

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Judge; see :class:`longshot.evaluation.protocol.Learner`."""
        similarities = cosines(self.documents[test_rows], self.names)
        return confidences(similarities, PRIOR_TEMPERATURE)


class Baselines:
    """The other ways, by name; what each needs is made when it is first asked for.

    Parameters
    ----------
    read
        The data set.
    folder
        Where vectors are kept that would take minutes again; None keeps none.
    """

    def __init__(self, read: ReadCorpus, folder: Path | None = None) -> None:
        self._read = read
        self._folder = folder
        self._made: dict[str, Learner] = {}

    def __getitem__(self, way: str) -> Learner:
        if way not in self._made:
            self._made[way] = self._make(way)
        return self._made[way]

    def _make(self, way: str) -> Learner:
        whole = self._read.documents.vectors
        make: dict[str, Callable[[], Learner]] = {
            "names": lambda: NameLearner(whole, self._names),
            "tf-idf": lambda: TfidfLearner(self._read.corpus.texts),
            "nearest": lambda: self._article("nearest"),
            "prototype": lambda: self._article("prototype"),
            "truncated": lambda: LogisticLearner(documents=self._truncated),
            "whole": lambda: LogisticLearner(documents=whole),
            "self-training": lambda: PileLearner(whole, self_training),
            "spreading": lambda: PileLearner(whole, spreading),
        }
        return make[way]()

    def _article(self, head: Head) -> Learner:
        read = self._read
        return ClassifierLearner(
            classifier=LongshotClassifier(head=head, embedder=read.embedder),
            documents=read.documents,
            labels=read.classes[read.labels].tolist(),
        )

    @property
    def _names(self) -> Float[np.ndarray, "class dim"]:
        assert self._read.names is not None
        return self._read.names.vectors

    @cached_property
    def _truncated(self) -> Float[np.ndarray, "document dim"]:
        texts = self._read.corpus.texts
        if self._folder is None:
            return truncated_vectors(texts)
        path = self._folder / f"{self._read.corpus.name}-{_checksum(texts)}.npy"
        if not path.exists():
            beside = path.with_suffix(".new.npy")
            np.save(beside, truncated_vectors(texts))
            beside.replace(path)
        return np.asarray(np.load(path))


def truncated_vectors(texts: Sequence[str]) -> Float[np.ndarray, "document dim"]:
    """Encode as sentence-transformers does by default: the first 256 tokens of each."""
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(minilm_folder()), device="cpu")
    return np.asarray(model.encode(list(texts), show_progress_bar=False))


def _checksum(texts: Sequence[str]) -> str:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(text.encode(errors="surrogatepass") + b"\0")
    return whole.hexdigest()[:12]


def self_training(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Learn by scikit-learn's self-training, its defaults, of the same regression."""
    regression = LogisticRegression(C=LOGISTIC_C, max_iter=1000)
    model: Any = SelfTrainingClassifier(regression)
    return np.asarray(model.fit(vectors, labels).predict_proba(vectors))


def spreading(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Learn by scikit-learn's label spreading over seven neighbours.

    Its other kernel keeps a number for each pair of documents. What no label reaches is
    of any class alike.
    """
    model: Any = LabelSpreading(kernel="knn", n_neighbors=7, max_iter=100)
    found = np.asarray(model.fit(vectors, labels).label_distributions_)
    return np.where(np.isfinite(found), found, 1 / found.shape[1])


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep to itself what is no fault here: few labels, and documents far from all."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The number of unique classes")
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        with np.errstate(invalid="ignore", divide="ignore"):
            yield
