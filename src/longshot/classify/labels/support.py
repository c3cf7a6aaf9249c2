"""The support set: the examples with their vectors.

It is a set. Its examples stand in one canonical order, whatever order they came in, so
that everything computed from it is the same to the last bit.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import ExamplesError
from longshot.records import Vectors

Label = str | int | float | bool
LabelSet = tuple[Label, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SupportExample:
    """One example: its id, label or labels, text and vectors."""

    id: str
    label: Label | LabelSet
    text: str
    vectors: Vectors


def example_id(text: str, label: Label | LabelSet) -> str:
    """Name an example by its content, where no one gave it an id.

    Examples
    --------
    >>> example_id("The roof leaks.", "report")
    '36950c64e66b'
    """
    content = f"{label}\0{text}".encode(errors="surrogatepass")
    return hashlib.sha256(content).hexdigest()[:12]


class SupportSet:
    """Examples in canonical order; never changed, only replaced.

    Parameters
    ----------
    examples
        In any order.
    named
        Labels that are known by name, whether or not an example shows them.

    Raises
    ------
    ExamplesError
        If an id occurs twice, or there are fewer than two labels.
    """

    def __init__(
        self, examples: Iterable[SupportExample], named: Iterable[Label] = ()
    ) -> None:
        self.examples = tuple(sorted(examples, key=_canonical_key))
        self.named = tuple(named)
        _check_ids([example.id for example in self.examples])
        self.shown = np.unique(self._labels())
        self.classes = np.unique([*self.shown.tolist(), *self.named])
        _check_classes(self.classes)

    def __len__(self) -> int:
        return len(self.examples)

    def _labels(self) -> list[Label]:
        """Give the labels that the examples show."""
        labels = (example.label for example in self.examples)
        return [label for label in labels if not isinstance(label, tuple)]

    @cached_property
    def documents(self) -> Float[np.ndarray, "example dim"]:
        """The examples' document vectors."""
        return np.stack([example.vectors.document for example in self.examples])

    @cached_property
    def class_indices(self) -> Int[np.ndarray, " example"]:
        """Each example's label, as an index into `classes`."""
        labels = [example.label for example in self.examples]
        return np.searchsorted(self.classes, labels).astype(np.int64)

    def examples_of(self, class_index: int) -> Int[np.ndarray, " member"]:
        """Find the examples of a class."""
        return np.flatnonzero(self.class_indices == class_index)

    def replaced(self, examples: Iterable[SupportExample]) -> "SupportSet":
        """Give a set of other examples, and the same names."""
        return SupportSet(examples, self.named)

    def with_added(self, examples: Iterable[SupportExample]) -> "SupportSet":
        """Give the set with more examples, and the same names."""
        return self.replaced([*self.examples, *examples])

    def without(self, ids: Collection[str]) -> "SupportSet":
        """Give the set without some examples.

        Raises
        ------
        ExamplesError
            If an id is not in the set, or fewer than two labels would be left.
        """
        unknown = sorted(set(ids) - {example.id for example in self.examples})
        if unknown:
            raise ExamplesError(
                f"ids must be those of examples; got {', '.join(unknown)}, which no "
                "example has. See example_ids_."
            )
        kept = (example for example in self.examples if example.id not in ids)
        return self.replaced(kept)


def index_of(label: Label, classes: np.ndarray) -> int:
    """Find a label among the classes.

    Raises
    ------
    ExamplesError
        If it is none of them.
    """
    known = classes.tolist()
    if label not in known:
        shown = ", ".join(map(str, known))
        raise ExamplesError(
            f"label must be one of {shown}; got {label}. Name one of these."
        )
    return int(known.index(label))


def _canonical_key(example: SupportExample) -> tuple[str, str, str]:
    return str(example.label), example_id(example.text, example.label), example.id


def _check_ids(ids: list[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ExamplesError(
                f"ids must be unique; {one} occurs twice. Rename one of the two, or "
                "remove the first before adding it anew."
            )
        seen.add(one)


def _check_classes(classes: np.ndarray) -> None:
    if len(classes) < 2:
        got = f"only {classes[0]}" if len(classes) else "no example"
        raise ExamplesError(
            f"examples must show at least two labels; got {got}. "
            "Add an example of another label, or name it in descriptions."
        )
