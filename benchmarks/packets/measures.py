"""How well a division is found: boundaries, and the labels of units."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int


@dataclass(kw_only=True, slots=True)
class Tally:
    """Counts over several packets.

    Attributes
    ----------
    n_true, n_found, n_hit
        Boundaries that are there, those that were found, and those that are both.
    n_same, n_same_hit
        Boundaries between two documents of one class, and how many were found.
    n_units, n_right
        Units, and those with the right label.
    """

    n_true: int = 0
    n_found: int = 0
    n_hit: int = 0
    n_same: int = 0
    n_same_hit: int = 0
    n_units: int = 0
    n_right: int = 0

    def add(
        self,
        begins: Bool[np.ndarray, " unit"],
        labels: Int[np.ndarray, " unit"],
        found_begins: Bool[np.ndarray, " unit"],
        found_labels: Int[np.ndarray, " unit"],
        within: int = 1,
    ) -> None:
        """Count one packet; a boundary is found within so many units.

        Each boundary that was found stands for one that is there at most.
        """
        true = [int(one) for one in np.flatnonzero(begins) if one]
        found = [int(one) for one in np.flatnonzero(found_begins) if one]
        matched = matches(true, found, within)
        same = [one for one in true if labels[one] == labels[one - 1]]
        self.n_true += len(true)
        self.n_found += len(found)
        self.n_hit += len(matched)
        self.n_same += len(same)
        self.n_same_hit += sum(one in matched for one in same)
        self.n_units += len(labels)
        self.n_right += int((labels == found_labels).sum())

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall of boundaries."""
        return 2 * self.n_hit / max(self.n_true + self.n_found, 1)

    @property
    def precision(self) -> float:
        """The share of found boundaries that are there."""
        return self.n_hit / max(self.n_found, 1)

    @property
    def recall(self) -> float:
        """The share of boundaries that were found."""
        return self.n_hit / max(self.n_true, 1)

    @property
    def recall_same(self) -> float:
        """The same, of boundaries between documents of one class."""
        return self.n_same_hit / max(self.n_same, 1)

    @property
    def right(self) -> float:
        """The share of units with the right label."""
        return self.n_right / max(self.n_units, 1)


def matches(true: list[int], found: list[int], within: int) -> set[int]:
    """Give the true boundaries that were found, each by one that no other took.

    Examples
    --------
    >>> sorted(matches([3, 9], [2, 4, 20], 1))
    [3]
    """
    free, hit = set(found), set[int]()
    for distance in range(within + 1):
        for one in true:
            near = {one - distance, one + distance} & free
            if one not in hit and near:
                free.discard(min(near))
                hit.add(one)
    return hit
