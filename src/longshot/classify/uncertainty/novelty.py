"""None of these: how familiar a document is, beside examples that were held out.

No example of the unknown is needed. A document is as familiar as its best class stands
out from the others, and as it is close to the nearest examples, each measured in
standard deviations of the examples themselves, judged by what was learned without
them. It is "none of these" where the share of the examples that are less familiar is
no greater than the false-rejection rate asked for: a conformal p-value (Vovk et al.
2005; for outliers, Bates et al. 2023), valid where documents with a known label are
drawn like the examples.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.combination.evidence import EvidenceModel
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.views import dense_view
from longshot.classify.scorers.examples import Examples
from longshot.errors import ExamplesError, SettingError

_NEIGHBOURS = 3
_LEAST_DEVIATION = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """Tells documents of known classes from others.

    Attributes
    ----------
    evidence
        What was learned.
    examples
        The examples in the view ``body``.
    known
        How familiar the examples are that were held out, ascending.
    centre, deviation
        Of the cues that it is made from, over those examples.
    """

    evidence: EvidenceModel
    examples: Float[np.ndarray, "example dim"]
    known: Float[np.ndarray, " held_out"]
    centre: Float[np.ndarray, " 2"]
    deviation: Float[np.ndarray, " 2"]

    @classmethod
    def fit(
        cls, evidence: EvidenceModel, examples: Examples, least_share: float
    ) -> "Novelty":
        """Learn it from the examples, each held out.

        Parameters
        ----------
        evidence, examples
            What was learned, and from what.
        least_share
            The smallest false-rejection rate that is to be told.

        Raises
        ------
        ExamplesError
            If the examples are too few to tell so small a share.
        """
        held_out = evidence.held_out
        _check_enough(len(held_out.examples), least_share)
        body = dense_view("body", examples.features, evidence.statistics)
        rows = held_out.examples
        cues = np.column_stack(
            [
                _standing_out(held_out.weighed(evidence.weights)),
                _closeness(body[rows], body, without=rows),
            ]
        )
        centre = cues.mean(axis=0)
        deviation = np.maximum(cues.std(axis=0), _LEAST_DEVIATION)
        known = np.sort(((cues - centre) / deviation).sum(axis=1))
        return cls(evidence, body, known, centre, deviation)

    def p_values(self, documents: DocumentFeatures) -> Float[np.ndarray, " document"]:
        """Give the share of the known that is no more familiar; never quite 0."""
        body = dense_view("body", documents, self.evidence.statistics)
        cues = np.column_stack(
            [
                _standing_out(self.evidence.scores(documents)),
                _closeness(body, self.examples),
            ]
        )
        familiar = ((cues - self.centre) / self.deviation).sum(axis=1)
        n_no_more = np.searchsorted(self.known, familiar, side="right")
        return np.asarray((n_no_more + 1) / (len(self.known) + 1))


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


def _check_enough(n_examples: int, least_share: float) -> None:
    """Check that the examples that can be held out are enough for a rate.

    Raises
    ------
    ExamplesError
        If they are too few for a rate as low as `least_share`.
    """
    n_needed = np.ceil(1 / least_share) - 1  # infinite, for the least of all rates
    if n_examples < n_needed:
        raise ExamplesError(
            f"a false-rejection rate of {least_share:.0%} needs at least "
            f"{n_needed:.0f} examples that share their label with another example; got "
            f"{n_examples}. Add examples, or allow a higher rate."
        )


def _standing_out(
    scores: Float[np.ndarray, "document class"],
) -> Float[np.ndarray, " document"]:
    return np.asarray(scores.max(axis=1) - scores.mean(axis=1))


def _closeness(
    documents: Float[np.ndarray, "document dim"],
    examples: Float[np.ndarray, "example dim"],
    without: Int[np.ndarray, " document"] | None = None,
) -> Float[np.ndarray, " document"]:
    """Give the mean cosine to the nearest examples, without the document itself."""
    cosines = documents @ examples.T
    if without is not None:
        cosines[np.arange(len(cosines)), without] = -1.0
    n_others = len(examples) - (without is not None)
    nearest = np.sort(cosines, axis=1)[:, ::-1][:, : min(_NEIGHBOURS, n_others)]
    return np.asarray(nearest.mean(axis=1))
