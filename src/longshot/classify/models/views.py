"""The model by views: examples, names and the pile, each as far as it helps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from jaxtyping import Int
from scipy.special import log_softmax

from longshot.classify.combination.judge import Judge
from longshot.classify.combination.knowledge import Knowledge
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.evidence.passages import PassageScorer
from longshot.classify.evidence.views_attribution import (
    FeatureScores,
    ScoredDocument,
    explain_class,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout
from longshot.classify.features.views import dense_view
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decision, Explain, Probabilities, PValues
from longshot.classify.uncertainty.conformal import (
    LabelPValues,
    Round,
    rounds_alone,
    rounds_in_pile,
)
from longshot.classify.uncertainty.new_classes import Pile, find_new_classes
from longshot.classify.uncertainty.novelty import Novelty
from longshot.records import Evidence, Vectors


@dataclass(frozen=True, kw_only=True, eq=False)
class ViewsModel:
    """Decides by all views of a document.

    Attributes
    ----------
    support
        The examples and the classes.
    knowledge
        What they teach.
    layout
        How vectors are read.
    novelty
        Tells documents of known classes from others; None where that is not wanted.
    """

    support: SupportSet
    knowledge: Knowledge
    layout: Layout
    novelty: Novelty | None = None

    @classmethod
    def fit(
        cls,
        support: SupportSet,
        knowledge: Knowledge,
        layout: Layout,
        unknown: float | None,
    ) -> "ViewsModel":
        """Learn from examples and names, and how familiar examples are if wanted.

        Raises
        ------
        ExamplesError
            If the examples are too few to tell `unknown` documents.
        """
        novelty = None
        judge = knowledge.judge
        if unknown is not None:
            novelty = Novelty.fit(judge, knowledge.examples, unknown)
        return cls(support=support, knowledge=knowledge, layout=layout, novelty=novelty)

    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about documents: together, as far as their shape can be trusted."""
        examples = self.knowledge.examples
        if pile:
            log_probabilities, judge, choice = self.knowledge.together(documents)
            lines = choice.lines()
        else:
            judge, choice, lines = self.knowledge.judge, None, ()
            log_probabilities = judge.log_probabilities(documents)

        @cache
        def passages() -> PassageScorer:
            own = judge is self.knowledge.judge
            return self._own_passage_scorer if own else self._passage_scorer(judge)

        def rounds() -> Iterable[Round]:
            if choice is None:
                return rounds_alone(judge, examples, documents)
            return rounds_in_pile(judge, examples, documents, choice)

        explain = None
        if self.support.has_texts:
            explain = explaining(
                self.support, judge, documents, self.layout, passages, log_probabilities
            )
        return Decision(
            np.exp(log_probabilities),
            (*_lines(judge), *lines),
            explain,
            lambda: LabelPValues.of(rounds(), documents.draws(), examples.n_classes),
        )

    def p_values(self, documents: DocumentFeatures) -> PValues:
        """Tell how many of the known documents are no more familiar than each."""
        assert self.novelty is not None
        return self.novelty.p_values(documents)

    def new_clusters(
        self, pile: DocumentFeatures, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find clusters of the pile that no known class claims."""
        reference, examples = self.knowledge.judge.reference, self.knowledge.examples
        return find_new_classes(
            Pile(
                documents=dense_view("body", pile, reference),
                examples=dense_view("body", examples.features, reference),
                targets=examples.targets[:, examples.counts > 0],
                p_values=p_values,
            )
        )

    def stopping_rule(self) -> StoppingRule:
        """Learn from the examples how far a document must be read."""
        score = self.knowledge.judge.scores
        return StoppingRule.fit(
            score, self.support.features, self.support.vectors, self.layout
        )

    def lines(self) -> tuple[str, ...]:
        """Tell what each piece of evidence is worth, in lines for people."""
        return _lines(self.knowledge.judge)

    @cached_property
    def _own_passage_scorer(self) -> PassageScorer:
        return self._passage_scorer(self.knowledge.judge)

    def _passage_scorer(self, judge: Judge) -> PassageScorer:
        examples, targets = self.support.examples, self.knowledge.examples.targets
        return PassageScorer.fit(examples, targets, judge, self.layout)


def explaining(
    support: SupportSet,
    judge: Judge,
    documents: DocumentFeatures,
    layout: Layout,
    passage_scorer: Callable[[], PassageScorer],
    log_probabilities: Probabilities | None,
) -> Explain:
    """Explain by what is computed when a passage is first asked for.

    Where `log_probabilities` are None, what was decided is what the scores say.
    """
    features = FeatureScores(judge, documents)

    def explain(row: int, text: str, vectors: Vectors, class_index: int) -> Evidence:
        of_document = features.of(row)
        decided = log_softmax(of_document.sum(axis=0))
        document = ScoredDocument(
            vectors=vectors,
            text=text,
            features=of_document,
            log_probabilities=(
                decided if log_probabilities is None else log_probabilities[row]
            ),
            layout=layout,
            judge=judge,
            passage_scorer=passage_scorer,
        )
        return explain_class(support, document, class_index)

    return explain


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


def _lines(judge: Judge) -> tuple[str, ...]:
    n_held_out = len(judge.held_out.examples)
    held_out = f"weighed on {n_held_out} examples, each held out"
    return (*evidence_lines(judge), held_out)
