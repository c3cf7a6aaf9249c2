"""Trees of labels: ``finance/tax/vat`` lies below ``finance/tax`` and ``finance``.

The probability of a node is the sum of those of the labels at it and below it, so that
the levels agree with each other. A label that others lie below stands for the rest:
what belongs to the node and to none of those.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.labels.label_lists import Label
from longshot.errors import SettingError

_SEPARATOR = "/"


@dataclass(frozen=True, eq=False)
class LabelTree:
    """Labels that are paths.

    Attributes
    ----------
    paths
        The parts of each label, in the order of the classes.
    """

    paths: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, classes: Sequence[Label] | np.ndarray) -> "LabelTree | None":
        """Read labels as paths; None where no two of them share their first part.

        Examples
        --------
        >>> LabelTree.of(["finance/tax", "finance/audit", "law"]).nodes(1).tolist()
        ['finance', 'law']
        >>> LabelTree.of(["TCP/IP", "TCP over radio"]) is None
        True
        """
        labels = [one.item() if isinstance(one, np.generic) else one for one in classes]
        if not all(isinstance(one, str) for one in labels):
            return None
        paths = tuple(_parts(str(label)) for label in labels)
        trunks = Counter(path[0] for path in paths)
        return cls(paths) if max(trunks.values(), default=0) > 1 else None

    @property
    def depth(self) -> int:
        """The parts of the longest path."""
        return max(map(len, self.paths))

    @property
    def names(self) -> tuple[str, ...]:
        """What the labels are called: their last parts, as far as these differ.

        What the whole path says beyond that made no label likelier, and its first parts
        less so (docs/classifier.md).

        Examples
        --------
        >>> LabelTree.of(["uk/law/news", "uk/tax", "fr/news"]).names
        ('uk/law/news', 'tax', 'fr/news')
        """
        ends = Counter(path[-1] for path in self.paths)
        return tuple(
            path[-1] if ends[path[-1]] == 1 else _SEPARATOR.join(path)
            for path in self.paths
        )

    def nodes(self, level: int) -> np.ndarray:
        """Give what the labels are down to a level, sorted; from 1, the trunks.

        Raises
        ------
        SettingError
            If there is no such level, as of the methods below.
        """
        return self._levels[self._checked(level)][0]

    def node_of(self, level: int) -> Int[np.ndarray, " class"]:
        """Give the node of each class at a level, as an index into the nodes."""
        return self._levels[self._checked(level)][1]

    def sums(
        self, probabilities: Float[np.ndarray, "document class"], level: int
    ) -> Float[np.ndarray, "document node"]:
        """Give the probability of each node of a level."""
        below = np.eye(len(self.nodes(level)))[self.node_of(level)]
        return np.asarray(probabilities @ below)

    def levels_of(
        self, probabilities: Float[np.ndarray, " class"], class_index: int
    ) -> tuple[tuple[str, float], ...]:
        """Give the nodes from the root down to a class, with their probabilities."""
        levels = []
        for level in range(1, len(self.paths[class_index]) + 1):
            nodes = self.node_of(level)
            node = nodes[class_index]
            sum_below = float(probabilities[nodes == node].sum())
            levels.append((str(self.nodes(level)[node]), sum_below))
        return tuple(levels)

    def down(
        self, probabilities: Float[np.ndarray, "document class"]
    ) -> Int[np.ndarray, " document"]:
        """Decide from the root down: at each level the greatest node below the last.

        Returns
        -------
        ndarray
            The class of each document.
        """
        open_ = np.ones(probabilities.shape, dtype=bool)
        for level in range(1, self.depth + 1):
            node_of = self.node_of(level)
            left = np.where(open_, probabilities, 0.0)
            chosen = self.sums(left, level).argmax(axis=1)
            open_ &= node_of == chosen[:, None]
        return np.asarray(open_.argmax(axis=1))

    @cached_property
    def _levels(self) -> dict[int, tuple[np.ndarray, Int[np.ndarray, " class"]]]:
        found = {}
        for level in range(1, self.depth + 1):
            names = [_SEPARATOR.join(path[:level]) for path in self.paths]
            nodes, node_of = np.unique(names, return_inverse=True)
            found[level] = (nodes, node_of)
        return found

    def _checked(self, level: int) -> int:
        if not 1 <= level <= self.depth:
            raise SettingError(
                f"level must be from 1 to {self.depth}, the depth of the label tree; "
                f"got {level}. Give another, or none for whole labels."
            )
        return level


@dataclass(frozen=True, kw_only=True, eq=False)
class WantedClasses:
    """Turns what was decided about labels into what is told about those asked for.

    Attributes
    ----------
    labels
        All labels, sorted.
    level
        Where labels are paths, how many of their parts are wanted; None for all.
    one_each
        Whether each document has one label, so that labels may form a tree.
    """

    labels: np.ndarray
    level: int | None = None
    one_each: bool = True

    @cached_property
    def classes(self) -> np.ndarray:
        """The labels, sorted; those of the level that is wanted."""
        return self.labels if self.level is None else self._grown.nodes(self.level)

    @cached_property
    def tree(self) -> LabelTree | None:
        """The labels as paths; None where they are none, or may be several."""
        return LabelTree.of(self.labels) if self.one_each else None

    def sums(
        self, probabilities: Float[np.ndarray, "document class"]
    ) -> Float[np.ndarray, "document wanted"]:
        """Give the confidence in each of the wanted classes."""
        if self.level is None:
            return probabilities
        return self._grown.sums(probabilities, self.level)

    def in_sets(
        self, in_sets: Bool[np.ndarray, "document class"]
    ) -> Bool[np.ndarray, "document wanted"]:
        """Tell which of the wanted classes have a label in each document's set."""
        if self.level is None:
            return in_sets
        return self.sums(in_sets.astype(np.float64)) > 0

    def chosen(
        self, probabilities: Float[np.ndarray, "document class"]
    ) -> Int[np.ndarray, " document"]:
        """Decide for a label: for the greatest, in a tree from the root down."""
        if self.tree is None:
            return np.asarray(probabilities.argmax(axis=1))
        return self.tree.down(probabilities)

    def shown(
        self, chosen: Int[np.ndarray, " document"]
    ) -> Int[np.ndarray, " document"]:
        """Give chosen labels as indices into the wanted classes."""
        if self.level is None:
            return chosen
        return np.asarray(self._grown.node_of(self.level)[chosen])

    def levels_of(
        self, probabilities: Float[np.ndarray, " class"], chosen: int
    ) -> tuple[tuple[str, float], ...] | None:
        """Give the nodes down to a label, with the confidence in each."""
        if self.tree is None:
            return None
        return self.tree.levels_of(probabilities, chosen)[: self.level]

    @property
    def _grown(self) -> LabelTree:
        """The tree, which there must be where a level is wanted."""
        if not self.one_each:
            raise SettingError(
                "level cannot be used where documents may have several labels; got "
                f"{self.level}. Leave it out."
            )
        if self.tree is None:
            raise SettingError(
                "level needs labels that form a tree, such as finance/tax and "
                f"finance/audit; got {', '.join(map(str, self.labels[:3]))}. Leave it "
                "out, or name the labels as paths."
            )
        return self.tree


def _parts(label: str) -> tuple[str, ...]:
    """Split a path; a label with an empty part is none."""
    parts = tuple(label.split(_SEPARATOR))
    return parts if all(part.strip() for part in parts) else (label,)
