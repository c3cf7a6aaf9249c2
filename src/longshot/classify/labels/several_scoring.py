"""How many documents got just the labels that they have."""

from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score

from longshot.classify.labels.label_lists import read_several


def score_of(truth: Any, predicted: Any, sample_weight: Any = None) -> float:
    """Give the share of documents whose label, or all of whose labels, are right.

    Parameters
    ----------
    truth, predicted
        One label for each document, or lists, or matrices of indicators.
    sample_weight
        What each document counts; all alike by default.
    """
    several = read_several(truth)
    if several is None:
        return float(accuracy_score(truth, predicted, sample_weight=sample_weight))
    found = read_several(predicted)
    assert found is not None
    pairs = zip(several.labels, found.labels, strict=True)
    return float(np.average([a == b for a, b in pairs], weights=sample_weight))
