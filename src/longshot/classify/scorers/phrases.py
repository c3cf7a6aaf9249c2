"""Words and phrases that people say speak for a label, or against it.

Each phrase that a document holds makes its label likelier by one factor, and each that
speaks against it less likely by the same: a log-linear model of one weight. A phrase is
held where all of its words stand in the document, in whatever order: features hold
words, and no text. ``python -m benchmarks.labels.marks phrases`` measures what that
is worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.lexical import columns, content_words
from longshot.probabilities import log_softmax

_WEIGHTS = np.linspace(0.0, 2.0, 21)
"""Of a phrase, in natural logarithms; those that are tried."""

_PRIOR_DEVIATION = 0.5
"""Around a weight of one: what was measured with perfect phrases differs little from a
half to two, and labels that contradict phrases must be able to silence them."""


@dataclass(frozen=True, slots=True, eq=False)
class PhraseScorer:
    """Scores labels by the phrases that speak for and against each.

    Attributes
    ----------
    signs
        Of each phrase for each class: 1 where it speaks for it, -1 against it.
    word_columns
        The columns of each phrase's words.
    weight
        What a phrase counts.
    """

    signs: Float[np.ndarray, "phrase class"]
    word_columns: tuple[Int[np.ndarray, " _"], ...]
    weight: float = 1.0

    @classmethod
    def of(
        cls,
        classes: Sequence[str],
        speaks_for: Mapping[str, Sequence[str]],
        speaks_against: Mapping[str, Sequence[str]],
    ) -> "PhraseScorer | None":
        """Take phrases by label; None where there is none that has a telling word.

        The commonest English words tell nothing.
        """
        signs: dict[tuple[str, ...], np.ndarray] = {}
        for sign, told in ((1.0, speaks_for), (-1.0, speaks_against)):
            for place, label in enumerate(classes):
                for phrase in told.get(label, ()):
                    words = tuple(sorted(set(content_words(phrase))))
                    if words:
                        row = signs.setdefault(words, np.zeros(len(classes)))
                        row[place] = sign
        if not signs:
            return None
        return cls(np.stack(list(signs.values())), tuple(map(columns, signs)))

    def fitted(
        self, examples: DocumentFeatures, class_indices: Int[np.ndarray, " example"]
    ) -> "PhraseScorer":
        """Weigh phrases by how well they tell the examples, around a weight of one.

        Phrases are learned from no example, so that none has to be held out.
        """
        scores = self.counts(examples)
        rows = np.arange(len(class_indices))
        penalties = ((_WEIGHTS - 1.0) / _PRIOR_DEVIATION) ** 2 / 2
        losses = [
            penalty - log_softmax(weight * scores, axis=1)[rows, class_indices].sum()
            for weight, penalty in zip(_WEIGHTS, penalties, strict=True)
        ]
        return PhraseScorer(
            self.signs, self.word_columns, float(_WEIGHTS[int(np.argmin(losses))])
        )

    def counts(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Count the phrases that a document holds: for a class, less those against."""
        holds = [
            np.asarray((documents.words[:, one] > 0).sum(axis=1)).ravel() == len(one)
            for one in self.word_columns
        ]
        return np.asarray(np.stack(holds, axis=1).astype(np.float64) @ self.signs)

    def added_to(
        self,
        probabilities: Float[np.ndarray, "document class"],
        documents: DocumentFeatures,
    ) -> Float[np.ndarray, "document class"]:
        """Give what is likely of documents when their phrases are counted, too."""
        tiny = np.finfo(np.float64).tiny
        logs = np.log(np.maximum(probabilities.astype(np.float64), tiny))
        return np.asarray(
            np.exp(log_softmax(logs + self.weight * self.counts(documents), axis=1))
        )
