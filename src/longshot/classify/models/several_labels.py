"""The decision where documents may have several labels, each decided by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Int
from scipy.special import log_softmax

from longshot.classify.combination.several_judge import SeveralJudge
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.evidence.passages import PassageJudge
from longshot.classify.evidence.views_attribution import (
    FeatureScores,
    JudgedDocument,
    explain_class,
)
from longshot.classify.features.document_features import Layout, Readings
from longshot.classify.features.extraction import ReadPile
from longshot.classify.labels.label_lists import as_given
from longshot.classify.labels.several_support import SeveralSupportSet
from longshot.classify.models.base import (
    Explain,
    Probabilities,
    PValues,
    Verdict,
    predicted,
)
from longshot.classify.models.views import evidence_lines
from longshot.classify.uncertainty.conformal import LabelPValues
from longshot.errors import SettingError
from longshot.records import Evidence, Prediction, Vectors


@dataclass(frozen=True, kw_only=True, eq=False)
class SeveralDecider:
    """Decides for each label by itself whether it applies.

    Attributes
    ----------
    support
        The examples and the classes.
    judge
        What they teach.
    layout
        How vectors are read.
    """

    support: SeveralSupportSet
    judge: SeveralJudge
    layout: Layout

    def probabilities(self, readings: Readings) -> Probabilities:
        """Give the probability that each class applies to each document."""
        return self.judge.probabilities(readings)

    def for_pile(self, pile: Readings) -> Verdict:
        """Judge documents each by itself: the pile's shape is not used here."""
        return self.one_by_one(pile)

    def p_values(self, readings: Readings, least_share: float) -> PValues:
        """Give 1 for each: what has no label is "none of these" already."""
        return np.ones(len(readings))

    def one_by_one(self, readings: Readings) -> Verdict:
        """Judge documents each by itself."""
        return Verdict(
            self.judge.probabilities(readings),
            self._explaining(readings),
            _refuse_sets,
            self.choices(),
        )

    def labels(self, probabilities: Probabilities) -> Any:
        """Give the labels that apply, in the form in which the examples' came."""
        applies = probabilities >= self.judge.threshold
        return as_given(self.support.form, self.support.classes, applies)

    def new_clusters(
        self, pile: Readings, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find none: what has no label is told apart anyway."""
        return []

    def stopping_rule(self) -> StoppingRule:
        """Refuse: whether a label applies may stand on the last page."""
        raise SettingError(
            "read must be all where documents may have several labels; got adaptive. "
            "Read all."
        )

    def choices(self) -> tuple[str, ...]:
        """Tell what each piece of evidence is worth, in lines for people."""
        return (
            *evidence_lines(self.judge.judge),
            f"a label applies from a probability of {self.judge.threshold:.0%} on",
            f"weighed on {self.judge.n_examples} examples, each held out",
        )

    @cached_property
    def _passage_judge(self) -> PassageJudge:
        members = self.support.members.astype(np.float64)
        targets = members / np.maximum(members.sum(axis=1, keepdims=True), 1)
        examples = self.support.examples
        return PassageJudge.learned(examples, targets, self.judge.judge, self.layout)

    def _explaining(self, readings: Readings) -> Explain:
        judge = self.judge.judge
        features = FeatureScores(judge, readings)

        def explain(
            row: int, text: str, vectors: Vectors, class_index: int
        ) -> Evidence:
            of_document = features.of(row)
            document = JudgedDocument(
                vectors=vectors,
                text=text,
                features=of_document,
                log_probabilities=log_softmax(of_document.sum(axis=0)),
                layout=self.layout,
                judge=judge,
                passage_judge=lambda: self._passage_judge,
            )
            return explain_class(self.support, document, class_index)

        return explain


def _refuse_sets() -> LabelPValues:
    raise SettingError(
        "confidence must be None where documents may have several labels: each label "
        "has a probability of its own. Leave it out."
    )


def predicted_several(
    decider: SeveralDecider, block: ReadPile, verdict: Verdict, evidence: bool
) -> Iterator[Prediction]:
    """Write the decisions about a block of documents down.

    The evidence is that for the most probable label, whether or not it applies.
    Confidence that none applies is the probability that each of them does not.
    """
    classes, threshold = decider.support.classes, decider.judge.threshold
    for number, (vectors, text) in enumerate(
        zip(block.shelf, block.texts, strict=True)
    ):
        row = verdict.probabilities[number]
        order = row.argsort(kind="stable")[::-1]
        passage = None
        if evidence:
            passage = verdict.explain(number, text, vectors, int(order[0]))
        applying = tuple(str(classes[i]) for i in order if row[i] >= threshold)
        yield predicted(
            vectors,
            row,
            classes,
            passage,
            p_value=None if applying else float(1 - np.prod(1 - row)),
            labels=applying,
        )
