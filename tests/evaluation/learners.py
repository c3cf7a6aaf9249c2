"""A learner over plain points, for what does not depend on which learner it is."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import softmax

from longshot.similarity import cosines


@dataclass(frozen=True)
class NearestMean:
    """Decides by the cosine to each class's mean."""

    documents: Float[np.ndarray, "row dim"]

    def __call__(
        self, train_rows: np.ndarray, train_labels: np.ndarray, test_rows: np.ndarray
    ) -> Float[np.ndarray, "test class"]:
        """Learn and judge."""
        targets = np.eye(int(train_labels.max()) + 1)[train_labels]
        means = targets.T @ self.documents[train_rows]
        return np.asarray(
            softmax(cosines(self.documents[test_rows], means) / 0.1, axis=1)
        )
