"""The pile: all documents judged together, as far as their shape can be trusted.

Where classes are clusters of the pile, its shape is worth more than labels; where they
are not (opinions about one subject, say), it misleads. So what the pile says is
evidence like any other: what documents say alone, what they say when the pile tells
what documents have in common (centred on it), the mixture's directions and the classes'
sizes are sources, weighed by what is observed of the pile without a label and by the
examples, each held out. The more examples there are, the less there is left for a pile
to say.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.combination.evidence import (
    MOST_MEASURED,
    EvidenceModel,
    bounded,
    correlation,
    spread_of,
)
from longshot.classify.combination.sources import Priors, fitted_priors, updated
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import dense_view
from longshot.classify.scorers.examples import Examples, median_shots
from longshot.classify.scorers.mixture import (
    UNWEIGHED,
    Mixture,
    Scores,
    neighbours_say,
)
from longshot.probabilities import log_softmax, softmax

SOURCES = ("alone", "centred", "mixture", "sizes")

_ALONE = np.array([1.0, 0.0, 0.0, 0.0])
"""Weights that leave everything as documents say it by themselves."""

ByItself = Float[np.ndarray, "2 document class"]
"""What is said of documents alone, and centred on the pile."""

LEAST_DOCUMENTS_PER_CLASS = 2
"""Of a pile: the mean of fewer is no centre."""

_EXAMPLES_LIKE_A_PILE = 4.0
"""Examples of each class that count as much as a pile, before the held-out ones are
heard: its share falls with their square. Of unequal classes the harmonic mean counts
(of one more, since there may be none): those of few examples have most of the pile
(docs/suite.md). The likelihood alone has a pile believed at 16 examples, where it moves
as many documents wrong as right (docs/research/003)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PileModel:
    """What was learned from a pile; decides for documents like those in it.

    Attributes
    ----------
    alone, centred
        Decide for each document by itself, the second centred on the pile.
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

    alone: EvidenceModel
    centred: EvidenceModel
    mixture: Mixture
    spread: float
    weights: Float[np.ndarray, " source"]
    observed: dict[str, float] = field(default_factory=dict)
    held_out: Float[np.ndarray, "source held_out class"] | None = None

    @classmethod
    def fit(
        cls,
        alone: EvidenceModel,
        centred: EvidenceModel,
        examples: Examples,
        pile: DocumentFeatures,
        scores: ByItself,
        priors: Priors | None = None,
    ) -> "PileModel":
        """Learn from a pile, and find out how far it can be trusted.

        Parameters
        ----------
        alone, centred, examples
            What was learned without the pile's shape, and from what.
        pile, scores
            The documents, and what is said of each by itself.
        priors
            What sources are worth; what was fitted on many data sets, by default.
        """
        rows = dense_view("last", pile, centred.statistics)
        return cls.of_rows(alone, centred, examples, rows, pile.draws(), scores, priors)

    @classmethod
    def of_rows(
        cls,
        alone: EvidenceModel,
        centred: EvidenceModel,
        examples: Examples,
        rows: Float[np.ndarray, "document dim"],
        draws: Float[np.ndarray, " document"],
        scores: ByItself,
        priors: Priors | None = None,
    ) -> "PileModel":
        """Learn from a pile of which only this is at hand; as :meth:`fit`.

        Parameters
        ----------
        alone, centred, examples, scores, priors
            As of :meth:`fit`.
        rows
            The documents in the view ``last``, centred on the pile.
        draws
            What each document draws: :meth:`DocumentFeatures.draws`.
        """
        priors = priors or fitted_priors("pile")
        untrusted = np.zeros(len(SOURCES))
        fitted = cls._trusting_rows(alone, centred, examples, rows, scores, untrusted)
        among = fitted._held_out_among(examples, rows, scores)
        truth = centred.held_out.class_indices
        observed = {
            **_observed(draws, rows, scores, fitted.mixture, _known(examples, centred)),
            "shots": float(np.log1p(median_shots(examples))),
            "likelihood": _gain(among, truth),
        }
        expected = np.exp(priors.log_weights(SOURCES, [observed] * len(SOURCES)))
        n_of_few = 1 / np.mean(1 / (examples.counts + 1)) - 1
        share = 1 / (1 + (n_of_few / _EXAMPLES_LIKE_A_PILE) ** 2)
        weights = updated(
            np.log(share * expected + (1 - share) * _ALONE),
            SOURCES,
            np.moveaxis(among, 0, 1),
            truth,
            priors.precision,
        )
        return replace(fitted, weights=weights, observed=observed, held_out=among)

    @classmethod
    def trusting(
        cls,
        alone: EvidenceModel,
        centred: EvidenceModel,
        examples: Examples,
        pile: DocumentFeatures,
        scores: ByItself,
        weights: Float[np.ndarray, " source"],
    ) -> "PileModel":
        """Learn from a pile that is known to be trusted so far."""
        rows = dense_view("last", pile, centred.statistics)
        return cls._trusting_rows(alone, centred, examples, rows, scores, weights)

    @classmethod
    def _trusting_rows(
        cls,
        alone: EvidenceModel,
        centred: EvidenceModel,
        examples: Examples,
        rows: Float[np.ndarray, "document dim"],
        scores: ByItself,
        weights: Float[np.ndarray, " source"],
    ) -> "PileModel":
        mixture = Mixture.fit(rows, scores[1], _known(examples, centred))
        spread = spread_of(mixture.scores(rows))
        return cls(
            alone=alone,
            centred=centred,
            mixture=mixture,
            spread=spread,
            weights=weights,
        )

    def log_probabilities(
        self, documents: DocumentFeatures, scores: ByItself
    ) -> Scores:
        """Give the logarithm of the probability of each class for each document.

        Parameters
        ----------
        documents
            Of the pile that was learned from, or like it.
        scores
            What is said of each by itself.
        """
        by_source = self.source_scores(documents, scores)
        weighed = np.einsum("fdc,f->dc", by_source, self.weights)
        return np.asarray(log_softmax(weighed, axis=1))

    def source_scores(
        self, documents: DocumentFeatures, scores: ByItself
    ) -> Float[np.ndarray, "source document class"]:
        """Give the scores of each source, not yet weighed."""
        rows = dense_view("last", documents, self.centred.statistics)
        return self._scores(rows, scores, self.mixture)

    def lines(self) -> tuple[str, ...]:
        """Tell how far the pile was trusted, in lines for people."""
        weights = dict(zip(SOURCES, self.weights.tolist(), strict=True))
        told = ", ".join(f"{one} {weight:.2f}" for one, weight in weights.items())
        return (
            f"what the pile says: weights {told}",
            "what documents say alone agrees, beyond chance, with the pile's clusters "
            f"by {self.observed['agreement']:.2f} and with what their neighbours say "
            f"by {self.observed['coherence']:.2f}",
        )

    def _scores(
        self,
        rows: Float[np.ndarray, "document dim"],
        scores: ByItself,
        mixture: Mixture,
    ) -> Float[np.ndarray, "source document class"]:
        """Give what each source says, zero on the mean."""
        sizes = np.broadcast_to(mixture.log_shares, scores.shape[1:])
        found = np.stack([*scores, mixture.scores(rows) / self.spread, sizes])
        return np.asarray(found - found.mean(axis=2, keepdims=True))

    def _held_out_among(
        self,
        examples: Examples,
        rows: Float[np.ndarray, "document dim"],
        scores: ByItself,
    ) -> Float[np.ndarray, "source held_out class"]:
        """Judge the held-out examples among the pile, their labels not known."""
        held_out = self.centred.held_out
        if not len(held_out.examples):
            return np.zeros((len(SOURCES), 0, examples.n_classes))
        models = (self.alone, self.centred)
        known_scores = np.stack([one.held_out.weighed(one.weights) for one in models])
        is_kept = np.ones(len(examples), dtype=bool)
        is_kept[held_out.examples] = False
        known = dense_view("last", examples.features, self.centred.statistics)
        targets = examples.targets.astype(np.float32)[is_kept]
        mixture = Mixture.fit(
            np.vstack([rows, known[~is_kept]]),
            np.vstack([scores[1], known_scores[1]]),
            targets.T @ known[is_kept],
        )
        return self._scores(known[~is_kept], known_scores, mixture)


def by_itself(
    alone: EvidenceModel, centred: EvidenceModel, documents: DocumentFeatures
) -> ByItself:
    """Give what is said of each document by itself."""
    return np.stack([alone.scores(documents), centred.scores(documents)])


def _observed(
    draws: Float[np.ndarray, " document"],
    rows: Float[np.ndarray, "document dim"],
    scores: ByItself,
    mixture: Mixture,
    known: Float[np.ndarray, "class dim"],
) -> dict[str, float]:
    """Observe the shape of a pile: what can be seen of it without a label."""
    alone, centred = scores - scores.mean(axis=2, keepdims=True)
    order = np.argsort(draws, kind="stable")
    some = order[:MOST_MEASURED]
    of_neighbours = neighbours_say(rows[some], softmax(centred[some], axis=1))
    return {
        "one": 1.0,
        "agreement": kappa(centred, mixture.scores(rows)),
        "coherence": kappa(centred[some], of_neighbours),
        "ways": correlation(alone, [centred]),
        "stability": _stability(order, rows, scores[1], known),
        "size": float(np.log(len(rows) / scores.shape[2])),
    }


def _stability(
    order: Int[np.ndarray, " document"],
    rows: Float[np.ndarray, "document dim"],
    alone: Scores,
    known: Float[np.ndarray, "class dim"],
) -> float:
    """Tell how alike the two halves of a pile would have it cut into classes."""
    if len(rows) < 2:
        return 0.0
    first, second = (
        Mixture.fit(rows[half], alone[half], known).scores(rows)
        for half in (order[0::2], order[1::2])
    )
    return kappa(first, second)


def _known(
    examples: Examples, centred: EvidenceModel
) -> Float[np.ndarray, "class dim"]:
    """Give the sum of each class's examples, as the mixture sees them."""
    rows = dense_view("last", examples.features, centred.statistics)
    return np.asarray(examples.targets.T.astype(np.float32) @ rows)


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
        log_softmax(one, axis=1)[rows, truth].sum()
        for one in (among[1], UNWEIGHED * among[2])
    )
    return bounded(mixture - alone)
