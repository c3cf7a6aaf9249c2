"""The support set where documents may have several labels."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int

from longshot.classify.labels.label_lists import Form
from longshot.classify.labels.support import (
    Label,
    SupportExample,
    SupportSet,
    example_id,
)


class SeveralSupportSet(SupportSet):
    """Examples with any number of labels each, in canonical order.

    Parameters
    ----------
    examples
        In any order; the label of each is a tuple of labels.
    named
        Labels that are known whether or not an example shows them.
    form
        How the labels were given, and are given back.

    Raises
    ------
    ExamplesError
        If an id occurs twice, or there are fewer than two labels.
    """

    def __init__(
        self,
        examples: Iterable[SupportExample],
        named: Iterable[Label] = (),
        form: Form = "lists",
    ) -> None:
        self.form: Form = form
        super().__init__(examples, named)
        self.examples = tuple(sorted(self.examples, key=self._place))

    @cached_property
    def members(self) -> Bool[np.ndarray, "example class"]:
        """Which classes apply to each example."""
        return np.array(
            [np.isin(self.classes, _labels_of(example)) for example in self.examples]
        ).reshape(len(self), len(self.classes))

    def examples_of(self, class_index: int) -> Int[np.ndarray, " member"]:
        """Find the examples of a class."""
        return np.flatnonzero(self.members[:, class_index])

    def replaced(self, examples: Iterable[SupportExample]) -> "SeveralSupportSet":
        """Give a set of other examples, and the same names."""
        return SeveralSupportSet(examples, self.named, self.form)

    def _place(self, example: SupportExample) -> tuple[list[int], str, str]:
        """Order by classes, whatever they are called, then by text."""
        own = np.searchsorted(self.classes, _labels_of(example)).tolist()
        return own, example_id(example.text, ""), example.id

    def _labels(self) -> list[Label]:
        return [label for example in self.examples for label in _labels_of(example)]


def _labels_of(example: SupportExample) -> list[Label]:
    label = example.label
    return list(label) if isinstance(label, tuple) else [label]
