"""The decision by views: examples, names and the pile, each as far as it helps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from jaxtyping import Int

from longshot.classify.combination.judge import Judge
from longshot.classify.combination.knowledge import Knowledge
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.evidence.passages import PassageJudge
from longshot.classify.evidence.views_attribution import (
    FeatureScores,
    JudgedDocument,
    explain_class,
)
from longshot.classify.features.document_features import Layout, Readings
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Explain, Probabilities, PValues, Verdict
from longshot.classify.scorers.mixture import Scores
from longshot.classify.uncertainty.conformal import (
    LabelPValues,
    Round,
    rounds_alone,
    rounds_in_pile,
)
from longshot.classify.uncertainty.offering import new_clusters
from longshot.records import Evidence, Vectors


@dataclass(frozen=True, kw_only=True, eq=False)
class ViewsDecider:
    """Decides by all views of a document.

    Attributes
    ----------
    support
        The examples and the classes.
    knowledge
        What they teach.
    layout
        How vectors are read.
    """

    support: SupportSet
    knowledge: Knowledge
    layout: Layout

    def probabilities(self, readings: Readings) -> Probabilities:
        """Give the confidence in each class for each document, judged by itself."""
        return np.asarray(np.exp(self.knowledge.judge.log_probabilities(readings)))

    def for_pile(self, pile: Readings) -> Verdict:
        """Judge documents together, as far as the pile's shape can be trusted."""
        log_probabilities, judge, choice = self.knowledge.together(pile)
        examples = self.knowledge.examples
        return Verdict(
            np.exp(log_probabilities),
            self._explaining(
                judge,
                pile,
                log_probabilities,
                cache(lambda: self._passage_judge(judge)),
            ),
            lambda: self._fitting(pile, rounds_in_pile(judge, examples, pile, choice)),
            (*_lines(judge), *choice.lines()),
        )

    def p_values(self, readings: Readings, least_share: float) -> PValues:
        """Tell how many of the known documents are no more familiar than each."""
        return self.knowledge.p_values(readings, least_share)

    def new_clusters(
        self, pile: Readings, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find clusters of the pile that no known class claims."""
        return new_clusters(self.knowledge, pile, p_values)

    def one_by_one(self, readings: Readings) -> Verdict:
        """Judge documents each by itself."""
        judge = self.knowledge.judge
        examples = self.knowledge.examples
        log_probabilities = judge.log_probabilities(readings)
        return Verdict(
            np.exp(log_probabilities),
            self._explaining(
                judge,
                readings,
                log_probabilities,
                lambda: self._own_passage_judge,
            ),
            lambda: self._fitting(readings, rounds_alone(judge, examples, readings)),
            _lines(judge),
        )

    def stopping_rule(self) -> StoppingRule:
        """Learn from the examples how far a document must be read."""
        return StoppingRule.learned(
            self.knowledge.judge,
            self.knowledge.examples.readings,
            [example.vectors for example in self.support.examples],
            self.layout,
        )

    def choices(self) -> tuple[str, ...]:
        """Tell what each piece of evidence is worth, in lines for people."""
        return _lines(self.knowledge.judge)

    @cached_property
    def _own_passage_judge(self) -> PassageJudge:
        return self._passage_judge(self.knowledge.judge)

    def _passage_judge(self, judge: Judge) -> PassageJudge:
        examples = self.support.examples
        targets = self.knowledge.examples.targets
        return PassageJudge.learned(examples, targets, judge, self.layout)

    def _fitting(self, readings: Readings, rounds: Iterable[Round]) -> LabelPValues:
        n_classes = self.knowledge.examples.n_classes
        return LabelPValues.of(rounds, readings.draws(), n_classes)

    def _explaining(
        self,
        judge: Judge,
        readings: Readings,
        log_probabilities: Scores,
        passage_judge: Callable[[], PassageJudge],
    ) -> Explain:
        """Explain by what is computed when a passage is first asked for."""
        features = FeatureScores(judge, readings)

        def explain(
            row: int, text: str, vectors: Vectors, class_index: int
        ) -> Evidence:
            document = JudgedDocument(
                vectors=vectors,
                text=text,
                features=features.of(row),
                log_probabilities=log_probabilities[row],
                layout=self.layout,
                judge=judge,
                passage_judge=passage_judge,
            )
            return explain_class(self.support, document, class_index)

        return explain


def _lines(judge: Judge) -> tuple[str, ...]:
    n_held_out = len(judge.held_out.examples)
    held_out = f"weighed on {n_held_out} examples, each held out"
    return (*evidence_lines(judge), held_out)


def evidence_lines(judge: Judge) -> tuple[str, ...]:
    """Tell what each piece of evidence is worth, in lines for people."""
    lines = [
        f"{feature.kind} in {feature.view}: weight {weight:.2f}"
        f" (before any example {feature.prior:.2f})"
        for feature, weight in zip(judge.features, judge.weights, strict=True)
    ]
    if judge.names is not None:
        lines.append(f"trust in the names: {judge.trust_in_names:.0%}")
    return tuple(lines)
