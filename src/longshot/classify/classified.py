"""What was decided about documents of which only the features were given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.features.hashing import Counts
from longshot.classify.models.base import Probabilities
from longshot.classify.uncertainty.new_classes import discovered
from longshot.records import NewClass


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ClassifiedFeatures:
    """What was decided about documents of which only the features were given.

    Attributes
    ----------
    classes
        The labels, sorted; those of the level that was asked for.
    probabilities
        The confidence in each of them for each document.
    labels
        The label of each document, None for "none of these"; where documents may have
        several, in the form of the examples'.
    p_values
        The share of known documents that is no more familiar than each; None where
        ``unknown`` is off.
    is_in_set
        Which labels stand in each document's set; None where no `confidence` was given.
    new_clusters
        The rows of the documents of each new class, the most typical first; None where
        none were looked for: without ``unknown`` or the pile.
    report
        What was learned and chosen, in lines for people.
    """

    classes: np.ndarray
    probabilities: Probabilities
    labels: Any
    p_values: Float[np.ndarray, " document"] | None
    is_in_set: Bool[np.ndarray, "document class"] | None
    new_clusters: tuple[Int[np.ndarray, " member"], ...] | None
    report: tuple[str, ...]

    @property
    def new_class(self) -> list[int | None]:
        """The number of each document's new class, from 1; 0 where it is in none.

        None where no new classes were looked for.
        """
        if self.new_clusters is None:
            return [None] * len(self.probabilities)
        numbers: list[int | None] = [0] * len(self.probabilities)
        for number, members in enumerate(self.new_clusters, start=1):
            for row in members.tolist():
                numbers[row] = number
        return numbers

    def discovered(
        self, ids: Sequence[str], words: Counts, text_of: Callable[[int], str]
    ) -> tuple[NewClass, ...]:
        """Give the new classes for people.

        Parameters
        ----------
        ids, words, text_of
            The documents' ids, their words, and what gives the text of a row: few are
            read.
        """
        if not self.new_clusters:
            return ()
        return discovered(self.new_clusters, ids, words, text_of)


def lowered(
    probabilities: Probabilities, unknown_shares: Float[np.ndarray, " document"]
) -> Probabilities:
    """Lower confidences by what the model could not read of each document.

    Of tokens that are unknown nothing is known: for their share, all labels are alike.
    """
    share = unknown_shares[:, None]
    return np.asarray((1 - share) * probabilities + share / probabilities.shape[1])
