"""The pile: all documents judged together, as far as their shape can be trusted.

Where classes are clusters of the pile, its shape is worth more than labels; where they
are not (opinions about one subject, say), it misleads. So what the pile says is
evidence like any other: what documents say alone, the mixture's directions and the
classes' sizes are sources, weighed by what is observed of the pile without a label and
by the examples, each held out.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float
from scipy.special import log_softmax

from longshot.classify.combination.evidence import (
    EvidenceModel,
    correlation,
    spread_of,
)
from longshot.classify.combination.sources import Priors, fitted_priors, updated
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import dense_view
from longshot.classify.scorers.examples import Examples, median_shots
from longshot.classify.scorers.mixture import (
    Mixture,
    Scores,
    concentration_of,
    halves_agree,
)

SOURCES = ("alone", "mixture", "sizes")
_LEAST_DOCUMENTS_PER_CLASS = 2
"""Of a pile whose halves are looked at."""

_ONE_CLUSTER = 0.15
"""The share of documents near a border where one cluster was merely cut."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PileModel:
    """What was learned from a pile; decides for documents like those in it.

    Attributes
    ----------
    evidence
        Decides for each document by itself.
    mixture
        What the pile says.
    spread
        What the scores of the mixture are measured in.
    weights
        What each of :data:`SOURCES` is worth.
    observed
        What was observed of the pile, of :attr:`Priors.observables`; nothing where the
        weights were given.
    held_out
        What the sources say of the examples that were held out, among the pile.
    """

    evidence: EvidenceModel
    mixture: Mixture
    spread: float
    weights: Float[np.ndarray, " source"]
    observed: dict[str, float] = field(default_factory=dict)
    held_out: Float[np.ndarray, "source held_out class"] | None = None

    @classmethod
    def fit(
        cls,
        evidence: EvidenceModel,
        examples: Examples,
        pile: DocumentFeatures,
        alone: Scores,
        priors: Priors | None = None,
    ) -> "PileModel":
        """Learn from a pile, and find out how far it can be trusted.

        Parameters
        ----------
        evidence, examples, pile
            What was learned without the pile's shape, and what stands in the pile.
        alone
            The score of each class for each document of the pile by itself.
        priors
            What sources are worth; what was fitted on many data sets, by default.
        """
        priors = priors or fitted_priors("pile")
        fitted = cls.trusting(evidence, examples, pile, alone, np.zeros(len(SOURCES)))
        rows = dense_view("last", pile, evidence.statistics)
        among = fitted._held_out_among(examples, rows, alone)
        truth = evidence.held_out.class_indices
        observed = {
            **_observed(rows, alone, fitted.mixture, median_shots(examples)),
            "likelihood": _gain(among, truth),
        }
        weights = updated(
            priors.log_weights(SOURCES, [observed] * len(SOURCES)),
            SOURCES,
            np.moveaxis(among, 0, 1)[None],
            truth,
            priors.precision,
        )
        return replace(fitted, weights=weights, observed=observed, held_out=among)

    @classmethod
    def trusting(
        cls,
        evidence: EvidenceModel,
        examples: Examples,
        pile: DocumentFeatures,
        alone: Scores,
        weights: Float[np.ndarray, " source"],
    ) -> "PileModel":
        """Learn from a pile that is known to be trusted so far."""
        rows = dense_view("last", pile, evidence.statistics)
        known = dense_view("last", examples.features, evidence.statistics)
        mixture = Mixture.fit(
            rows,
            alone,
            examples.targets.T.astype(np.float32) @ known,
            concentration=concentration_of(rows),
        )
        spread = spread_of(mixture.scores(rows))
        return cls(evidence=evidence, mixture=mixture, spread=spread, weights=weights)

    def log_probabilities(self, documents: DocumentFeatures, alone: Scores) -> Scores:
        """Give the logarithm of the probability of each class for each document.

        Parameters
        ----------
        documents
            Of the pile that was learned from, or like it.
        alone
            Their scores, each by itself.
        """
        rows = dense_view("last", documents, self.evidence.statistics)
        scores = self._scores(rows, alone, self.mixture)
        weighed = np.einsum("fdc,f->dc", scores, self.weights)
        return np.asarray(log_softmax(weighed, axis=1))

    def source_scores(
        self, documents: DocumentFeatures, alone: Scores
    ) -> Float[np.ndarray, "source document class"]:
        """Give the scores of each source, not yet weighed."""
        rows = dense_view("last", documents, self.evidence.statistics)
        return self._scores(rows, alone, self.mixture)

    def lines(self) -> tuple[str, ...]:
        """Tell how far the pile was trusted, in lines for people."""
        weights = dict(zip(SOURCES, self.weights.tolist(), strict=True))
        told = ", ".join(f"{one} {weight:.2f}" for one, weight in weights.items())
        return (
            f"what the pile says: weights {told}",
            f"its halves agree on {self.observed['stability']:.0%} of it; "
            f"{self.observed['border'] / 10:.0%} lie near a border; clusters agree "
            "with what documents say alone, beyond chance, by "
            f"{self.observed['agreement']:.2f}",
        )

    def _scores(
        self, rows: Float[np.ndarray, "document dim"], alone: Scores, mixture: Mixture
    ) -> Float[np.ndarray, "source document class"]:
        """Give what each source says, zero on the mean."""
        sizes = np.broadcast_to(mixture.log_shares, alone.shape)
        found = np.stack([alone, mixture.scores(rows) / self.spread, sizes])
        return np.asarray(found - found.mean(axis=2, keepdims=True))

    def _held_out_among(
        self,
        examples: Examples,
        rows: Float[np.ndarray, "document dim"],
        alone: Scores,
    ) -> Float[np.ndarray, "source held_out class"]:
        """Judge the held-out examples among the pile, their labels not known."""
        evidence, held_out = self.evidence, self.evidence.held_out
        if not len(held_out.examples):
            return np.zeros((len(SOURCES), 0, evidence.n_classes))
        by_itself = held_out.weighed(evidence.weights)
        is_kept = np.ones(len(examples), dtype=bool)
        is_kept[held_out.examples] = False
        known = dense_view("last", examples.features, evidence.statistics)
        targets = examples.targets.astype(np.float32)[is_kept]
        mixture = Mixture.fit(
            np.vstack([rows, known[~is_kept]]),
            np.vstack([alone, by_itself]),
            targets.T @ known[is_kept],
            concentration=concentration_of(rows),
        )
        return self._scores(known[~is_kept], by_itself, mixture)


def _observed(
    rows: Float[np.ndarray, "document dim"],
    alone: Scores,
    mixture: Mixture,
    shots: float,
) -> dict[str, float]:
    """Observe the shape of a pile: what can be seen of it without a label."""
    n_documents, n_classes = alone.shape
    stability, border = 0.0, _ONE_CLUSTER
    if n_documents >= _LEAST_DOCUMENTS_PER_CLASS * n_classes:
        is_first = np.zeros(n_documents, dtype=bool)
        is_first[np.argsort(rows[:, 0], kind="stable")[::2]] = True
        stability, border = halves_agree(rows, alone, is_first, concentration_of(rows))
    found = mixture.scores(rows)
    found = found - found.mean(axis=1, keepdims=True)
    centred = alone - alone.mean(axis=1, keepdims=True)
    return {
        "one": 1.0,
        "classes": float(np.log(n_classes)),
        "documents": float(np.log(n_documents / n_classes)),
        "shots": float(np.log1p(shots)),
        "stability": stability,
        "border": 10 * border,
        "agreement": kappa(alone, found),
        "correlation": correlation(centred, [found]),
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
