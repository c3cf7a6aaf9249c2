"""Which documents are examples, and which are judged: the same draws everywhere.

Where a data set has a training split, examples come from it and the test split is
judged; else all that were not drawn are judged. The examples of a smaller number are
always among those of a greater one, so that the curve of a draw is one set that grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from benchmarks.data.corpora import Corpus

MOST = -1
"""In the place of a number of examples: four fifths of all, or the training split."""

JUDGED_OF_MOST = 0.2


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Split:
    """Rows to learn from, and rows to be judged."""

    shots: int
    seed: int
    examples: Int[np.ndarray, " example"]
    judged: Int[np.ndarray, " judged"]


def class_indices(corpus: Corpus) -> tuple[np.ndarray, Int[np.ndarray, " document"]]:
    """Give the labels, sorted, and each document's as an index into them."""
    return np.unique(corpus.labels, return_inverse=True)


def draw(corpus: Corpus, shots: int, seed: int) -> Split:
    """Draw examples of each class; of a class with too few, half of them at most.

    Parameters
    ----------
    corpus
        What is drawn from.
    shots
        Examples per class, or :data:`MOST`.
    seed
        Of the random numbers.
    """
    random = np.random.default_rng((seed, 0))
    splits = np.array(corpus.splits)
    drawable, rest = splits == "train", splits == "test"
    has_test = bool(rest.any())
    if not has_test:
        drawable = rest = np.ones(len(splits), dtype=bool)
    chosen = [
        members[: _number(len(members), shots, has_test=has_test)]
        for members in _shuffled(corpus, drawable, random)
    ]
    examples = np.sort(np.concatenate(chosen)).astype(np.int64)
    judged = np.setdiff1d(np.flatnonzero(rest), examples)
    return Split(shots=shots, seed=seed, examples=examples, judged=judged)


def repeats(corpus: Corpus, shots: int, n_splits: int) -> int:
    """Tell how many draws can differ: one, where nothing is drawn."""
    nothing_is_left_out = shots == MOST and "test" in corpus.splits
    return 1 if shots == 0 or nothing_is_left_out else n_splits


def _shuffled(
    corpus: Corpus, drawable: np.ndarray, random: np.random.Generator
) -> Iterator[np.ndarray]:
    classes, indices = class_indices(corpus)
    for one in range(len(classes)):
        yield random.permutation(np.flatnonzero(drawable & (indices == one)))


def _number(n_members: int, shots: int, *, has_test: bool) -> int:
    if shots == MOST:
        kept = 0 if has_test else max(1, round(JUDGED_OF_MOST * n_members))
        return n_members - kept
    return min(shots, n_members if has_test else n_members // 2)
