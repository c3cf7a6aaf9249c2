"""What examples and names together say of each document by itself.

Each is compared with documents in several views; each comparison is a source of
evidence, whose scores are measured in their own spread and weighed by what many data
sets, and the person's own examples, tell of such sources.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.combination.held_out import (
    Fold,
    HeldOut,
    hold_out,
    optimiser_rounds,
)
from longshot.classify.combination.sources import (
    Priors,
    Source,
    fitted_priors,
    updated,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import CorpusStatistics, View, dense_view
from longshot.classify.scorers.examples import (
    Examples,
    ExampleScorer,
    Shown,
    StandIns,
    median_shots,
)
from longshot.classify.scorers.mixture import UNWEIGHED, Scores, usual_cosine
from longshot.classify.scorers.names import NAME_VIEWS, NameScorer
from longshot.machine.processors import on_processors
from longshot.probabilities import log_softmax

MOST_MEASURED = 1_000
"""Documents that the spread of scores is measured on, and what sources agree on."""

_BLOCK_DOCUMENTS = 512
"""That one processor scores at a time: always the same ones, so that the scores don't
depend on how many processors there are."""

_LEAST_SPREAD = 1e-6
"""Of scores; what differs by less are errors of rounding."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EvidenceModel:
    """What was learned; decides for each document by itself.

    Attributes
    ----------
    n_classes
        How many there are.
    statistics
        What documents have in common.
    names
        Scores by the labels' names; None where there are none.
    scorers
        Scores by the examples, in each view.
    sources, spreads
        What is scored, and what the scores are measured in.
    observed
        What was observed of each source, of :attr:`Priors.observables`.
    weights
        What each score is worth.
    held_out
        The examples that the weights were drawn to.
    """

    n_classes: int
    statistics: CorpusStatistics
    names: NameScorer | None
    scorers: dict[View, ExampleScorer]
    sources: tuple[Source, ...]
    spreads: Float[np.ndarray, " source"]
    observed: tuple[dict[str, float], ...]
    weights: Float[np.ndarray, " source"]
    held_out: HeldOut

    @classmethod
    def fit(
        cls,
        examples: Examples,
        names: DocumentFeatures | None,
        *,
        statistics: CorpusStatistics,
        views: Sequence[View],
        typical: DocumentFeatures,
        is_pile: bool = False,
        priors: Priors | None = None,
    ) -> "EvidenceModel":
        """Learn from examples and names; of one of them there may be none.

        Parameters
        ----------
        examples, names
            What is known of the classes.
        statistics
            What documents have in common.
        views
            What is worth looking at.
        typical
            Documents like those to come.
        is_pile
            Whether it is they that come.
        priors
            What sources are worth; what was fitted on many data sets, by default.
        """
        priors = priors or fitted_priors("alone")
        model = cls.unweighed(
            examples,
            names,
            statistics=statistics,
            views=views,
            typical=typical,
            is_pile=is_pile,
            likelihood=lambda scores: names_likelihood(scores, examples),
        )
        # An example that is the only one of its class cannot be held out.
        judged = np.flatnonzero(examples.counts[examples.class_indices] > 1)
        held_out = replace(
            model.held_out,
            examples=judged,
            class_indices=examples.class_indices[judged],
            scores=model.held_out.scores[judged],
        )
        weights = updated(
            model.log_weights(priors),
            [source.kind for source in model.sources],
            held_out.scores,
            held_out.class_indices,
            priors.precision,
        )
        return replace(model, weights=weights, held_out=held_out)

    @classmethod
    def unweighed(
        cls,
        examples: Shown,
        names: DocumentFeatures | None,
        *,
        statistics: CorpusStatistics,
        views: Sequence[View],
        typical: DocumentFeatures,
        is_pile: bool,
        likelihood: Callable[[Float[np.ndarray, "example source class"]], float],
    ) -> "EvidenceModel":
        """Let every source learn, and observe it; its weight is not known yet.

        All examples are held out. As :meth:`fit`, but for `likelihood`: it tells how
        much likelier names make the examples than guessing, by what they say of them.
        """
        typical = typical.sample(MOST_MEASURED)
        by_name = None if names is None else NameScorer.fit(names, statistics, typical)
        sources, spreads, of_names = [], [], []
        of_typical: list[Scores] = []
        always: list[View] = ["last", "spans"]
        if names is not None and names.entailment:
            always.append("entailment")
        for view in dict.fromkeys((*NAME_VIEWS, *always)):
            if by_name is not None and view in (*views, *always):
                sources.append(Source("names", view))
                told = by_name.scores(view, typical)
                spreads.append(spread_of(told))
                of_typical.append(_centred(told) / spreads[-1])
                scores = by_name.scores(view, examples.features)
                of_names.append(_centred(scores) / spreads[-1])
        shape = (len(examples), len(of_names), examples.n_classes)
        of_examples = np.stack(of_names, axis=1) if of_names else np.zeros(shape)
        is_asked = np.array([one.view == "entailment" for one in sources], dtype=bool)
        gain, of_asked = (
            likelihood(of_examples[:, rows]) for rows in (~is_asked, is_asked)
        )
        scorers: dict[View, ExampleScorer] = {}
        if (examples.counts > 0).sum() > 1:
            trust = gain / np.pi + 0.5  # from 0 to 1, as the arc tangent is bounded
            stand_ins = None if names is None else StandIns(names, trust)
            rounds, _ = optimiser_rounds(examples)
            for view in views:
                scorer = ExampleScorer.of(view, examples, stand_ins, statistics)
                scorers[view] = scorer.fitted(rounds)
        of_pile = [one.scores(typical) for one in scorers.values()] if is_pile else []
        held_out, of_scorers = _measured(
            hold_out(examples, of_examples, scorers), scorers, examples.counts, of_pile
        )
        of_typical += [
            _centred(told) / spread
            for told, spread in zip(of_pile, of_scorers, strict=False)
        ]
        model = cls(
            n_classes=examples.n_classes,
            statistics=statistics,
            names=by_name,
            scorers=scorers,
            sources=(*sources, *(Source("examples", view) for view in scorers)),
            spreads=np.array([*spreads, *of_scorers]),
            observed=(),
            weights=np.zeros(len(spreads) + len(of_scorers)),
            held_out=held_out,
        )
        shared = {
            "one": 1.0,
            "shots": float(np.log1p(median_shots(examples))),
            "titled": float("head" in views),
            "alone": float(not is_pile),
            "likelihood": gain,
        }
        if not is_pile:
            of_typical = list(np.moveaxis(held_out.scores, 1, 0))
        rows = dense_view("last", typical, statistics)
        observed = model._observed(shared, of_typical, usual_cosine(rows), of_asked)
        return replace(model, observed=observed)

    def log_weights(self, priors: Priors) -> Float[np.ndarray, " source"]:
        """Give the logarithm of what each source is worth before any example."""
        return priors.log_weights(list(map(str, self.sources)), self.observed)

    def source_scores(self, source: Source, documents: DocumentFeatures) -> Scores:
        """Give the scores of one source, not yet weighed: zero on the mean."""
        if source.kind == "names":
            assert self.names is not None
            scores = self.names.scores(source.view, documents)
        else:
            scores = self.scorers[source.view].scores(documents)
        spread = self.spreads[self.sources.index(source)]
        return np.asarray(_centred(scores) / spread)

    def weighed_sources(self, documents: DocumentFeatures) -> Iterator[Scores]:
        """Give the scores of one source after another, weighed."""
        for weight, source in zip(self.weights, self.sources, strict=True):
            yield weight * self.source_scores(source, documents)

    def scores(self, documents: DocumentFeatures) -> Scores:
        """Give the score of each class for each document: its sources, weighed."""
        blocks = documents.blocks(_BLOCK_DOCUMENTS)
        empty = np.zeros((0, self.n_classes))
        return np.vstack([empty, *on_processors(self._scores, blocks)])

    def _scores(self, documents: DocumentFeatures) -> Scores:
        total = np.zeros((len(documents), self.n_classes))
        for of_source in self.weighed_sources(documents):
            total += of_source
        return total

    def log_probabilities(self, documents: DocumentFeatures) -> Scores:
        """Give the logarithm of the probability of each class for each document."""
        return np.asarray(log_softmax(self.scores(documents), axis=1))

    def weight_of(self, source: Source) -> float:
        """Give what a source's own scores are multiplied by; 0 where it is none."""
        if source not in self.sources:
            return 0.0
        place = self.sources.index(source)
        return float(self.weights[place] / self.spreads[place])

    def scores_by_fold(
        self, documents: DocumentFeatures
    ) -> Iterator[tuple[Fold, Scores, Scores]]:
        """Give the scores of documents under what was learned without some examples.

        With the weights that all of them taught.

        Yields
        ------
        tuple
            The fold, the documents' scores, and those of the examples left out.
        """
        rows = {view: one.documents(documents) for view, one in self.scorers.items()}
        by_name = np.zeros((len(documents), self.n_classes))
        for weight, source in zip(self.weights, self.sources, strict=True):
            if source.kind == "names":
                by_name += weight * self.source_scores(source, documents)
        place_of = {row: place for place, row in enumerate(self.held_out.examples)}
        for fold in self.held_out.folds:
            total = by_name.copy()
            for view, learned in fold.learned.items():
                weight = self.weight_of(Source("examples", view))
                total += weight * _centred(learned.logits(rows[view]))
            places = [place_of[row] for row in fold.left_out.tolist()]
            of_left_out = self.held_out.scores[places]
            yield fold, total, np.einsum("efc,f->ec", of_left_out, self.weights)

    def scores_held_out(
        self, documents: DocumentFeatures, examples: Int[np.ndarray, " document"]
    ) -> Scores:
        """Score readings of examples by what was learned without each of them.

        NaN for those that are the only ones of their class: none of these is left out.
        """
        found = np.full((len(documents), self.n_classes), np.nan)
        for fold, scores, _ in self.scores_by_fold(documents):
            rows = np.isin(examples, fold.left_out)
            found[rows] = scores[rows]
        return found

    def _observed(
        self,
        shared: dict[str, float],
        of_sources: Sequence[Scores],
        unit_of_cosines: float,
        likelihood_of_asked: float,
    ) -> tuple[dict[str, float], ...]:
        """Observe each source: the spread of its scores, and whether others agree.

        Parameters
        ----------
        shared
            What is the same for all sources.
        of_sources
            What each says of the pile, or else of the held-out examples.
        unit_of_cosines
            What the spread of names' scores is measured in; that of entailment, which
            is scored in log-odds, needs no unit.
        likelihood_of_asked
            That of entailment, which is another model's, has nothing to do with that of
            the others.
        """
        kinds = [source.kind for source in self.sources]
        found = []
        for place, source in enumerate(self.sources):
            others = [
                of_sources[other]
                for other, kind in enumerate(kinds)
                if kind != source.kind
            ] or [one for other, one in enumerate(of_sources) if other != place]
            spread = self.spreads[place]
            if source.kind == "names" and source.view != "entailment":
                spread = spread / unit_of_cosines
            one = {
                **shared,
                "spread": float(np.log(spread)),
                "agreement": correlation(of_sources[place], others),
            }
            if source.view == "entailment":
                one["likelihood"] = likelihood_of_asked
            found.append(one)
        return tuple(found)


def correlation(scores: Scores, others: Sequence[Scores]) -> float:
    """Tell how alike scores are to the sum of others; 0 where there are none.

    Examples
    --------
    >>> one = np.array([[1.0, -1.0], [-1.0, 1.0]])
    >>> round(correlation(one, [one, one]), 3), correlation(one, [])
    (1.0, 0.0)
    """
    if not others or not scores.size:
        return 0.0
    total = np.sum(others, axis=0)
    lengths = np.sqrt((scores**2).sum() * (total**2).sum())
    return float((scores * total).sum() / (lengths + 1e-9))


def _centred(
    scores: Float[np.ndarray, "*document class"],
) -> Float[np.ndarray, "*document class"]:
    return np.asarray(scores - scores.mean(axis=-1, keepdims=True))


def spread_of(scores: Scores) -> float:
    """Give the usual distance of a class's score from the document's mean.

    What says nothing is measured in one, so that nothing is not made much of.
    """
    spread = float(np.sqrt((_centred(scores) ** 2).mean())) if scores.size else 0.0
    return spread if spread > _LEAST_SPREAD else 1.0


def _measured(
    held_out: HeldOut,
    scorers: dict[View, ExampleScorer],
    counts: Int[np.ndarray, " class"],
    of_pile: Sequence[Scores],
) -> tuple[HeldOut, list[float]]:
    """Measure what examples say in its own spread.

    On what each scorer says of the pile, if there is one; else on the held-out
    examples; where there are none, on the examples themselves, of which a scorer is
    twice as sure as of others.
    """
    scores, spreads = held_out.scores.copy(), []
    first = scores.shape[1] - len(scorers)
    for number, scorer in enumerate(scorers.values()):
        place = first + number
        scores[:, place] = _centred(scores[:, place])
        if of_pile:
            spread = spread_of(of_pile[number])
        elif counts.max() > 1:
            told = scores[:, place]
            spread = spread_of(told[np.any(told, axis=1)])
        else:
            assert scorer.regression is not None
            spread = spread_of(scorer.regression.logits(scorer.rows)) / 2
        scores[:, place] /= spread
        spreads.append(spread)
    return replace(held_out, scores=scores), spreads


def bounded(gain: float) -> float:
    """Keep a gain in likelihood within bounds: many examples gain more than few."""
    return float(np.arctan(gain / 2))


def names_likelihood(
    scores: Float[np.ndarray, "example source class"], examples: Examples
) -> float:
    """Tell how much likelier the names make the examples than guessing does.

    0 where there are no names, or no examples.
    """
    if not scores.size:
        return 0.0
    of_names = log_softmax(UNWEIGHED * scores.mean(axis=1), axis=1)
    rows = np.arange(len(examples))
    gain = of_names[rows, examples.class_indices].sum()
    gain += len(examples) * np.log(examples.n_classes)
    return bounded(gain)
