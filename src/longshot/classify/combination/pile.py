"""The pile: all documents judged together, as far as their shape can be trusted.

Where classes are clusters of the pile, its shape is worth more than labels; where they
are not (opinions about one subject, say), it misleads. So what the pile says is
evidence like any other: the mixture's directions, the classes' sizes, the pile's words,
and a regression on what documents seem to be are sources, weighed by what is observed
of the pile without a label and by the examples, each held out.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import log_softmax

from longshot.classify.combination.evidence import EvidenceModel, correlation
from longshot.classify.combination.sources import (
    Priors,
    Source,
    fitted_priors,
    updated,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import dense_view
from longshot.classify.scorers.examples import Examples, median_shots
from longshot.classify.scorers.mixture import (
    Mixture,
    Scores,
    concentration_of,
    halves_agree,
)
from longshot.classify.scorers.regression import (
    SoftmaxRegression,
    fit_softmax,
    principal_basis,
)
from longshot.classify.scorers.words import PileWords

SOURCES = (
    Source("pile", "document"),
    Source("pile", "mixture"),
    Source("pile", "sizes"),
    Source("pile", "words"),
    Source("pile", "regression"),
)
_PILE_WEIGHT = 0.3
"""Of a document of the pile beside an example, where a regression learns from both."""

_REFIT_ROUNDS = 20
_LEAST_DOCUMENTS_PER_CLASS = 2
"""Of a pile whose shape is looked at."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PileModel:
    """What was learned from a pile; decides for documents like those in it.

    Attributes
    ----------
    evidence
        Decides for each document by itself.
    mixture, words, regression
        What the pile says; the regression is None where documents are few.
    spreads
        What the scores of each source are measured in.
    observed
        What was observed of the pile, of :attr:`Priors.observables`.
    weights
        What each source is worth.
    """

    evidence: EvidenceModel
    mixture: Mixture
    words: PileWords
    regression: SoftmaxRegression | None
    spreads: Float[np.ndarray, " source"]
    observed: dict[str, float]
    weights: Float[np.ndarray, " source"]

    @classmethod
    def fit(
        cls,
        evidence: EvidenceModel,
        examples: Examples,
        pile: DocumentFeatures,
        alone: Scores,
        *,
        weights: Float[np.ndarray, " source"] | None = None,
        priors: Priors | None = None,
    ) -> "PileModel":
        """Learn from a pile, and find out how far it can be trusted.

        Parameters
        ----------
        evidence, examples, pile
            What was learned without the pile's shape, and what stands in the pile.
        alone
            The score of each class for each document of the pile by itself.
        weights
            What the sources are worth, where that is known.
        priors
            What sources are worth; what was fitted on many data sets, by default.
        """
        learned = _Learned.of(evidence, examples, pile, alone)
        spreads = np.array([max(_spread(one), 1e-6) for one in learned.scores])
        spreads[[0, 2]] = 1.0  # what documents say alone, and logarithms of shares
        model = cls(
            evidence=evidence,
            mixture=learned.mixture,
            words=learned.words,
            regression=learned.regression,
            spreads=spreads,
            observed={},
            weights=np.zeros(len(SOURCES)) if weights is None else weights,
        )
        if weights is not None:
            return model
        return model._weighed(
            learned, examples, pile, priors or fitted_priors("pile")
        )

    def log_probabilities(self, documents: DocumentFeatures, alone: Scores) -> Scores:
        """Give the logarithm of the probability of each class for each document.

        Parameters
        ----------
        documents
            Of the pile that was learned from, or like it.
        alone
            Their scores, each by itself.
        """
        scores = self.source_scores(documents, alone)
        weighed = np.einsum("fdc,f->dc", scores, self.weights)
        return np.asarray(log_softmax(weighed, axis=1))

    def source_scores(
        self, documents: DocumentFeatures, alone: Scores
    ) -> Float[np.ndarray, "source document class"]:
        """Give the scores of each source, not yet weighed."""
        rows = dense_view("last", documents, self.evidence.statistics)
        found = _scores(
            rows, documents, alone, self.mixture, self.words, self.regression
        )
        return found / self.spreads[:, None, None]

    def lines(self) -> tuple[str, ...]:
        """Tell how far the pile was trusted, in lines for people."""
        told = [
            f"{source}: weight {weight:.2f}"
            for source, weight in zip(SOURCES, self.weights, strict=True)
        ]
        return (
            *told,
            f"its halves agree on {self.observed['stability']:.0%} of the pile; "
            f"{self.observed['border']:.0%} lie near a border",
        )

    def _weighed(
        self,
        learned: "_Learned",
        examples: Examples,
        pile: DocumentFeatures,
        priors: Priors,
    ) -> "PileModel":
        """Weigh the sources by what is observed, and by the held-out examples."""
        from dataclasses import replace

        scores = learned.scores / self.spreads[:, None, None]
        held_out = self.evidence.held_out
        truth = held_out.class_indices
        among = _held_out_among(self.evidence, examples, pile, learned)
        among /= self.spreads[:, None, None]
        observed = {
            **_observed(self, learned, scores, examples),
            "likelihood": _gain(among, truth),
        }
        log_weights = priors.log_weights(SOURCES, [observed] * len(SOURCES))
        is_there = np.array([bool(np.any(one)) for one in scores])
        is_there[0] = True
        log_weights = np.where(is_there, log_weights, -np.inf)
        weights = np.zeros(len(SOURCES))
        weights[is_there] = updated(
            log_weights[is_there],
            ["alone", *["pile"] * (int(is_there.sum()) - 1)],
            np.moveaxis(among[is_there], 0, 1)[None],
            truth,
            priors.precision,
        )
        return replace(self, observed=observed, weights=weights)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Learned:
    """What a pile says, before it is weighed."""

    rows: Float[np.ndarray, "document dim"]
    alone: Scores
    concentration: float
    mixture: Mixture
    posterior: Scores
    words: PileWords
    regression: SoftmaxRegression | None
    scores: Float[np.ndarray, "source document class"]

    @classmethod
    def of(
        cls,
        evidence: EvidenceModel,
        examples: Examples,
        pile: DocumentFeatures,
        alone: Scores,
    ) -> "_Learned":
        rows = dense_view("last", pile, evidence.statistics)
        known = dense_view("last", examples.features, evidence.statistics)
        targets = examples.targets.astype(np.float32)
        concentration = concentration_of(rows)
        mixture = Mixture.fit(
            rows, alone, targets.T @ known, concentration=concentration
        )
        posterior = np.exp(mixture.log_posterior(rows, alone))
        words = PileWords.fit(pile, posterior)
        regression = None
        if len(pile) >= _LEAST_DOCUMENTS_PER_CLASS * evidence.n_classes:
            regression = _refitted(rows, posterior, known, targets)
        return cls(
            rows=rows,
            alone=alone,
            concentration=concentration,
            mixture=mixture,
            posterior=posterior,
            words=words,
            regression=regression,
            scores=_scores(rows, pile, alone, mixture, words, regression),
        )


def _scores(
    rows: Float[np.ndarray, "document dim"],
    documents: DocumentFeatures,
    alone: Scores,
    mixture: Mixture,
    words: PileWords,
    regression: SoftmaxRegression | None,
) -> Float[np.ndarray, "source document class"]:
    """Give what each source says, zero on the mean, in its own measure."""
    sizes = np.broadcast_to(mixture.log_shares, alone.shape)
    refitted = np.zeros_like(alone) if regression is None else regression.logits(rows)
    found = np.stack(
        [alone, mixture.scores(rows), sizes, words.scores(documents), refitted]
    )
    return np.asarray(found - found.mean(axis=2, keepdims=True))


def _refitted(
    rows: Float[np.ndarray, "document dim"],
    posterior: Scores,
    known: Float[np.ndarray, "example dim"],
    targets: Float[np.ndarray, "example class"],
) -> SoftmaxRegression:
    """Let a regression learn from the examples and the whole pile."""
    everything = np.vstack([rows, known])
    weights = np.ones(len(everything))
    weights[: len(rows)] = _PILE_WEIGHT
    return fit_softmax(
        everything,
        np.vstack([posterior, targets]),
        weights,
        max_rounds=_REFIT_ROUNDS,
        basis=principal_basis(everything),
    )


def _held_out_among(
    evidence: EvidenceModel,
    examples: Examples,
    pile: DocumentFeatures,
    learned: _Learned,
) -> Float[np.ndarray, "source held_out class"]:
    """Judge the held-out examples among the pile, their labels not known."""
    held_out = evidence.held_out
    alone = held_out.weighed(evidence.weights)
    if not len(held_out.examples):
        return np.zeros((len(SOURCES), 0, evidence.n_classes))
    is_kept = np.ones(len(examples), dtype=bool)
    is_kept[held_out.examples] = False
    rows = dense_view("last", examples.features, evidence.statistics)
    targets = examples.targets.astype(np.float32)[is_kept]
    mixture = Mixture.fit(
        np.vstack([learned.rows, rows[~is_kept]]),
        np.vstack([learned.alone, alone]),
        targets.T @ rows[is_kept],
        concentration=learned.concentration,
    )
    posterior = np.exp(mixture.log_posterior(learned.rows, learned.alone))
    regression = None
    if learned.regression is not None:
        regression = _refitted(learned.rows, posterior, rows[is_kept], targets)
    words = PileWords.fit(pile, posterior)
    documents = examples.features.take(held_out.examples)
    return _scores(rows[~is_kept], documents, alone, mixture, words, regression)


def _observed(
    model: PileModel,
    learned: _Learned,
    scores: Float[np.ndarray, "source document class"],
    examples: Examples,
) -> dict[str, float]:
    """Observe the shape of a pile: what can be seen of it without a label."""
    n_documents, n_classes = learned.alone.shape
    stability, border = 0.0, 0.15
    if n_documents >= _LEAST_DOCUMENTS_PER_CLASS * n_classes:
        is_first = np.zeros(n_documents, dtype=bool)
        is_first[np.argsort(learned.rows[:, 0], kind="stable")[::2]] = True
        stability, border = halves_agree(
            learned.rows, learned.alone, is_first, learned.concentration
        )
    alone, mixture, _, words, regression = scores
    return {
        "one": 1.0,
        "classes": float(np.log(n_classes) - 1.5),
        "documents": float((np.log(n_documents / n_classes) - 3) / 2),
        "shots": float(np.log1p(median_shots(examples)) - 1),
        "stability": stability,
        "border": border,
        "agreement": kappa(alone, mixture),
        "mixture": correlation(alone, [mixture]),
        "words": correlation(alone, [words]),
        "regression": correlation(alone, [regression]),
    }


def kappa(one: Scores, other: Scores) -> float:
    """Tell how often two decide alike, beyond guessing: Cohen's kappa, equal classes.

    Examples
    --------
    >>> one = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> kappa(one, one), kappa(one, one[::-1])
    (1.0, -1.0)
    """
    chance = 1 / one.shape[1]
    agreed = (one.argmax(axis=1) == other.argmax(axis=1)).mean()
    return float((agreed - chance) / (1 - chance))


def _gain(
    among: Float[np.ndarray, "source held_out class"], truth: np.ndarray
) -> float:
    """Tell how much likelier the mixture makes the held-out examples' classes."""
    if not len(truth):
        return 0.0
    rows = np.arange(len(truth))
    alone, mixture = (
        log_softmax(one, axis=1)[rows, truth].sum() for one in (among[0], 2 * among[1])
    )
    return float(np.arctan((mixture - alone) / 4))


def _spread(scores: Scores) -> float:
    return float(np.sqrt((scores**2).mean()))
