"""The k-shot protocol: which documents are examples, and which are judged.

A split draws `k` documents of each class at random; all others are judged. The examples
of a smaller `k` are always among those of a greater one, so that the learning curve of
a split is one set of examples that grows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from longshot.errors import ExamplesError, SettingError

LEAST_DOCUMENTS = 2
"""Of a class that takes part: one to learn from, and one to be judged."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Split:
    """Rows of the labelled set to learn from, and rows to be judged."""

    train_rows: Int[np.ndarray, " train"]
    test_rows: Int[np.ndarray, " test"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What can be measured on a labelled set.

    Attributes
    ----------
    shots
        Examples per class that can be drawn, ascending.
    classes
        The labels that take part, sorted.
    counts
        How many documents each of them has.
    notes
        What had to be left out or done another way, each in a sentence.
    """

    shots: tuple[int, ...]
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    notes: tuple[str, ...]


def plan(labels: Sequence[str], shots: Sequence[int]) -> Plan:
    """Find out what can be measured with these labels.

    A class with a single document is left out. A class with `k` documents or fewer
    gives all but one of them as examples. Where fewer than half of the classes have
    enough documents, that number of examples is left out.

    Raises
    ------
    SettingError
        If a number of shots is not positive.
    ExamplesError
        If nothing can be measured.
    """
    if not shots or min(shots) < 1:
        raise SettingError(
            "shots must be whole numbers of at least 1; got "
            f"{', '.join(map(str, shots)) or 'none'}. Change --shots."
        )
    names, numbers = np.unique(np.asarray(labels, dtype=str), return_counts=True)
    kept = numbers >= LEAST_DOCUMENTS
    counts = numbers[kept]
    _check_classes(int(kept.sum()))
    possible = sorted(k for k in set(shots) if 2 * (counts > k).sum() >= len(counts))
    if not possible:
        raise ExamplesError(
            f"for {min(shots)} examples per class, at least half of the classes must "
            f"have {min(shots) + 1} documents or more; the median is "
            f"{np.median(counts):g}. Lower --shots, or label more."
        )
    return Plan(
        shots=tuple(possible),
        classes=tuple(map(str, names[kept])),
        counts=tuple(map(int, counts)),
        notes=(
            *_alone(names[~kept]),
            *_impossible(sorted(set(shots) - set(possible)), counts),
            *_short(possible, counts),
        ),
    )


def draw(
    class_indices: Int[np.ndarray, " row"], *, shots: int, n_splits: int, seed: int = 0
) -> Iterator[Split]:
    """Draw splits; the same seed gives the same ones.

    Parameters
    ----------
    class_indices
        The class of each row, from 0; -1 for rows that take no part.
    shots
        Examples per class; a class with fewer than one document more gives all but one.
    n_splits, seed
        How many, and of which random numbers.

    Examples
    --------
    >>> (split,) = draw(np.array([0, 0, 1, 1]), shots=1, n_splits=1)
    >>> len(split.train_rows), len(split.test_rows)
    (2, 2)
    """
    n_classes = int(class_indices.max()) + 1
    members = [np.flatnonzero(class_indices == c) for c in range(n_classes)]
    taking_part = np.flatnonzero(class_indices >= 0)
    for number in range(n_splits):
        random = np.random.default_rng((seed, number))
        drawn = [
            random.permutation(rows)[: min(shots, len(rows) - 1)] for rows in members
        ]
        train_rows = np.sort(np.concatenate(drawn))
        test_rows = np.setdiff1d(taking_part, train_rows, assume_unique=True)
        yield Split(train_rows=train_rows, test_rows=test_rows)


def pool_share(counts: Sequence[int], shots: int) -> float:
    """Give how much one draw of examples tells of all those that could be labelled.

    All splits draw from the same documents. If a split's result is a sum of what each
    example adds, then the results of splits vary by the part of the documents that was
    not drawn, while the unknown rest of the world varies by all of it: the variance
    between splits has to be multiplied by this to get that of their common mean, beside
    what is divided by the number of splits. (The same factor as Nadeau and Bengio's,
    2003, with the examples in the place of the judged.)

    Examples
    --------
    >>> pool_share([100, 100], 20)
    0.25
    """
    sizes = np.asarray(counts, dtype=float)
    drawn = np.minimum(shots, sizes - 1) / sizes
    return float(drawn.sum() / (1.0 - drawn).sum())


def _check_classes(n_classes: int) -> None:
    if n_classes < 2:
        raise ExamplesError(
            f"at least two labels must have {LEAST_DOCUMENTS} documents or more, to "
            f"learn from one and test on another; {n_classes or 'none'} has. Label "
            "more."
        )


def _alone(names: np.ndarray) -> Iterator[str]:
    if len(names):
        yield (
            f"{_classes(len(names))} with a single document left out: "
            f"{', '.join(map(str, names))}"
        )


def _impossible(shots: Sequence[int], counts: np.ndarray) -> Iterator[str]:
    for k in shots:
        n_enough = int((counts > k).sum())
        yield (
            f"{k} examples per class left out: {n_enough} of {len(counts)} "
            f"classes have {k + 1} documents or more"
        )


def _short(shots: Sequence[int], counts: np.ndarray) -> Iterator[str]:
    n_short = int((counts <= max(shots)).sum())
    if n_short:
        yield (
            f"{_classes(n_short)} of {len(counts)} with fewer than {max(shots) + 1} "
            "documents used all but one as examples"
        )


def _classes(n: int) -> str:
    return "1 class" if n == 1 else f"{n} classes"
