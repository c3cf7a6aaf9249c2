"""Which documents can be left alone: the surest, as many as an accuracy allows."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.audit.expectations import Shift, check_confidences, shifted, wrong_by
from longshot.errors import SettingError

_NORMAL_QUANTILE = 1.959963984540054
"""Between minus and plus this lie 95 % of a standard normal distribution."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SignOff:
    """How much of a pile can be left alone.

    Attributes
    ----------
    n_alone, n_documents
        So many of so many documents.
    target
        The share of those left alone that shall be right.
    expected_right
        The share that is expected to be right; 1 if there are none.
    least_confidence
        Of those left alone; None if there are none.
    rows
        These documents, the surest first.
    low, high
        The least and the greatest number that could be left alone, within the 95 %
        limits of what an audit says about confidences. None before an audit: nothing
        tells then how far confidences can be trusted.
    n_checked
        Answers of an audit that the forecast rests on; 0 where it rests on confidences
        alone.
    """

    n_alone: int
    n_documents: int
    target: float
    expected_right: float
    least_confidence: float | None
    rows: Int[np.ndarray, " alone"]
    low: int | None
    high: int | None
    n_checked: int


def sign_off(
    confidences: Float[np.ndarray, " document"],
    target: float = 0.95,
    *,
    shift: Shift | None = None,
) -> SignOff:
    """Give the largest set whose expected accuracy is the target, the surest first.

    Parameters
    ----------
    confidences
        As the classifier gives them, in the label of each document.
    target
        The share that shall be right of the documents left alone.
    shift
        What an audit said about confidences as a whole
        (:func:`longshot.audit.expectations.shift_of_odds`); None where none was made.

    Raises
    ------
    SettingError
        If a confidence is no probability, or the target not in (0, 1].

    Examples
    --------
    >>> found = sign_off(np.array([0.5, 0.9, 1.0]), target=0.95)
    >>> found.n_alone, round(found.expected_right, 4), found.rows.tolist()
    (2, 0.95, [2, 1])
    """
    check_confidences(confidences)
    if not 0.0 < target <= 1.0:
        raise SettingError(
            f"target must be above 0 and at most 1; got {target}. Give 0.95 for 95 %."
        )
    order = np.argsort(-confidences, kind="stable")
    wrong = wrong_by(confidences[order]) if shift else 1.0 - confidences[order]
    shares = _shares_right(wrong, shift.log_factor if shift else None)
    n_alone = _number_above(shares, target)
    low = high = None
    if shift is not None:
        half = _NORMAL_QUANTILE * shift.spread
        low, high = (
            _number_above(_shares_right(wrong, shift.log_factor + sign * half), target)
            for sign in (1, -1)
        )
    return SignOff(
        n_alone=n_alone,
        n_documents=len(confidences),
        target=target,
        expected_right=float(shares[n_alone - 1]) if n_alone else 1.0,
        least_confidence=float(confidences[order[n_alone - 1]]) if n_alone else None,
        rows=order[:n_alone],
        low=low,
        high=high,
        n_checked=shift.n_checked if shift else 0,
    )


def _shares_right(wrong: np.ndarray, log_factor: float | None) -> np.ndarray:
    """Give the share that is right among the first so many documents."""
    expected = wrong if log_factor is None else shifted(wrong, log_factor)
    return np.asarray(1.0 - np.cumsum(expected) / np.arange(1, len(wrong) + 1))


def _number_above(shares: np.ndarray, target: float) -> int:
    """Count the shares, which fall, that reach the target.

    A mean of confidences that are the target themselves may fall short of it by the
    last binary digit.
    """
    return int((shares >= target - 1e-12).sum())
