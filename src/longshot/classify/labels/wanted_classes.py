"""The labels that are asked for: all, or the nodes of one level of their tree."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.labels.tree import LabelTree, tree_of
from longshot.errors import SettingError


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

    def check(self) -> None:
        """Find out before any work whether there is such a level.

        Raises
        ------
        SettingError
            If there is none.
        """
        if self.level is not None:
            self._grown.nodes(self.level)

    @cached_property
    def classes(self) -> np.ndarray:
        """The labels, sorted; those of the level that is wanted.

        Raises
        ------
        SettingError
            If there is no such level.
        """
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
        """Decide for a label: for the greatest, in a tree from the trunk down."""
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
                "level must be None where documents may have several labels; got "
                f"{self.level}. Leave it out."
            )
        return self.tree or tree_of(self.labels)
