"""How far a pile can be trusted: its shape, and its words.

What the examples say of it, each of them held out, and what can be seen without labels:
whether its halves find the same clusters, and whether there are valleys between them.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from longshot.classify.combination.judge import Judge
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.scorers.mixture import Mixture, Scores, best_temperature

_STEPS = (0.0, 0.5, 1.0)
_WORDS_WEIGHTS = (1.0, 0.0, 0.25, 0.5, 1.5, 2.0)
"""Of the pile's words, beside their weight before any example."""

_WORDS_PRECISION = 4.0
"""Of the prior on these, whose mean is one."""

_HALF_DOCUMENTS = 20.0
"""Documents per class from which words are believed half."""

_HALF_WORDS = 10.0
"""Different words of a document, likewise: what few say, its vectors have said."""

_LEAST_DOCUMENTS_PER_CLASS = 2
_SHARPNESS = 20.0
"""Of the prior on the step: the share of it drops by e for 0.05 off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PileChoice:
    """How far the pile was trusted, and why.

    Attributes
    ----------
    words
        The weight of what the pile's words say of each document.
    step
        From 0, each document alone, to 1, clusters.
    stability
        The share of documents that both halves of the pile put in the same class.
    density
        The share of documents close to a border between classes; 0.13 to 0.16 for one
        cloud that was merely cut, less where there are valleys.
    agreement
        Of clusters with what the documents say alone, beyond chance (kappa): clusters
        that contradict it are not the classes.
    gains
        In log-likelihood of the held-out examples, at each step that was tried.
    temperature
        What the scores are divided by.
    """

    words: float
    step: float
    stability: float
    density: float
    agreement: float
    gains: tuple[float, ...]
    temperature: float

    def lines(self) -> tuple[str, ...]:
        """Tell it to people."""
        return (
            f"what the pile's words say: weight {self.words:.2f}",
            f"trust in the pile's shape: {self.step:.0%}",
            f"its halves agree on {self.stability:.0%} of it; {self.density:.0%} lie "
            "near a border; clusters agree with what documents say alone, beyond "
            f"chance, by {self.agreement:.2f}",
        )


def words_weight(
    pile: DocumentFeatures,
    known: Scores,
    of_examples: Scores,
    class_indices: Int[np.ndarray, " held_out"],
) -> float:
    """Find the weight of words under which the held-out examples are most likely."""
    n_documents = len(pile) / known.shape[1]
    n_words = pile.words.nnz / max(len(pile), 1)
    prior = n_documents / (n_documents + _HALF_DOCUMENTS)
    prior *= n_words / (n_words + _HALF_WORDS)
    values = [
        best_temperature(known + share * prior * of_examples, class_indices)[0]
        - _WORDS_PRECISION / 2 * (share - 1) ** 2
        for share in _WORDS_WEIGHTS
    ]
    return float(prior * _WORDS_WEIGHTS[int(np.argmax(values))])


def choose(cloud: Mixture, judge: Judge, known: Scores, words: float) -> PileChoice:
    """Find out how far the pile can be trusted.

    Parameters
    ----------
    cloud
        The pile.
    judge, known
        Who judges, and the scores of the examples that are held out.
    words
        The weight of the pile's words.
    """
    stability, density, agreement = 0.0, 1.0, 0.0
    if len(cloud.documents) >= _LEAST_DOCUMENTS_PER_CLASS * judge.n_classes:
        stability, density = cloud.shape()
        agreement = _agreement(cloud.alone, cloud.scores(1.0))
    suggested = _suggested(stability, density, agreement)
    held_out = judge.held_out
    likelihood, _ = best_temperature(known, held_out.class_indices)
    alone = held_out.weighed(judge.weights)
    _, temperature = best_temperature(alone, held_out.class_indices)
    gains = [0.0] * len(_STEPS)
    if suggested:
        found = [cloud.likelihood(step, judge, known) for step in _STEPS[1:]]
        gains[1:] = [one - likelihood for one in found]
    values = np.array(gains) - _SHARPNESS * np.abs(np.array(_STEPS) - suggested)
    return PileChoice(
        words=words,
        step=_STEPS[int(values.argmax())],
        stability=stability,
        density=density,
        agreement=agreement,
        gains=tuple(gains),
        temperature=temperature,
    )


def _suggested(stability: float, density: float, agreement: float) -> float:
    """Read off the pile's shape how far it may be trusted, in [0, 1]."""
    has_valleys = np.clip((0.125 - density) / 0.02, 0, 1)
    is_stable = np.clip((stability - 0.6) / 0.25, 0, 1)
    is_confirmed = np.clip((agreement - 0.3) / 0.2, 0, 1)
    return float(has_valleys * is_stable * is_confirmed)


def _agreement(one: Scores, other: Scores) -> float:
    """Tell how often two agree, beyond what guessing would: Cohen's kappa."""
    chance = 1 / one.shape[1]
    agreed = (one.argmax(axis=1) == other.argmax(axis=1)).mean()
    return float((agreed - chance) / (1 - chance))
