"""The article's decisions: by cosine to the closest example, or to a class's mean.

``nearest``: a document is as similar to a class as to the closest example of it.
``prototype`` compares with the mean of a class's examples (Snell et al. 2017,
"Prototypical Networks", with cosine). Both are pure functions of the support set, so
that adding an example is adding a row. They decide about each document by itself.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.evidence.article_attribution import explain_label
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decision
from longshot.classify.uncertainty.conformal import (
    ConformalFold,
    LabelPValues,
    surprise,
)
from longshot.errors import ExamplesError
from longshot.machine.processors import one_thread
from longshot.probabilities import log_softmax, softmax
from longshot.recipe import WindowPooling
from longshot.records import Evidence, Vectors
from longshot.similarity import cosines, unit

ArticleHead = Literal["nearest", "prototype"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ArticleModel:
    """Decides by cosine; the pile's shape is not used.

    Attributes
    ----------
    support, head
        The examples, and how a document is compared with them.
    window_pooling
        The recipe's: how windows weigh in a document's vector.
    temperature
        Of the softmax that turns similarities into confidence.
    """

    support: SupportSet
    head: ArticleHead
    window_pooling: WindowPooling
    temperature: float

    @classmethod
    @one_thread()
    def fit(
        cls, support: SupportSet, head: ArticleHead, window_pooling: WindowPooling
    ) -> "ArticleModel":
        """Learn the temperature from the examples, each compared with the others.

        Raises
        ------
        ExamplesError
            If a class has no example.
        """
        if without := sorted(set(support.classes) - set(support.shown)):
            raise ExamplesError(
                f"head {head} must have an example of every label; {without[0]} has "
                "none. Add one, or use the head views."
            )
        similarities, held_out = leave_one_out_similarities(
            head, support.features.vectors, support.class_indices
        )
        return cls(
            support=support,
            head=head,
            window_pooling=window_pooling,
            temperature=fit_temperature(similarities, held_out),
        )

    @one_thread()
    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about each document by itself."""
        similarities = self._similarities(documents)

        @one_thread()
        def explain(
            row: int, text: str, vectors: Vectors, class_index: int
        ) -> Evidence:
            reference = references(
                self.head,
                vectors.document,
                self.support.features.vectors,
                self.support.class_indices,
            )[class_index]
            return explain_label(
                self.support, reference, text, vectors, class_index, self.window_pooling
            )

        return Decision(
            confidences(similarities, self.temperature),
            self.lines(),
            explain if self.support.has_texts else None,
            one_thread()(lambda: self._label_p_values(documents, similarities)),
        )

    def lines(self) -> tuple[str, ...]:
        """Tell the head and the temperature."""
        return (f"head {self.head}, temperature {self.temperature:.3g}",)

    def _similarities(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        return class_similarities(
            self.head,
            documents.vectors,
            self.support.features.vectors,
            self.support.class_indices,
        )

    def _label_p_values(
        self,
        documents: DocumentFeatures,
        similarities: Float[np.ndarray, "document class"],
    ) -> LabelPValues:
        """Tell how well each label fits, beside examples compared with all others."""
        of_examples, truth = leave_one_out_similarities(
            self.head, self.support.features.vectors, self.support.class_indices
        )
        known = surprise(of_examples / self.temperature)
        found = surprise(similarities / self.temperature)
        one = ConformalFold(known[np.arange(len(truth)), truth], found)
        return LabelPValues.of([one], documents.draws(), found.shape[1])


def class_similarities(
    head: ArticleHead,
    documents: Float[np.ndarray, "document dim"],
    examples: Float[np.ndarray, "example dim"],
    class_indices: Int[np.ndarray, " example"],
) -> Float[np.ndarray, "document class"]:
    """Give each document's similarity to each class."""
    if head == "prototype":
        return cosines(documents, _prototypes(examples, class_indices))
    return _greatest_per_class(cosines(documents, examples), class_indices)


def references(
    head: ArticleHead,
    document: Float[np.ndarray, " dim"],
    examples: Float[np.ndarray, "example dim"],
    class_indices: Int[np.ndarray, " example"],
) -> Float[np.ndarray, "class dim"]:
    """Give, for each class, the vector that a document is compared with."""
    if head == "prototype":
        return _prototypes(examples, class_indices)
    similarities = cosines(document[None], examples)[0]
    best = [
        max(np.flatnonzero(class_indices == c), key=similarities.__getitem__)
        for c in range(_n_classes(class_indices))
    ]
    return examples[best]


def leave_one_out_similarities(
    head: ArticleHead,
    examples: Float[np.ndarray, "example dim"],
    class_indices: Int[np.ndarray, " example"],
) -> tuple[Float[np.ndarray, "held_out class"], Int[np.ndarray, " held_out"]]:
    """Compare each example with all the others.

    Returns
    -------
    tuple
        The similarities, and the true classes, of those examples whose class has
        another one.
    """
    counts = np.bincount(class_indices)
    held_out = np.flatnonzero(counts[class_indices] > 1)
    if head == "prototype":
        similarities = _prototypes_without_self(examples, class_indices, held_out)
    else:
        between = cosines(examples[held_out], examples)
        between[np.arange(len(held_out)), held_out] = -np.inf
        similarities = _greatest_per_class(between, class_indices)
    return similarities, class_indices[held_out]


def _prototypes(examples: np.ndarray, class_indices: np.ndarray) -> np.ndarray:
    return _class_sums(unit(examples), class_indices)


def _prototypes_without_self(
    examples: np.ndarray, class_indices: np.ndarray, held_out: np.ndarray
) -> np.ndarray:
    vectors = unit(examples)
    sums = _class_sums(vectors, class_indices)
    similarities = cosines(examples[held_out], sums)
    own = class_indices[held_out]
    rest = unit(sums[own] - vectors[held_out])
    similarities[np.arange(len(held_out)), own] = (vectors[held_out] * rest).sum(axis=1)
    return similarities


def _class_sums(vectors: np.ndarray, class_indices: np.ndarray) -> np.ndarray:
    sums = np.zeros((_n_classes(class_indices), vectors.shape[1]))
    np.add.at(sums, class_indices, vectors)
    return sums


def _greatest_per_class(
    similarities: np.ndarray, class_indices: np.ndarray
) -> np.ndarray:
    columns = [
        similarities[:, class_indices == c].max(axis=1)
        for c in range(_n_classes(class_indices))
    ]
    return np.stack(columns, axis=1)


def _n_classes(class_indices: np.ndarray) -> int:
    return int(class_indices.max()) + 1


PRIOR_TEMPERATURE = 0.03
"""The temperature where no class has two examples."""

PRIOR_SPREAD = 1.0
"""Standard deviation of the prior, on the natural logarithm of the temperature."""


def fit_temperature(
    similarities: Float[np.ndarray, "held_out class"],
    class_indices: Int[np.ndarray, " held_out"],
) -> float:
    """Find the temperature of the softmax over class similarities.

    The maximum a posteriori estimate under a log-normal prior (temperature scaling, as
    in Guo et al. 2017, on leave-one-out similarities).

    Parameters
    ----------
    similarities
        Of each held-out example to each class; may be empty.
    class_indices
        Their true classes.
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(class_indices))

    def loss(log_temperature: float) -> float:
        log_likelihoods = log_softmax(similarities / np.exp(log_temperature), axis=1)
        surprise = -log_likelihoods[rows, class_indices].sum()
        deviation = (log_temperature - np.log(PRIOR_TEMPERATURE)) / PRIOR_SPREAD
        return float(surprise + deviation**2 / 2)

    bounds = (np.log(1e-3), np.log(10.0))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def confidences(
    similarities: Float[np.ndarray, "document class"], temperature: float
) -> Float[np.ndarray, "document class"]:
    """Turn similarities into confidences that add up to 1 for each document."""
    return np.asarray(softmax(similarities / temperature, axis=1))
