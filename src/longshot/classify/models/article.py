"""The article's decision: by cosine to the closest example, or to a class's mean."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.evidence.article_attribution import explain_label
from longshot.classify.features.document_features import Readings
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Probabilities, PValues, Verdict
from longshot.classify.models.heads import (
    ArticleHead,
    class_similarities,
    leave_one_out_similarities,
)
from longshot.classify.uncertainty.conformal import LabelPValues, Round, surprise
from longshot.classify.uncertainty.temperature import confidences, fit_temperature
from longshot.errors import ExamplesError, SettingError
from longshot.recipe import WindowPooling
from longshot.records import Evidence, Vectors


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ArticleDecider:
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
    def learned(
        cls, support: SupportSet, head: ArticleHead, window_pooling: WindowPooling
    ) -> "ArticleDecider":
        """Learn the temperature from the examples, each judged by the others.

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
            head, support.documents, support.class_indices
        )
        return cls(
            support=support,
            head=head,
            window_pooling=window_pooling,
            temperature=fit_temperature(similarities, held_out),
        )

    def probabilities(self, readings: Readings) -> Probabilities:
        """Give the confidence in each class for each document."""
        return confidences(self.similarities(readings.documents), self.temperature)

    def for_pile(self, pile: Readings) -> Verdict:
        """Judge each document by itself."""
        return self.one_by_one(pile)

    def p_values(self, readings: Readings, least_share: float) -> PValues:
        """Refuse: these heads know no "none of these"."""
        raise SettingError(
            f"unknown must be used with the head views; got {self.head}. "
            "Change --head, or leave --unknown out."
        )

    def stopping_rule(self) -> StoppingRule:
        """Refuse: these heads read every document whole."""
        raise SettingError(
            f"read must be all with the head {self.head}; got adaptive. "
            "Use the head views, or read all."
        )

    def new_clusters(
        self, pile: Readings, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find none: these heads know no "none of these"."""
        return []

    def similarities(
        self, documents: Float[np.ndarray, "document dim"]
    ) -> Float[np.ndarray, "document class"]:
        """Give each document's similarity to each class."""
        return class_similarities(
            self.head, documents, self.support.documents, self.support.class_indices
        )

    def one_by_one(self, readings: Readings) -> Verdict:
        """Judge each document by itself."""

        def explain(
            row: int, text: str, vectors: Vectors, class_index: int
        ) -> Evidence:
            return explain_label(
                self.support, self.head, text, vectors, class_index, self.window_pooling
            )

        return Verdict(
            self.probabilities(readings), explain, lambda: self._fitting(readings)
        )

    def _fitting(self, readings: Readings) -> LabelPValues:
        """Tell how well each label fits, beside examples judged by all others."""
        similarities, truth = leave_one_out_similarities(
            self.head, self.support.documents, self.support.class_indices
        )
        known = surprise(similarities / self.temperature)
        found = surprise(self.similarities(readings.documents) / self.temperature)
        one = Round(known[np.arange(len(truth)), truth], found)
        return LabelPValues.of([one], readings.draws(), found.shape[1])

    def choices(self) -> tuple[str, ...]:
        """Tell the head and the temperature."""
        return (f"head {self.head}, temperature {self.temperature:.3g}",)
