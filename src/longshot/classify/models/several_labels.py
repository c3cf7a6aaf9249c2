"""The model where documents may have several labels, each decided by itself."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from longshot.classify.combination.several import SeveralEvidence, SeveralExamples
from longshot.classify.evidence.passages import PassageScorer
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout
from longshot.classify.labels.label_lists import as_given
from longshot.classify.labels.support import SeveralSupportSet
from longshot.classify.models.base import Decision, Probabilities
from longshot.classify.models.views import evidence_lines, explaining
from longshot.machine.processors import one_thread


@dataclass(frozen=True, kw_only=True, eq=False)
class SeveralLabelsModel:
    """Decides for each label by itself whether it applies.

    Attributes
    ----------
    support
        The examples and the classes.
    learned
        What was learned from them.
    layout
        How vectors are read.
    """

    support: SeveralSupportSet
    learned: SeveralEvidence
    layout: Layout

    @classmethod
    @one_thread()
    def fit(
        cls, support: SeveralSupportSet, names: DocumentFeatures | None, layout: Layout
    ) -> "SeveralLabelsModel":
        """Learn from examples and names."""
        examples = SeveralExamples(support.features, support.members)
        learned = SeveralEvidence.fit(examples, names)
        return cls(support=support, learned=learned, layout=layout)

    @property
    def threshold(self) -> float:
        """The probability from which on a label applies."""
        return self.learned.threshold

    @one_thread()
    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about each document by itself: the pile's shape is not used."""
        explain = None
        if self.support.has_texts:
            explain = explaining(
                self.support,
                self.learned.evidence,
                documents,
                self.layout,
                lambda: self._passage_scorer,
                None,
            )
        return Decision(self.learned.probabilities(documents), self.lines(), explain)

    def labels(self, probabilities: Probabilities) -> Any:
        """Give the labels that apply, in the form in which the examples' came."""
        applies = probabilities >= self.threshold
        return as_given(self.support.form, self.support.classes, applies)

    def lines(self) -> tuple[str, ...]:
        """Tell what each piece of evidence is worth, in lines for people."""
        return (
            *evidence_lines(self.learned.evidence),
            f"a label applies where its probability is at least {self.threshold:.0%}",
            f"weights fitted on {len(self.support)} held-out examples",
        )

    @cached_property
    def _passage_scorer(self) -> PassageScorer:
        members = self.support.members.astype(np.float64)
        targets = members / np.maximum(members.sum(axis=1, keepdims=True), 1)
        examples = self.support.examples
        return PassageScorer.fit(examples, targets, self.learned.evidence, self.layout)
