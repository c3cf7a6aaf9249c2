"""A learner is tried on every split; what became of each judged document is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import ModelOutputError
from longshot.evaluation.measures import Judged, judge
from longshot.evaluation.splits import draw

OnStep = Callable[[int, int], None]
"""Told how many steps are done, and how many there are."""


@runtime_checkable
class Learner(Protocol):
    """Anything that learns from rows of a labelled set and judges other rows of it."""

    def __call__(
        self,
        train_rows: Int[np.ndarray, " train"],
        train_labels: Int[np.ndarray, " train"],
        test_rows: Int[np.ndarray, " test"],
    ) -> Float[np.ndarray, "test class"]:
        """Give each test row's probability of each class.

        Parameters
        ----------
        train_rows, train_labels
            The examples, and their classes from 0; each class occurs.
        test_rows
            What is to be judged.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trials:
    """One learner's results at one number of examples per class, split by split.

    Attributes
    ----------
    learner
        Its name.
    shots
        Examples per class.
    splits
        What became of the judged documents of each split.
    """

    learner: str
    shots: int
    splits: tuple[Judged, ...]


def run_trials(
    name: str,
    learner: Learner,
    class_indices: Int[np.ndarray, " row"],
    *,
    shots: int,
    n_splits: int,
    seed: int = 0,
    on_split: Callable[[], None] | None = None,
) -> Trials:
    """Let a learner learn and judge on every split.

    Parameters
    ----------
    name, learner
        What is tried.
    class_indices
        The class of each row; -1 for rows that take no part.
    shots, n_splits, seed
        As in :func:`longshot.evaluation.splits.draw`.
    on_split
        Told of each split that is done.

    Raises
    ------
    ModelOutputError
        If the learner gives something else than probabilities of these classes.
    """
    n_classes = int(class_indices.max()) + 1
    judged = []
    for split in draw(class_indices, shots=shots, n_splits=n_splits, seed=seed):
        train_labels = class_indices[split.train_rows]
        probabilities = learner(split.train_rows, train_labels, split.test_rows)
        check_probabilities(name, probabilities, (len(split.test_rows), n_classes))
        true = class_indices[split.test_rows]
        judged.append(judge(split.test_rows, true, probabilities))
        if on_split is not None:
            on_split()
    return Trials(learner=name, shots=shots, splits=tuple(judged))


def check_probabilities(
    name: str, probabilities: np.ndarray, shape: Sequence[int]
) -> None:
    """Find out whether a learner gave probabilities.

    Raises
    ------
    ModelOutputError
        If not.
    """
    if probabilities.shape != tuple(shape):
        came = f"an array of shape {probabilities.shape}"
    elif not np.isfinite(probabilities).all() or (probabilities < 0).any():
        came = "numbers that are negative or not finite"
    elif not np.allclose(probabilities.sum(axis=1), 1.0, atol=1e-3):
        came = "rows that do not add up to 1"
    else:
        return
    raise ModelOutputError(
        "a learner must give a probability for each document and class, here "
        f"{tuple(shape)}; {name} gave {came}. Fix the learner."
    )
