"""None of these: how familiar a document is, beside examples that were held out.

No example of the unknown is needed. A document is as familiar as the score of its best
class stands out from those of the others. It is "none of these" where the share of the
held-out examples that are less familiar is no greater than the false-rejection rate
asked for: a conformal p-value (Vovk et al. 2005; for outliers, Bates et al. 2023),
valid where documents with a known label are drawn like the examples.

What is near to no example is not unfamiliar for that: classes lie more or less densely,
and the distance to the nearest examples tells less than the scores do, alone or beside
them (docs/research/005). In a pile, the documents around one tell more:
:mod:`longshot.classify.uncertainty.novelty_in_pile`.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.scorers.mixture import Scores
from longshot.errors import ExamplesError, SettingError


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """Tells documents of known classes from others, each by itself.

    Attributes
    ----------
    evidence
        What was learned.
    known
        How familiar the examples are that were held out, ascending.
    unknown
        The p-value up to which a document fits no label: the false-rejection rate.
    """

    evidence: EvidenceModel
    known: Float[np.ndarray, " held_out"]
    unknown: float

    @classmethod
    def fit(cls, evidence: EvidenceModel, unknown: float) -> "Novelty":
        """Learn it from the examples, each held out.

        Parameters
        ----------
        evidence
            What was learned, and the held-out examples.
        unknown
            The false-rejection rate.

        Raises
        ------
        ExamplesError
            If the examples are too few to tell so small a rate.
        """
        held_out = evidence.held_out
        _check_enough(len(held_out.examples), unknown)
        known = standing_out(held_out.weighed(evidence.weights))
        return cls(evidence, np.sort(known), unknown)

    def p_values(self, documents: DocumentFeatures) -> Float[np.ndarray, " document"]:
        """Give the share of the known that is no more familiar; never quite 0."""
        familiar = standing_out(self.evidence.scores(documents))
        n_no_more = np.searchsorted(self.known, familiar, side="right")
        return np.asarray((n_no_more + 1) / (len(self.known) + 1))


def standing_out(scores: Scores) -> Float[np.ndarray, " document"]:
    """Tell by how much the best class's score exceeds the mean of all classes."""
    return np.asarray(scores.max(axis=1) - scores.mean(axis=1))


def check_unknown(share: float | None) -> None:
    """Check a false-rejection rate.

    Raises
    ------
    SettingError
        If it is no share between 0 and 1.
    """
    if share is not None and not 0 < share < 1:
        raise SettingError(
            f"unknown must be a false-rejection rate between 0 and 1; got {share}. "
            "For 5 %, give 0.05."
        )


def _check_enough(n_examples: int, rate: float) -> None:
    """Check that the examples that can be held out are enough for a rate.

    Raises
    ------
    ExamplesError
        If they are too few for a rate as low as this.
    """
    n_needed = np.ceil(1 / rate) - 1  # infinite, for the least of all rates
    if n_examples < n_needed:
        raise ExamplesError(
            f"a false-rejection rate of {rate:.0%} needs at least "
            f"{n_needed:.0f} examples that share their label with another example; got "
            f"{n_examples}. Add examples, or allow a higher rate."
        )
