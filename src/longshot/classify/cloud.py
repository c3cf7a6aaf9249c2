"""The pile as a cloud of points, and clusters in it that start from what is known.

A mixture of von Mises-Fisher distributions (Banerjee et al. 2005), fitted by
expectation and maximisation along a path from each document alone (0) to clusters (1).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import log_softmax

from longshot.classify.judge import Judge
from longshot.similarity import unit

CONCENTRATION = 20.0
_ROUNDS = 12
_ALONE_LEFT = 0.3
"""What is left of the scores alone where clusters decide."""

_TEMPERATURES = np.exp(np.linspace(-1.2, 1.6, 15))
_TEMPERATURE_PRECISION = 4.0

Scores = Float[np.ndarray, "document class"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Cloud:
    """Documents and examples as points, with what each says alone."""

    documents: Float[np.ndarray, "document dim"]
    alone: Scores
    examples: Float[np.ndarray, "example dim"]
    targets: Float[np.ndarray, "example class"]

    def scores(self, step: float, start: Scores | None = None) -> Scores:
        """Let the pile move the class means, as far as `step` says."""
        scores = self.alone
        posterior = np.exp(self.alone if start is None else start)
        for _ in range(_ROUNDS if step else 0):
            means = self._means(posterior)
            near = CONCENTRATION * self.documents @ means.T
            scores = (1 - (1 - _ALONE_LEFT) * step) * self.alone + step * near
            posterior = np.exp(log_softmax(scores, axis=1))
        return scores

    def shape(self) -> tuple[float, float]:
        """Cluster each half of the pile, to see whether its shape can be trusted.

        Returns
        -------
        tuple
            Stability and density.
        """
        half = _halves(self.documents)
        cosines = [self._cosines_to_clusters_of(half == one) for one in (0, 1)]
        first, second = (one.argmax(axis=1) for one in cosines)
        density = [_border_share(cosines[one][half != one]) for one in (0, 1)]
        return float((first == second).mean()), float(np.mean(density))

    def likelihood(self, step: float, judge: Judge) -> tuple[float, float]:
        """Judge the held-out examples among the pile.

        Returns
        -------
        tuple
            Their penalised log-likelihood under the best temperature, and that.
        """
        held_out = judge.held_out
        if not len(held_out.examples):
            return 0.0, 1.0
        among = Cloud(
            documents=np.vstack([self.documents, self.examples[held_out.examples]]),
            alone=np.vstack([self.alone, held_out.weighed(judge.weights)]),
            examples=self.examples[:0],
            targets=self.targets[:0],
        )
        scores = among.scores(step)[len(self.documents) :]
        return best_temperature(scores, held_out.class_indices)

    def _cosines_to_clusters_of(self, members: Bool[np.ndarray, " document"]) -> Scores:
        posterior = np.exp(self.alone[members])
        documents = self.documents[members]
        for _ in range(_ROUNDS):
            means = unit(posterior.T @ documents)
            scores = _ALONE_LEFT * self.alone[members]
            scores = scores + CONCENTRATION * documents @ means.T
            posterior = np.exp(log_softmax(scores, axis=1))
        return np.asarray(self.documents @ unit(posterior.T @ documents).T)

    def _means(self, posterior: Scores) -> Float[np.ndarray, "class dim"]:
        of_examples = self.targets.T @ self.examples
        return unit(posterior.T @ self.documents + of_examples)


def best_temperature(
    scores: Scores, class_indices: Int[np.ndarray, " document"]
) -> tuple[float, float]:
    """Find the temperature under which the true classes are most likely.

    Returns
    -------
    tuple
        The log-likelihood, penalised by the prior, and the temperature.
    """
    rows = np.arange(len(class_indices))
    values = [
        log_softmax(scores / one, axis=1)[rows, class_indices].sum()
        - _TEMPERATURE_PRECISION / 2 * np.log(one) ** 2
        for one in _TEMPERATURES
    ]
    best = int(np.argmax(values))
    return float(values[best]), float(_TEMPERATURES[best])


def _halves(
    documents: Float[np.ndarray, "document dim"],
) -> Int[np.ndarray, " document"]:
    """Deal the documents to two halves by what they hold, not by where they stand."""
    direction = np.random.default_rng(0).normal(size=documents.shape[1])
    half = np.empty(len(documents), dtype=np.int64)
    half[np.argsort(documents @ direction)] = np.arange(len(documents)) % 2
    return half


def _border_share(cosines: Scores) -> float:
    """Give the share of documents within a quarter of the median margin."""
    if len(cosines) < 2:
        return 1.0
    best = np.partition(cosines, -2, axis=1)[:, -2:]
    margins = best[:, 1] - best[:, 0]
    return float((margins < 0.25 * np.median(margins)).mean())
