"""What the answers say: a lower limit for how many of all labels are right.

Method and proof stand in :mod:`longshot.audit.bets`. For every number of right labels
that is possible there is one wealth, and the limit is the smallest number against which
it has not become great enough. A number once rejected stays rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from longshot.audit.bets import best_bets, log_payoffs
from longshot.audit.expectations import shift_of_odds, shifted
from longshot.audit.sample import LEVEL, AuditSample, check_level, doubted
from longshot.errors import SettingError

Answer = Literal["right", "wrong", "unsure"]

METHOD = "betting on rounds of one document from each stratum of confidence"
SOURCE = (
    "Waudby-Smith and Ramdas 2023, Estimating means of bounded random variables by "
    "betting; for strata by the inequality of Hoeffding 1963"
)

PRIOR_CHECKED = 10.0
"""How many answers of a stratum weigh as much as what was expected of it."""

_EACH = 40
_STEP = 1.02
"""Up to 40 wrong ones each number is tested, then each that is 2 % greater: a limit
between two of them is rounded down."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditResult:
    """What an audit found so far.

    Attributes
    ----------
    n_documents, n_drawn
        Of the population, and of the sample.
    n_right, n_wrong, n_unsure
        The answers. The unsure ones count as wrong.
    n_counted
        How many answers are in whole rounds; the others wait for their round.
    n_right_at_least
        So many labels of the population are right at least, with probability `level`.
    estimate
        The share that is right, as estimated without bias from whole rounds; None
        before the first.
    level
        The probability with which the limit holds.
    """

    n_documents: int
    n_drawn: int
    n_right: int
    n_wrong: int
    n_unsure: int
    n_counted: int
    n_right_at_least: int
    estimate: float | None
    level: float

    @property
    def limit(self) -> float:
        """The share of right labels that is certain at `level`."""
        return self.n_right_at_least / self.n_documents

    def reaches(self, target: float) -> bool:
        """Tell whether a share is certain at `level`."""
        return self.limit >= target


def audit_result(
    sample: AuditSample, answers: Sequence[Answer | None], *, level: float = LEVEL
) -> AuditResult:
    """Give the limit that answers prove.

    It may be asked for after every answer, and the person may stop at any moment, also
    because of what it says.

    Parameters
    ----------
    sample
        What was drawn.
    answers
        For its rows, in their order: as many as there are by now. None where a document
        was passed over; followed by an answer it counts as ``unsure``, for whoever
        chooses what to answer chooses the result.
    level
        With what probability the limit is to hold.

    Raises
    ------
    SettingError
        If there are more answers than rows.

    Examples
    --------
    >>> from longshot.audit.sample import draw_sample
    >>> sample = draw_sample(np.full(50, 0.9), 50, seed=0)
    >>> audit_result(sample, ["right"] * 49 + ["wrong"]).n_right_at_least
    49
    """
    check_level(level)
    given = _whole(sample, answers)
    is_right = np.array([one == "right" for one in given], dtype=bool)
    n_right, n_wrong = int(is_right.sum()), given.count("wrong")
    rounds = list(_rounds(sample, is_right))
    proven = _proven(sample, rounds, level) if rounds else 0
    # where luck proved too much, what was seen with one's own eyes stands against it
    proven = min(max(proven, n_right), sample.n_documents - n_wrong)
    return AuditResult(
        n_documents=sample.n_documents,
        n_drawn=len(sample.rows),
        n_right=n_right,
        n_wrong=n_wrong,
        n_unsure=given.count("unsure"),
        n_counted=sum(len(one.strata) for one in rounds),
        n_right_at_least=proven,
        estimate=_estimate(sample, rounds) if rounds else None,
        level=level,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    """One document from each of some strata, and whether it was right."""

    strata: Int[np.ndarray, " active"]
    is_right: np.ndarray


def _whole(sample: AuditSample, answers: Sequence[Answer | None]) -> list[Answer]:
    """Leave out what was not answered at the end; what was passed over is unsure."""
    if len(answers) > len(sample.rows):
        raise SettingError(
            f"answers must be {len(sample.rows)} at most, one for each document drawn; "
            f"got {len(answers)}. Extend the sample to check more."
        )
    last = max((i for i, one in enumerate(answers) if one is not None), default=-1)
    return [one or "unsure" for one in answers[: last + 1]]


def _rounds(sample: AuditSample, is_right: np.ndarray) -> Iterator[_Round]:
    """Give the whole rounds among the answers, each in the order of its strata."""
    start = 0
    for rows in sample.rounds:
        end = start + len(rows)
        if end > len(is_right):
            return
        strata = sample.strata[rows]
        order = np.argsort(strata)
        yield _Round(strata[order], is_right[start:end][order])
        start = end


def _proven(sample: AuditSample, rounds: Sequence[_Round], level: float) -> int:
    """Give the smallest number of right labels that is not rejected."""
    tested = sample.n_documents - _numbers_wrong(sample.n_documents)
    enough = -np.log1p(-level)
    log_wealth = np.zeros(len(tested))
    greatest = log_wealth.copy()
    sizes = sample.sizes.astype(np.int64)
    n_checked, n_right = np.zeros_like(sizes), np.zeros_like(sizes)
    for one in rounds:
        left = (sizes - n_checked)[one.strata]
        weights = left / left.sum()
        shares = (tested - n_right.sum()) / left.sum()
        expected = _expected_wrong(sample, n_checked, n_right)[one.strata]
        # where a number would need more right ones than are left, nothing is bet
        is_open = (greatest < enough) & (shares >= 0.0) & (shares < 1.0)
        bets = best_bets(expected, weights, shares[is_open])
        log_wealth[is_open] += log_payoffs(bets, one.is_right, weights, shares[is_open])
        n_checked[one.strata] += 1
        n_right[one.strata] += one.is_right
        log_wealth[tested < n_right.sum()] = np.inf  # more are right already
        greatest = np.maximum(greatest, log_wealth)
    is_kept = greatest < enough
    # ascending, the first that is kept ends what is proven
    last = int(np.flatnonzero(is_kept).max(initial=-1)) + 1
    return int(tested[last]) + 1 if last < len(tested) else 0


def _numbers_wrong(n_documents: int) -> Int[np.ndarray, " tested"]:
    """Give the numbers of wrong labels to test, ascending."""
    found = list(range(min(_EACH, n_documents) + 1))
    while found[-1] < n_documents:
        found.append(min(max(found[-1] + 1, int(found[-1] * _STEP)), n_documents))
    return np.array(found, dtype=np.int64)


def _expected_wrong(
    sample: AuditSample,
    n_checked: Int[np.ndarray, " stratum"],
    n_right: Int[np.ndarray, " stratum"],
) -> Float[np.ndarray, " stratum"]:
    """Give what to expect of each stratum, from confidences and what was found."""
    n_wrong = n_checked - n_right
    shift = shift_of_odds(sample.expected_wrong, n_checked, n_wrong)
    prior = shifted(sample.expected_wrong, shift.log_factor)
    wrong = (PRIOR_CHECKED * prior + n_wrong) / (PRIOR_CHECKED + n_checked)
    return doubted(wrong, sample.sizes / sample.n_documents)


def _estimate(sample: AuditSample, rounds: Sequence[_Round]) -> float:
    n_checked, n_right = np.zeros((2, len(sample.sizes)))
    for one in rounds:
        n_checked[one.strata] += 1
        n_right[one.strata] += one.is_right
    return float(sample.sizes @ (n_right / n_checked) / sample.n_documents)
