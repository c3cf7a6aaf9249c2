"""Choosing documents to label: pure functions on vectors and probabilities.

``both``, the default, looks for documents that stand for many others of which the
classifier is unsure: a facility location in which each document of the pile is served
by the labelled document most like it, and weighs by its uncertainty (Wei et al. 2015,
"Submodularity in data subset selection and active learning"). Each choice counts those
before it as labelled, so that a batch does not ask the same twice. Without a classifier
all documents weigh the same, and what is chosen are the pile's most typical documents,
which is what helps most at the very beginning (Hacohen et al. 2022, "Active learning on
a budget").
"""

from typing import cast, get_args

import numpy as np
from jaxtyping import Float, Int

from longshot.recipe import check_choice
from longshot.selection.by_small_text import is_small_text, select_by_small_text
from longshot.selection.names import SmallTextStrategy, Strategy
from longshot.similarity import unit

SHARPNESS = 2.0
"""Power of the cosine: the greater, the nearer a document must be to stand for it."""

CAUTION = 2.0
"""Power of the uncertainty: the greater, the less sure decisions weigh."""

MOST_COMPARED = 4000
"""Documents of a larger pile that are drawn to be chosen from and to be served."""


def check_strategy(name: str) -> Strategy:
    """Give a strategy by its name.

    Raises
    ------
    SettingError
        If there is none of that name.
    """
    check_choice("strategy", name, get_args(Strategy))
    return cast(Strategy, name)


def select(
    strategy: Strategy,
    pile: Float[np.ndarray, "document dim"],
    labelled: Float[np.ndarray, "example dim"],
    probabilities: Float[np.ndarray, "document class"] | None,
    n: int,
    *,
    seed: int = 0,
) -> Int[np.ndarray, " chosen"]:
    """Choose documents of the pile to label, the most useful first.

    Parameters
    ----------
    strategy
        ``both`` uncertainty and coverage; ``coverage`` of the pile alone;
        ``uncertainty`` alone; ``random``; or one of small-text's
        (:mod:`longshot.selection.by_small_text`).
    pile, labelled
        Vectors of the documents to choose from, and of those that have a label (none,
        one or many).
    probabilities
        Of each class for each document of the pile; None where there is no classifier
        yet.
    n
        How many to choose; all where there are fewer.
    seed
        Of everything drawn at random.

    Returns
    -------
    ndarray
        Rows of the pile, all different.

    Examples
    --------
    >>> pile = np.array([[1.0, 0.1], [1.0, 0.0], [0.9, 0.1], [-1.0, 1.0], [-1.0, 0.9]])
    >>> select("coverage", pile, np.empty((0, 2)), None, 2).tolist()
    [0, 4]
    """
    check_strategy(strategy)
    n = min(n, len(pile))
    if is_small_text(strategy):
        name = cast(SmallTextStrategy, strategy)
        return select_by_small_text(name, pile, labelled, probabilities, n, seed=seed)
    random = np.random.default_rng(seed)
    doubt = _doubts(strategy, probabilities, len(pile), random)
    if strategy in ("random", "uncertainty"):
        return np.asarray(np.argsort(-doubt, kind="stable")[:n], dtype=np.int64)
    drawn = _drawn(len(pile), max(MOST_COMPARED, 2 * n), random)
    vectors, examples = _centred(pile[drawn], labelled, pile)
    chosen = locate(vectors, examples, doubt[drawn] ** CAUTION, n)
    return np.asarray(drawn[chosen], dtype=np.int64)


def uncertainty(
    probabilities: Float[np.ndarray, "document class"],
) -> Float[np.ndarray, " document"]:
    """Give 1 minus the distance between the two most probable classes.

    1 where they are as probable, 0 where one is certain; 1 where there is one class
    only, for then nothing is known of others.

    Examples
    --------
    >>> uncertainty(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])).tolist()
    [1.0, 0.0]
    """
    if probabilities.shape[1] < 2:
        return np.ones(len(probabilities))
    best = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(1.0 - (best[:, 1] - best[:, 0]))


def locate(
    vectors: Float[np.ndarray, "document dim"],
    examples: Float[np.ndarray, "example dim"],
    weights: Float[np.ndarray, " document"],
    n: int,
) -> Int[np.ndarray, " chosen"]:
    """Choose documents, one after another, that serve the others best.

    How well a document is served is the power of its cosine to the closest document
    that is labelled or chosen; each choice raises the weighted sum of this most. The
    greedy choice reaches at least 63 % of what is possible (Nemhauser et al. 1978).

    Parameters
    ----------
    vectors, examples
        Of unit length.
    weights
        Of each document to be served, not negative.
    n
        How many; not more than there are documents.
    """
    served_by = _closeness(vectors, vectors)
    served = np.zeros(len(vectors), dtype=np.float32)
    if len(examples):
        served = _closeness(vectors, examples).max(axis=1)
    heavy = weights.astype(np.float32)
    is_free = np.ones(len(vectors), dtype=bool)
    chosen = []
    for _ in range(n):
        gains = heavy @ np.maximum(served_by - served[:, None], 0.0)
        best = int(np.where(is_free, gains, -1.0).argmax())
        chosen.append(best)
        is_free[best] = False
        served = np.maximum(served, served_by[:, best])
    return np.array(chosen, dtype=np.int64)


def _doubts(
    strategy: Strategy,
    probabilities: np.ndarray | None,
    n_documents: int,
    random: np.random.Generator,
) -> np.ndarray:
    if strategy == "random" or (strategy == "uncertainty" and probabilities is None):
        return random.random(n_documents)
    if strategy == "coverage" or probabilities is None:
        return np.ones(n_documents)
    return uncertainty(probabilities)


def _drawn(n_documents: int, most: int, random: np.random.Generator) -> np.ndarray:
    if n_documents <= most:
        return np.arange(n_documents)
    return np.sort(random.choice(n_documents, most, replace=False))


def _centred(
    vectors: np.ndarray, labelled: np.ndarray, pile: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Take away what all documents of the pile have in common."""
    centre = unit(pile).mean(axis=0)
    return unit(unit(vectors) - centre), unit(unit(labelled) - centre)


def _closeness(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    cosines = np.asarray(a, dtype=np.float32) @ np.asarray(b, dtype=np.float32).T
    return np.asarray(np.maximum(cosines, 0.0) ** np.float32(SHARPNESS))
