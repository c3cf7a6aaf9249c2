"""What examples and names say of documents that may have several labels.

The same sources as where each has one; in the end each class is decided by itself.
Letting the classes compete in the regressions, and not in the decision, measured better
than a regression for each class alone (docs/classifier.md).
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from longshot.classify.combination.evidence import NAMES_TEMPERATURE, EvidenceModel
from longshot.classify.combination.several_examples import SeveralExamples
from longshot.classify.combination.several_weights import HeldOutPairs
from longshot.classify.combination.sources import Source, fitted_priors
from longshot.classify.features.corpus_statistics import CorpusStatistics
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import distinct_views
from longshot.probabilities import expit, log_softmax, logsumexp


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SeveralEvidence:
    """What was learned; decides for each document and each class by itself.

    Attributes
    ----------
    evidence
        The sources and what each is worth.
    offsets
        What is added to the weighed scores of each class: its log-odds are the sum.
    threshold
        The probability from which on a class applies.
    mean_labels
        How many classes an example has on average.
    """

    evidence: EvidenceModel
    offsets: Float[np.ndarray, " class"]
    threshold: float
    mean_labels: float

    @classmethod
    def fit(
        cls, examples: SeveralExamples, names: DocumentFeatures | None
    ) -> "SeveralEvidence":
        """Learn from examples, and from names where there are some."""
        statistics = CorpusStatistics.of(examples.features, examples.balanced_weights)
        if names is not None:
            statistics = statistics.with_titles_of(names)
        evidence = EvidenceModel.unweighed(
            examples,
            names,
            statistics=statistics,
            views=distinct_views(examples.features),
            typical=examples.features,
            is_pile=False,
            likelihood=lambda scores: _names_likelihood(scores, examples.members),
        )
        held_out = _pairs(evidence, examples)
        log_weights = evidence.log_weights(fitted_priors("alone"))
        kinds = [source.kind for source in evidence.sources]
        weights, offsets = held_out.fitted(log_weights, kinds)
        return cls(
            evidence=replace(evidence, weights=weights),
            offsets=offsets,
            threshold=held_out.threshold(weights, offsets),
            mean_labels=examples.mean_labels,
        )

    def probabilities(
        self, documents: DocumentFeatures
    ) -> Float[np.ndarray, "document class"]:
        """Give the probability that each class applies to each document."""
        evidence = self.evidence
        total = np.tile(self.offsets, (len(documents), 1))
        rows = zip(evidence.weights, evidence.sources, evidence.spreads, strict=True)
        for weight, source, spread in rows:
            scores = evidence.source_scores(source, documents)
            total += weight * _levelled(source, scores, spread, self.mean_labels)
        return np.asarray(expit(total))


def _levelled(
    source: Source,
    scores: Float[np.ndarray, "... class"],
    spread: float,
    mean_labels: float,
) -> Float[np.ndarray, "... class"]:
    """Measure scores from where a class is as likely to apply as not.

    A name's score is measured from the mean over names. That by examples is the
    logarithm of a probability, which the classes of a document share: half of such a
    share is where it is measured from. So offsets are near zero before any example.
    """
    if source.kind == "names":
        return scores
    shared = log_softmax(spread * scores, axis=-1) + np.log(2 * mean_labels)
    return np.asarray(shared / spread)


def _names_likelihood(
    scores: Float[np.ndarray, "example source class"],
    members: Bool[np.ndarray, "example class"],
) -> float:
    """Tell how much likelier names make what applies than guessing does.

    Each label of an example is held against those that the example lacks; the labels of
    one example count as one together.
    """
    if not scores.size:
        return 0.0
    gain = 0.0
    of_names = scores.mean(axis=1) / NAMES_TEMPERATURE
    for row, own in zip(of_names, members, strict=True):
        if own.any() and not own.all():
            against = np.logaddexp(row[own], logsumexp(row[~own]))
            gain += float((row[own] - against).mean() + np.log((~own).sum() + 1))
    return float(np.arctan(gain / 2))


def _pairs(evidence: EvidenceModel, examples: SeveralExamples) -> HeldOutPairs:
    """Give the held-out examples with the classes that they are asked about.

    A class that only one example has is asked about where names are there, which then
    decide alone when that one is held out. Else it is not: all answers would be no.
    """
    held_out = evidence.held_out
    asked = examples.counts > (1 if evidence.names is None else 0)
    is_judged = np.zeros((held_out.n_deals, len(examples), examples.n_classes), bool)
    for fold in held_out.folds:
        is_judged[fold.deal, fold.left_out] = asked
    scores = held_out.scores.copy()
    for place, source in enumerate(evidence.sources):
        scores[:, :, place] = _levelled(
            source,
            scores[:, :, place],
            float(evidence.spreads[place]),
            examples.mean_labels,
        )
    return HeldOutPairs(scores=scores, is_judged=is_judged, members=examples.members)
