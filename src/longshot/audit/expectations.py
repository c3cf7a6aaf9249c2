"""How many are wrong, as confidences say, and as an audit corrects them.

A confidence is a probability only as far as the examples allow. What a random sample
shows corrects all of them at once: the odds of being wrong are multiplied by one factor
(recalibration in the large; Cox 1958, "Two further applications of a model for binary
regression"), whose logarithm has a normal prior around zero. One factor is what a few
dozen answers can bear; it leaves the order of the documents as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import SettingError

LEAST_WRONG = 1e-4
"""Expected share of wrong labels where a confidence says that there are none."""

PRIOR_SPREAD = 0.6
"""Standard deviation of the factor's logarithm before anything was checked.

On 120 draws of the suite's 15 development sets with 1 to 8 examples per class, the
odds of being wrong differed from what confidences say by a factor whose logarithm had a
mean of 0.2 and a standard deviation of 0.54.
"""

_STEPS = 30
_LONGEST_STEP, _SHORTEST_STEP = 1.0, 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """What a sample says about confidences as a whole.

    Attributes
    ----------
    log_factor
        The logarithm of the factor on the odds of being wrong; above zero where the
        classifier is too sure of itself.
    spread
        Its standard deviation.
    n_checked
        Answers that it rests on.
    """

    log_factor: float
    spread: float
    n_checked: int


def check_confidences(confidences: Float[np.ndarray, " document"]) -> None:
    """Make sure that confidences are probabilities.

    Raises
    ------
    SettingError
        If one is not, or if there are none.
    """
    if not len(confidences):
        raise SettingError(
            "confidences must be of one document or more; there are none. "
            "Decide about the documents first."
        )
    is_sound = (confidences >= 0.0) & (confidences <= 1.0)
    if not is_sound.all():
        place = int(np.argmin(is_sound))
        raise SettingError(
            f"confidences must be in [0, 1]; got {confidences[place]} in row {place}. "
            "Give the confidence in the label of each document."
        )


def wrong_by(
    confidences: Float[np.ndarray, " document"],
) -> Float[np.ndarray, " document"]:
    """Give the probability that each label is wrong, never quite zero or one."""
    return np.clip(1.0 - confidences, LEAST_WRONG, 1.0 - LEAST_WRONG)


def shift_of_odds(
    expected_wrong: Float[np.ndarray, " group"],
    n_checked: Int[np.ndarray, " group"],
    n_wrong: Int[np.ndarray, " group"],
) -> Shift:
    """Estimate by which factor the odds of being wrong differ from what is expected.

    Parameters
    ----------
    expected_wrong
        The share of each group that is expected to be wrong.
    n_checked, n_wrong
        How many of each were checked, and turned out wrong.

    Examples
    --------
    >>> found = shift_of_odds(np.array([0.1]), np.array([1000]), np.array([200]))
    >>> bool(np.isclose(np.exp(found.log_factor), (0.2 / 0.8) / (0.1 / 0.9), rtol=0.02))
    True
    """
    shift, curvature = 0.0, 0.0
    for _ in range(_STEPS):
        wrong = shifted(expected_wrong, shift)
        slope = float((n_wrong - n_checked * wrong).sum()) - shift / PRIOR_SPREAD**2
        curvature = float((n_checked * wrong * (1.0 - wrong)).sum())
        curvature += 1.0 / PRIOR_SPREAD**2
        step = float(np.clip(slope / curvature, -_LONGEST_STEP, _LONGEST_STEP))
        shift += step
        if abs(step) < _SHORTEST_STEP:
            break
    return Shift(
        log_factor=shift,
        spread=float(1.0 / np.sqrt(curvature)),
        n_checked=int(n_checked.sum()),
    )


def shifted(
    wrong: Float[np.ndarray, " group"], log_factor: float
) -> Float[np.ndarray, " group"]:
    """Multiply the odds of being wrong."""
    sound = np.clip(wrong, LEAST_WRONG, 1.0 - LEAST_WRONG)
    return np.asarray(
        1.0 / (1.0 + np.exp(np.log1p(-sound) - np.log(sound) - log_factor))
    )


def corrected_confidences(
    confidences: Float[np.ndarray, " document"],
    rows: Sequence[int] | Int[np.ndarray, " checked"],
    right: Sequence[bool],
) -> tuple[Float[np.ndarray, " document"], Shift]:
    """Correct confidences by what a random sample showed.

    Parameters
    ----------
    confidences
        In the label of each document.
    rows, right
        The documents that were checked, and whether their label was right.

    Returns
    -------
    tuple
        The confidences, and the shift.

    Examples
    --------
    >>> confidences = np.full(100, 0.99)
    >>> right = [True, False, True, False]
    >>> found, shift = corrected_confidences(confidences, [0, 1, 2, 3], right)
    >>> bool(found[50] < 0.985), shift.n_checked
    (True, 4)
    """
    check_confidences(confidences)
    checked = np.asarray(rows, dtype=np.int64)
    wrong = 1 - np.asarray(right, dtype=np.int64)
    expected = wrong_by(confidences)
    shift = shift_of_odds(expected[checked], np.ones_like(checked), wrong)
    return 1.0 - shifted(expected, shift.log_factor), shift
