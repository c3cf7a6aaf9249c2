"""What labelling a few more documents is likely to bring.

Two things: the documents that a person labels are right from then on, and what is
learned of them changes the decisions about the others. The first adds up from
confidences. The second was measured: on the suite's development sets the documents that
``suggest`` names were labelled, and the logarithm of the error's ratio, over the square
root of how much more is known, has the quantiles that ``gains.json`` keeps
(``python -m benchmarks.audit gains --write``). A few labels can harm, so that the
limits may lie below zero.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from longshot.audit.expectations import check_confidences

QUANTILES = (0.1, 0.5, 0.9)
"""The limits hold eight times in ten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """How many more labels are likely to be right, as a share of all documents.

    Attributes
    ----------
    n_labels
        How many documents are labelled.
    value, low, high
        What is likely, and the limits within which it lies eight times in ten.
    by_hand
        The part that the labelled documents themselves bring.
    """

    n_labels: int
    value: float
    low: float
    high: float
    by_hand: float


def expected_gain(
    confidences: Float[np.ndarray, " document"],
    rows: Int[np.ndarray, " labelled"],
    *,
    n_examples: int,
    n_classes: int,
) -> Gain:
    """Say what labelling some documents is likely to bring.

    Parameters
    ----------
    confidences
        In the label of each open document, as they are or as an audit corrected them.
    rows
        The documents that are labelled next.
    n_examples, n_classes
        How many examples there are by now, and labels; each label's name counts as much
        as an example.

    Examples
    --------
    >>> found = expected_gain(
    ...     np.full(600, 0.9), np.arange(9), n_examples=30, n_classes=6
    ... )
    >>> round(found.by_hand, 4), found.low < found.value < found.high
    (0.0015, True)
    """
    check_confidences(confidences)
    wrong = 1.0 - confidences
    by_hand = float(wrong[rows].sum() / len(wrong))
    others = float(np.delete(wrong, rows).sum() / len(wrong))
    scale = more_known(n_examples + n_classes, len(rows))
    ratios = np.exp(scale * np.array(_quantiles()))
    # of the others no more can become wrong than are right
    greatest_loss = float(np.delete(confidences, rows).sum() / len(wrong))
    high, value, low = (
        by_hand + max(others * (1.0 - float(one)), -greatest_loss) for one in ratios
    )
    return Gain(n_labels=len(rows), value=value, low=low, high=high, by_hand=by_hand)


def more_known(n_known: int, n_labels: int) -> float:
    """Give the square root of the logarithm of how many times as much is known."""
    return float(np.sqrt(np.log1p(n_labels / max(n_known, 1))))


@cache
def _quantiles() -> tuple[float, float, float]:
    kept = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    low, middle, high = kept["quantiles"]
    return low, middle, high
