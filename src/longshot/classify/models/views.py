"""The model by views: examples, names and the pile, each as far as it helps."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.combination.pile import (
    LEAST_DOCUMENTS_PER_CLASS,
    PileModel,
    by_itself,
)
from longshot.classify.combination.sources import Priors
from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.evidence.passages import PassageScorer
from longshot.classify.evidence.views_attribution import (
    ScoredDocument,
    SourceScores,
    explain_class,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout
from longshot.classify.features.views import (
    ALL_VIEWS,
    CorpusStatistics,
    View,
    directions_together,
    distinct_views,
)
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decision, Explain, Probabilities, PValues
from longshot.classify.scorers.examples import Examples
from longshot.classify.scorers.mixture import class_balanced_weights
from longshot.classify.uncertainty.conformal import (
    ConformalFold,
    LabelPValues,
    folds_alone,
    folds_in_pile,
)
from longshot.classify.uncertainty.new_classes import Pile, find_new_classes
from longshot.classify.uncertainty.novelty import Novelty
from longshot.classify.uncertainty.novelty_in_pile import NoveltyInPile
from longshot.machine.processors import one_thread
from longshot.probabilities import log_softmax
from longshot.records import Evidence, Vectors

MOST_SCORES = 1 << 24
"""Of documents times classes, that are held at once to learn from a pile."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ViewsModel:
    """Decides by all views of a document.

    Attributes
    ----------
    support, examples, names
        The examples and the classes, and what their names say; names are None where
        that is nothing.
    evidence
        What was learned from them about documents, each by itself.
    layout
        How vectors are read.
    novelty
        Tells documents of known classes from others; None where that is not wanted.
    """

    support: SupportSet
    examples: Examples
    names: DocumentFeatures | None
    evidence: EvidenceModel
    layout: Layout
    novelty: Novelty | None = None

    @classmethod
    @one_thread()
    def fit(
        cls,
        support: SupportSet,
        names: DocumentFeatures | None,
        layout: Layout,
        *,
        background: Callable[[], DocumentFeatures],
        unknown: float | None,
    ) -> "ViewsModel":
        """Learn from examples and names, and how familiar examples are if wanted.

        Parameters
        ----------
        support, names, layout
            The examples, the names, and how vectors are read.
        background
            Gives neutral texts, on which scores of names are measured where the
            examples show fewer than two classes.
        unknown
            The false-rejection rate; None where no document is rejected.

        Raises
        ------
        ExamplesError
            If the examples are too few to tell `unknown` documents.
        """
        n_classes = len(support.classes)
        examples = Examples(support.features, support.class_indices, n_classes)
        evidence = evidence_alone(examples, names, background)
        novelty = None
        if unknown is not None:
            novelty = Novelty.fit(evidence, unknown)
        return cls(
            support=support,
            examples=examples,
            names=names,
            evidence=evidence,
            layout=layout,
            novelty=novelty,
        )

    @one_thread()
    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about documents: together, as far as their shape can be trusted.

        Where they are fewer than two for each class, each by itself all the same.
        """
        examples, evidence, of_pile = self.examples, self.evidence, None
        if self._is_pile(documents, pile):
            of_pile, log_probabilities = self._together(documents)
            evidence = of_pile.centred
        else:
            log_probabilities = evidence.log_probabilities(documents)

        @cache
        def passages() -> PassageScorer:
            own = evidence is self.evidence
            return self._own_passages if own else self.passages(evidence)

        def folds() -> Iterable[ConformalFold]:
            if of_pile is None:
                return folds_alone(evidence, examples, documents)
            return folds_in_pile(of_pile, examples, documents)

        @one_thread()
        def label_p_values() -> LabelPValues:
            return LabelPValues.of(folds(), documents.draws(), examples.n_classes)

        return Decision(
            np.exp(log_probabilities),
            (*_lines(evidence), *(of_pile.lines() if of_pile else ())),
            self._explain(evidence, documents, log_probabilities, passages),
            label_p_values,
        )

    def _is_pile(self, documents: DocumentFeatures, wanted: bool) -> bool:
        """Tell whether documents are judged together: enough of them, if wanted."""
        n_least = LEAST_DOCUMENTS_PER_CLASS * self.examples.n_classes
        return wanted and len(documents) >= n_least

    @one_thread()
    def decide_among(
        self,
        pile: PileModel,
        documents: DocumentFeatures,
        passages: Callable[[], PassageScorer],
    ) -> Decision:
        """Decide about documents of a pile that was learned from before.

        There are no sets of labels: these take the whole pile once more.
        """
        scores = by_itself(pile.alone, pile.centred, documents)
        log_probabilities = pile.log_probabilities(documents, scores)
        return Decision(
            np.exp(log_probabilities),
            (*_lines(pile.centred), *pile.lines()),
            self._explain(pile.centred, documents, log_probabilities, passages),
        )

    def _explain(
        self,
        evidence: EvidenceModel,
        documents: DocumentFeatures,
        log_probabilities: Probabilities,
        passages: Callable[[], PassageScorer],
    ) -> Explain | None:
        """Give what finds passages; None where the examples have no text."""
        if not self.support.has_texts:
            return None
        return explaining(
            self.support,
            evidence,
            documents,
            self.layout,
            passages,
            log_probabilities,
        )

    def _together(self, pile: DocumentFeatures) -> tuple[PileModel, Probabilities]:
        """Learn from a pile, and decide about its documents.

        From some of it where it is very large, so that memory holds a bounded number of
        scores beside what is returned.
        """
        n_most = max(1, MOST_SCORES // self.examples.n_classes)
        sample = pile.sample(n_most)
        evidence = evidence_in_pile(self.examples, self.names, sample)
        scores = by_itself(self.evidence, evidence, sample)
        model = PileModel.fit(self.evidence, evidence, self.examples, sample, scores)
        if len(sample) == len(pile):
            return model, model.log_probabilities(pile, scores)
        found = np.empty((len(pile), self.examples.n_classes), dtype=np.float32)
        for start in range(0, len(pile), n_most // 4 + 1):
            rows = np.arange(len(pile))[start : start + n_most // 4 + 1]
            block = pile.take(rows)
            scores = by_itself(self.evidence, evidence, block)
            found[rows] = model.log_probabilities(block, scores)
        return model, found

    @one_thread()
    def p_values(self, documents: DocumentFeatures, *, pile: bool) -> PValues:
        """Tell how many of the known documents are no more familiar than each."""
        assert self.novelty is not None
        if self.evidence.held_out.folds and self._is_pile(documents, pile):
            in_pile = NoveltyInPile.fit(self.evidence, self.examples, documents)
            return in_pile.p_values(documents)
        return self.novelty.p_values(documents)

    @one_thread()
    def new_clusters(
        self, pile: DocumentFeatures, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find clusters of the pile that no known class claims."""
        assert self.novelty is not None
        examples = self.examples
        _, rows = directions_together(pile, examples.features)
        return find_new_classes(
            Pile(
                documents=rows[: len(pile)],
                examples=rows[len(pile) :],
                targets=examples.targets[:, examples.counts > 0],
                p_values=p_values,
                unknown=self.novelty.unknown,
            )
        )

    @one_thread()
    def stopping_rule(self) -> StoppingRule:
        """Learn from the examples how far a document must be read."""
        return StoppingRule.fit(
            self.evidence.scores,
            self.evidence.scores_held_out,
            self.support.features,
            self.support.vectors,
            self.layout,
        )

    def lines(self) -> tuple[str, ...]:
        """Tell what each piece of evidence is worth, in lines for people."""
        return _lines(self.evidence)

    @cached_property
    def _own_passages(self) -> PassageScorer:
        return self.passages(self.evidence)

    def passages(self, evidence: EvidenceModel) -> PassageScorer:
        """Learn to score passages, with what was learned about documents."""
        examples, targets = self.support.examples, self.examples.targets
        return PassageScorer.fit(examples, targets, evidence, self.layout)


def evidence_alone(
    examples: Examples,
    names: DocumentFeatures | None,
    background: Callable[[], DocumentFeatures],
    priors: Priors | None = None,
) -> EvidenceModel:
    """Learn what can be learned without a pile.

    Documents are centred on the mean of the examples, each class counting alike;
    without two classes of these, not at all. Neutral texts then tell how far the
    scores of names usually lie apart.
    """
    if examples.n_seen_classes > 1:
        typical = examples.features
        statistics = CorpusStatistics.of(typical, examples.balanced_weights)
        views = distinct_views(typical)
    else:
        typical, views = background(), ALL_VIEWS
        statistics = CorpusStatistics.of(typical).uncentred()
    return evidence_of_statistics(
        examples,
        names,
        statistics,
        views=views,
        typical=typical,
        is_pile=False,
        priors=priors,
    )


def evidence_in_pile(
    examples: Examples,
    names: DocumentFeatures | None,
    pile: DocumentFeatures,
    priors: Priors | None = None,
) -> EvidenceModel:
    """Learn with a pile as what documents have in common, each class counting alike."""
    weights = weights_in_pile(examples, names, pile.last)
    return evidence_of_statistics(
        examples,
        names,
        CorpusStatistics.of(pile, weights),
        views=distinct_views(pile),
        typical=pile,
        priors=priors,
    )


def weights_in_pile(
    examples: Examples, names: DocumentFeatures | None, last: Float[np.ndarray, "d dim"]
) -> Float[np.ndarray, " d"]:
    """Weigh a pile's documents, by their last layer, so that classes count alike."""
    known = examples.targets.T @ examples.features.last
    if names is not None:
        known = (known + names.last) / (examples.counts[:, None] + 1)
    else:
        known = known / np.maximum(examples.counts[:, None], 1)
    return class_balanced_weights(last, known)


def evidence_of_statistics(
    examples: Examples,
    names: DocumentFeatures | None,
    statistics: CorpusStatistics,
    *,
    views: Sequence[View],
    typical: DocumentFeatures,
    is_pile: bool = True,
    priors: Priors | None = None,
) -> EvidenceModel:
    """Learn with what was measured on a corpus, and some documents typical of it."""
    if names is not None:
        statistics = statistics.with_titles_of(names)
    return EvidenceModel.fit(
        examples,
        names,
        statistics=statistics,
        views=views,
        typical=typical,
        is_pile=is_pile,
        priors=priors,
    )


def explaining(
    support: SupportSet,
    evidence: EvidenceModel,
    documents: DocumentFeatures,
    layout: Layout,
    passage_scorer: Callable[[], PassageScorer],
    log_probabilities: Probabilities | None,
) -> Explain:
    """Explain by what is computed when a passage is first asked for.

    Where `log_probabilities` are None, what was decided is what the scores say.
    """
    by_source = SourceScores(evidence, documents)

    @one_thread()
    def explain(row: int, text: str, vectors: Vectors, class_index: int) -> Evidence:
        of_document = by_source.of(row)
        decided = log_softmax(of_document.sum(axis=0))
        document = ScoredDocument(
            vectors=vectors,
            text=text,
            scores_by_source=of_document,
            log_probabilities=(
                decided if log_probabilities is None else log_probabilities[row]
            ),
            layout=layout,
            evidence=evidence,
            passage_scorer=passage_scorer,
        )
        return explain_class(support, document, class_index)

    return explain


def evidence_lines(evidence: EvidenceModel) -> tuple[str, ...]:
    """Tell what each piece of evidence is worth, in lines for people."""
    return tuple(
        f"{source}: weight {weight:.2f}"
        for source, weight in zip(evidence.sources, evidence.weights, strict=True)
    )


def _lines(evidence: EvidenceModel) -> tuple[str, ...]:
    n_held_out = len(evidence.held_out.examples)
    held_out = f"weights fitted on {n_held_out} held-out examples"
    return (*evidence_lines(evidence), held_out)
