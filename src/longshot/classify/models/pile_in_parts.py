"""A pile that no memory holds: learned from in parts, each a reduction of its own.

What :class:`ViewsModel` learns from a pile that it has in memory is learned here from
what many machines measured of parts of it. The sums are the same; they are only added
up in another order.

    1 points       of each document its last layer and a hash, a kilobyte and a half
    2 weights      of the documents, from all points
    3 statistics   of each part, merged
    4 evidence     from the statistics and the thousand documents most typical
    5 scores       of each part, a number for each class
    6 pile model   from all points and scores

From more documents than one machine learns from, a sample of the same size is taken: by
the same hash, and so the same documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int, UInt64

from longshot.classify.combination.evidence import MOST_MEASURED, EvidenceModel
from longshot.classify.combination.pile import (
    LEAST_DOCUMENTS_PER_CLASS,
    ByItself,
    PileModel,
    by_itself,
)
from longshot.classify.evidence.passages import PassageScorer
from longshot.classify.features.document_features import DocumentFeatures, draws_of
from longshot.classify.features.views import (
    CorpusStatistics,
    View,
    distinct_where,
    is_head_all,
)
from longshot.classify.labels.support import SupportSet
from longshot.classify.models.base import Decision, PValues
from longshot.classify.models.views import (
    MOST_SCORES,
    ViewsModel,
    evidence_of_statistics,
    weights_in_pile,
)
from longshot.machine.processors import one_thread
from longshot.similarity import unit


@dataclass(frozen=True, slots=True, eq=False)
class PilePoints:
    """Of each document what is learned from all together, in reading order.

    Attributes
    ----------
    last
        Its mean token in the last layer.
    content_hashes
        A number that depends on its text alone.
    places
        Where it stands: its number in the whole pile.
    """

    last: Float[np.ndarray, "document dim"]
    content_hashes: UInt64[np.ndarray, " document"]
    places: Int[np.ndarray, " document"]

    def __len__(self) -> int:
        return len(self.places)

    @classmethod
    def concat(cls, parts: Iterable["PilePoints"]) -> "PilePoints":
        """Give the documents of several parts."""
        several = list(parts)
        return cls(
            np.concatenate([one.last for one in several]),
            np.concatenate([one.content_hashes for one in several]),
            np.concatenate([one.places for one in several]),
        )

    def take(self, rows: Int[np.ndarray, " row"]) -> "PilePoints":
        """Give some of the documents."""
        return PilePoints(self.last[rows], self.content_hashes[rows], self.places[rows])

    def sample(self, most: int) -> "PilePoints":
        """Give at most so many, those that :meth:`DocumentFeatures.sample` gives."""
        if len(self) <= most:
            return self
        low = self.content_hashes & np.uint64(0xFFFFFFFF)
        return self.take(np.lexsort((self.places, low))[:most])

    def draws(self) -> Float[np.ndarray, " document"]:
        """Draw a number for each, as :meth:`DocumentFeatures.draws` does."""
        return draws_of(self.content_hashes)


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredPart:
    """What was measured of a part of a pile.

    Attributes
    ----------
    statistics
        Its means and words, weighed.
    n_head_is_all
        Its documents whose head is all that there is of them.
    """

    statistics: CorpusStatistics
    n_head_is_all: int

    @classmethod
    def of(
        cls, documents: DocumentFeatures, weights: Float[np.ndarray, " document"]
    ) -> "MeasuredPart":
        """Measure documents."""
        statistics = CorpusStatistics.of(documents, weights)
        return cls(statistics, int(is_head_all(documents).sum()))

    @classmethod
    def merge(cls, parts: Iterable["MeasuredPart"]) -> "MeasuredPart":
        """Put together what was measured of several parts."""
        several = list(parts)
        return cls(
            CorpusStatistics.merge([one.statistics for one in several]),
            sum(one.n_head_is_all for one in several),
        )

    @property
    def views(self) -> tuple[View, ...]:
        """The views that say something of their own; see :func:`distinct_views`."""
        share = self.n_head_is_all / self.statistics.n_documents
        return distinct_where(share)


@dataclass(frozen=True, slots=True, eq=False)
class PileInParts:
    """Learns from a pile step by step.

    Attributes
    ----------
    model
        What was learned without the pile.
    """

    model: ViewsModel

    @property
    def n_most(self) -> int:
        """Documents that are learned from at most; the others are decided about."""
        return max(1, MOST_SCORES // self.model.examples.n_classes)

    @property
    def n_least(self) -> int:
        """Documents below which each is judged by itself."""
        return LEAST_DOCUMENTS_PER_CLASS * self.model.examples.n_classes

    n_typical = MOST_MEASURED
    """Documents whose features are wanted as a whole."""

    @one_thread()
    def weights(self, points: PilePoints) -> Float[np.ndarray, " document"]:
        """Weigh the documents so that each class counts nearly alike."""
        return weights_in_pile(self.model.examples, self.model.names, points.last)

    @one_thread()
    def evidence(
        self, measured: MeasuredPart, typical: DocumentFeatures
    ) -> EvidenceModel:
        """Learn from the statistics of the whole pile.

        Parameters
        ----------
        measured
            Of the pile, merged.
        typical
            The documents of ``points.sample(n_typical)``, in their order.
        """
        return evidence_of_statistics(
            self.model.examples,
            self.model.names,
            measured.statistics,
            views=measured.views,
            typical=typical,
        )

    @one_thread()
    def scores(self, evidence: EvidenceModel, documents: DocumentFeatures) -> ByItself:
        """Give what is said of each document of a part by itself."""
        return by_itself(self.model.evidence, evidence, documents)

    @one_thread()
    def pile_model(
        self, evidence: EvidenceModel, points: PilePoints, scores: ByItself
    ) -> PileModel:
        """Learn from all points and scores how far the pile can be trusted."""
        rows = unit(points.last - evidence.statistics.layers[0], np.float32)
        return PileModel.of_rows(
            self.model.evidence,
            evidence,
            self.model.examples,
            rows,
            points.draws(),
            scores,
        )


@dataclass(frozen=True, eq=False)
class AmongPile:
    """Decides about documents of a pile that was learned from before.

    Attributes
    ----------
    model, pile
        What was learned without the pile, and from it.
    """

    model: ViewsModel
    pile: PileModel

    @property
    def support(self) -> SupportSet:
        """The examples, and the classes."""
        return self.model.support

    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about documents, as of that pile in either case."""
        del pile
        return self.model.decide_among(self.pile, documents, lambda: self._passages)

    @cached_property
    def _passages(self) -> PassageScorer:
        return self.model.passages(self.pile.centred)

    def lines(self) -> tuple[str, ...]:
        """Tell what was learned, in lines for people."""
        return self.model.lines()

    def p_values(self, documents: DocumentFeatures, *, pile: bool) -> PValues:
        """Tell how many of the known documents are no more familiar than each.

        By themselves: their neighbours may lie in other parts.
        """
        del pile
        return self.model.p_values(documents, pile=False)

    def new_clusters(
        self, pile: DocumentFeatures, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find no clusters: these take the whole pile."""
        del pile, p_values
        return []
