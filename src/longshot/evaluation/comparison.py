"""Two learners on the same splits: the difference, and whether it could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from longshot.evaluation.intervals import Figure, Spread, signed_interval
from longshot.evaluation.measures import Judged
from longshot.evaluation.protocol import Trials

N_FLIPS = 4000


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The difference in accuracy between two learners.

    Attributes
    ----------
    learner, other
        Their names.
    shots
        Examples per class.
    difference
        The first one's accuracy minus the other's.
    p_value
        Of the hypothesis that neither is better; see :func:`compare`.
    n_splits
        The splits that both were measured on.
    """

    learner: str
    other: str
    shots: int
    difference: Figure
    p_value: float
    n_splits: int

    @property
    def least_p_value(self) -> float:
        """What random signs give at the least, were one better on every split.

        Of n signs, two of 2 ** n ways are as far from zero: all up, and all down.
        """
        return least_p_value(self.n_splits)


def compare(
    first: Trials,
    second: Trials,
    spread_of_first: Spread,
    spread_of_second: Spread,
    *,
    seed: int = 0,
) -> Comparison:
    """Compare two learners that judged the same documents of the same splits.

    If neither were better, each difference could as well have the other sign: the
    permutation test counts how often random signs give a mean as far from zero. It is
    made twice, once over splits (would it hold with other examples?) and once over
    documents (with other documents?), and the greater p-value is given, since both must
    hold.

    Parameters
    ----------
    first, second
        What became of each document.
    spread_of_first, spread_of_second
        Their accuracies, on the same samples of documents.
    seed
        Of the signs.
    """
    difference = Spread(
        per_split=spread_of_first.per_split - spread_of_second.per_split,
        per_resample=spread_of_first.per_resample - spread_of_second.per_resample,
        n_documents=spread_of_first.n_documents,
        pool_share=spread_of_first.pool_share,
    )
    by_document = _document_differences(first.splits, second.splits)
    return Comparison(
        learner=first.learner,
        other=second.learner,
        shots=first.shots,
        difference=signed_interval(difference),
        n_splits=len(first.splits),
        p_value=max(
            sign_test(difference.per_split, seed=seed),
            sign_test(by_document, seed=seed),
        ),
    )


def least_p_value(n_pairs: int) -> float:
    """Give the smallest p-value that a sign test of so many pairs can give.

    Examples
    --------
    >>> least_p_value(5), least_p_value(6)
    (0.0625, 0.03125)
    """
    return float(2.0 ** (1 - n_pairs))


def sign_test(differences: Float[np.ndarray, " pair"], *, seed: int = 0) -> float:
    """Give the two-sided p-value of paired differences by random signs.

    Examples
    --------
    >>> sign_test(np.zeros(5))
    1.0
    """
    there = differences[differences != 0.0]
    if not len(there):
        return 1.0
    signs = np.random.default_rng((seed, 2)).choice([-1.0, 1.0], (N_FLIPS, len(there)))
    drawn = np.abs(signs @ there)
    # the tolerance: the same sum in another order
    n_as_far = int((drawn >= abs(there.sum()) - 1e-9).sum())
    return (n_as_far + 1) / (N_FLIPS + 1)


def _document_differences(
    first: Sequence[Judged], second: Sequence[Judged]
) -> Float[np.ndarray, " row"]:
    """Give each document's sum of differences over the splits that judged it."""
    n_rows = 1 + max(int(one.rows.max()) for one in first)
    sums = np.zeros(n_rows)
    for one, other in zip(first, second, strict=True):
        sums[one.rows] += one.correct - other.correct
    return sums
