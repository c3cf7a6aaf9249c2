"""The pile as a cloud of points, and clusters in it that start from what is known.

A mixture of von Mises-Fisher distributions (Banerjee et al. 2005), fitted by
expectation and maximisation along a path from each document alone (0) to clusters (1).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import log_softmax

from longshot.classify.combination.judge import Judge
from longshot.similarity import unit

CONCENTRATION = 20.0
_ROUNDS = 12
_ALONE_LEFT = 0.3
"""What is left of the scores alone where clusters decide."""

_TEMPERATURES = np.exp(np.linspace(-1.2, 1.6, 15))
_TEMPERATURE_PRECISION = 4.0

Scores = Float[np.ndarray, "document class"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Mixture:
    """Documents and examples as points, with what each says alone."""

    documents: Float[np.ndarray, "document dim"]
    alone: Scores
    examples: Float[np.ndarray, "example dim"]
    targets: Float[np.ndarray, "example class"]

    def scores(self, step: float) -> Scores:
        """Let the pile move the class means, as far as `step` says."""
        scores, posterior = self.alone, np.exp(self.alone)
        for _ in range(_ROUNDS if step else 0):
            near = self.documents @ (CONCENTRATION * self.means(posterior)).T
            scores = (1 - (1 - _ALONE_LEFT) * step) * self.alone + step * near
            posterior = np.exp(log_softmax(scores, axis=1))
        return scores

    def means(self, posterior: Scores) -> Float[np.ndarray, "class dim"]:
        """Give the class means where documents belong to classes so, of length one."""
        of_examples = self.targets.T @ self.examples
        of_documents = posterior.T.astype(np.float32) @ self.documents
        return unit(of_documents + of_examples, np.float32)

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

    def likelihood(self, step: float, judge: Judge, known: Scores) -> float:
        """Judge the held-out examples among the pile.

        Parameters
        ----------
        step
            How far the pile moves the class means.
        judge, known
            Who held the examples out, and their scores alone.

        Returns
        -------
        float
            Their penalised log-likelihood under the best temperature.
        """
        held_out = judge.held_out
        if not len(held_out.examples):
            return 0.0
        among = self._without_examples(
            np.vstack([self.documents, self.examples[held_out.examples]]),
            np.vstack([self.alone, known]),
        )
        scores = among.scores(step)[len(self.documents) :]
        return best_temperature(scores, held_out.class_indices)[0]

    def _cosines_to_clusters_of(self, members: Bool[np.ndarray, " document"]) -> Scores:
        part = self._without_examples(self.documents[members], self.alone[members])
        posterior = np.exp(log_softmax(part.scores(1.0), axis=1))
        return np.asarray(self.documents @ part.means(posterior).T)

    def _without_examples(
        self, documents: Float[np.ndarray, "point dim"], alone: np.ndarray
    ) -> "Mixture":
        return Mixture(
            documents=documents,
            alone=alone,
            examples=self.examples[:0],
            targets=self.targets[:0],
        )


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
