"""From scores to the probability of each class by itself.

The log-odds of a class are the weighed sum of its scores and an offset. The weights are
shared by all classes, under the same prior as where documents have one label; the
offsets are drawn to one that all classes share. Both are learned from examples that
were held out in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from longshot.classify.combination.sources import LOG_WEIGHTS, weight_terms
from longshot.probabilities import expit, log_expit

_WEIGHTS_PRECISION = 2.0
_SHARED_PRECISION = 0.05
_OWN_PRECISION = 2.0
_PRIOR_POSITIVES = 20.0
"""How many held-out labels what the probabilities expect counts as."""

_THRESHOLDS = np.arange(0.1, 0.71, 0.02)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeldOutPairs:
    """Examples with classes, each scored by what was learned without the example.

    Attributes
    ----------
    scores
        Of each example, in each deal of them to the folds.
    is_judged
        Whether the class was asked about.
    members
        Whether the class applies.
    """

    scores: Float[np.ndarray, "deal example source class"]
    is_judged: Bool[np.ndarray, "deal example class"]
    members: Bool[np.ndarray, "example class"]

    def fitted(
        self, log_weights: Float[np.ndarray, " source"], kinds: Sequence[str]
    ) -> tuple[Float[np.ndarray, " source"], Float[np.ndarray, " class"]]:
        """Find the weights and offsets under which what applies is most likely.

        The maximum a posteriori estimate; the deals count as one together.

        Parameters
        ----------
        log_weights, kinds
            What is expected of each source, and which belong together.
        """
        design = weight_terms(kinds)
        n_terms, n_classes = design.shape[1], self.members.shape[1]
        counts = self.is_judged / len(self.scores)
        held = np.array(
            [
                *np.full(n_terms, _WEIGHTS_PRECISION),
                _SHARED_PRECISION,
                *np.full(n_classes, _OWN_PRECISION),
            ]
        )

        def moved(terms: np.ndarray) -> np.ndarray:
            found = np.clip(log_weights + design @ terms, *LOG_WEIGHTS)
            return np.asarray(np.exp(found))

        def loss(terms: np.ndarray) -> tuple[float, np.ndarray]:
            weights = moved(terms[:n_terms])
            offsets = terms[n_terms] + terms[n_terms + 1 :]
            odds = np.einsum("defc,f->dec", self.scores, weights) + offsets
            surprise = np.where(self.members, log_expit(odds), log_expit(-odds))
            surplus = counts * (expit(odds) - self.members)
            by_weight = np.einsum("dec,defc->f", surplus, self.scores)
            by_offset = surplus.sum(axis=(0, 1))
            slopes = [design.T @ (weights * by_weight), [by_offset.sum()], by_offset]
            penalty = (held * terms**2).sum() / 2
            loss = penalty - (counts * surprise).sum()
            return float(loss), np.concatenate(slopes) + held * terms

        from scipy.optimize import minimize

        start = np.zeros(len(held))
        found = minimize(loss, start, jac=True, method="L-BFGS-B").x
        return moved(found[:n_terms]), found[n_terms] + found[n_terms + 1 :]

    def threshold(
        self,
        weights: Float[np.ndarray, " source"],
        offsets: Float[np.ndarray, " class"],
    ) -> float:
        """Find the probability from which on a class had best apply.

        What gives the greatest micro-F1 on the held-out examples, and on what their
        probabilities expect, half way to one half: the held-out were judged from fewer
        examples than what comes will be, so that their probabilities are lower.
        """
        if not self.is_judged.any():
            return 0.5
        odds = np.einsum("defc,f->dec", self.scores, weights) + offsets
        expected = expit(odds)[self.is_judged]
        members = np.broadcast_to(self.members, odds.shape)[self.is_judged]
        n_members = members.sum() / len(self.scores)
        share = n_members / (n_members + _PRIOR_POSITIVES)
        gains = [
            share * _micro_f1(expected >= one, members)
            + (1 - share) * _micro_f1(expected >= one, expected)
            for one in _THRESHOLDS
        ]
        return float((_THRESHOLDS[int(np.argmax(gains))] + 0.5) / 2)


def _micro_f1(
    applies: Bool[np.ndarray, " pair"], members: Float[np.ndarray, " pair"] | np.ndarray
) -> float:
    both = 2 * members[applies].sum()
    return float(both / max(applies.sum() + members.sum(), 1e-9))
