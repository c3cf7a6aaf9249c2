from collections.abc import Callable

import numpy as np
import pytest

from longshot.evaluation.measures import Judged, judge

Judging = Callable[..., tuple[Judged, np.ndarray, np.ndarray]]


@pytest.fixture
def judging() -> Judging:
    """Give a function that makes judged documents, with truth and probabilities."""

    def make(
        n_documents: int = 300, n_classes: int = 4, seed: int = 0
    ) -> tuple[Judged, np.ndarray, np.ndarray]:
        random = np.random.default_rng(seed)
        true = random.integers(n_classes, size=n_documents)
        scores = random.normal(size=(n_documents, n_classes))
        scores[np.arange(n_documents), true] += 1.0
        probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return judge(np.arange(n_documents), true, probabilities), true, probabilities

    return make
