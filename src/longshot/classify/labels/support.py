"""The support set: the examples with their features.

It is a set. Its examples stand in one canonical order, whatever order they came in, so
that everything computed from it is the same to the last bit.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.label_lists import Form, Label, LabelSet, check_alike
from longshot.errors import ExamplesError
from longshot.records import Match, Vectors
from longshot.similarity import unit

_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SupportExample:
    """One example.

    Attributes
    ----------
    id, label
        Its id, and its label or labels.
    text, vectors
        What evidence is taken from; None where only its features are known.
    """

    id: str
    label: Label | LabelSet
    text: str | None = None
    vectors: Vectors | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ExampleWindows:
    """The windows of a class's examples, in their order.

    Attributes
    ----------
    directions
        Their vectors, each of length one.
    examples, places
        Which example each is of, and which of its windows it is.
    """

    directions: Float[np.ndarray, "window dim"]
    examples: Int[np.ndarray, " window"]
    places: Int[np.ndarray, " window"]


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
    """Examples of one label each, in canonical order; never changed, only replaced.

    Parameters
    ----------
    examples
        In any order.
    features
        Of each of them.
    named
        Labels that are known by name, whether or not an example shows them.

    Raises
    ------
    ExamplesError
        If an id occurs twice, there are fewer than two labels, or labels are blank or
        of several kinds.
    """

    def __init__(
        self,
        examples: Sequence[SupportExample],
        features: DocumentFeatures,
        named: Iterable[Label] = (),
    ) -> None:
        self.named = tuple(named)
        _check_ids([example.id for example in examples])
        shown = [label for example in examples for label in _labels_of(example)]
        check_alike([*shown, *self.named])
        self.shown = np.unique(shown)
        self.classes = np.unique([*self.shown.tolist(), *self.named])
        check_classes(self.classes)
        hashes = features.content_hashes.tolist()
        pairs = zip(examples, hashes, strict=True)
        keys = [(*self._key(one), content, one.id) for one, content in pairs]
        order = sorted(range(len(examples)), key=keys.__getitem__)
        self.examples = tuple(examples[row] for row in order)
        self._windows: dict[int, ExampleWindows] = {}
        self.features = features.take(np.array(order, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def has_texts(self) -> bool:
        """Whether every example has its text and vectors, for evidence."""
        return all(one.vectors is not None for one in self.examples)

    @property
    def vectors(self) -> list[Vectors]:
        """The vectors of each example; none where only features are known."""
        return [one.vectors for one in self.examples if one.vectors is not None]

    @cached_property
    def class_indices(self) -> Int[np.ndarray, " example"]:
        """Each example's label, as an index into `classes`."""
        labels = [example.label for example in self.examples]
        return np.searchsorted(self.classes, labels).astype(np.int64)

    def examples_of(self, class_index: int) -> Int[np.ndarray, " member"]:
        """Find the examples of a class."""
        return np.flatnonzero(self.class_indices == class_index)

    def windows_of(self, class_index: int) -> ExampleWindows | None:
        """Give the windows of a class's examples, computed once; None without any."""
        members = self.examples_of(class_index)
        if class_index not in self._windows and len(members):
            examples = [self.examples[index] for index in members]
            vectors = [
                one.vectors.window_vectors
                for one in examples
                if one.vectors is not None
            ]
            counts = [len(one) for one in vectors]
            self._windows[class_index] = ExampleWindows(
                directions=unit(np.concatenate(vectors)),
                examples=np.repeat(members, counts),
                places=np.concatenate([np.arange(count) for count in counts]),
            )
        return self._windows.get(class_index)

    def closest(
        self, class_index: int, window: Float[np.ndarray, " dim"]
    ) -> Match | None:
        """Find the example window of a class that a window is closest to by cosine.

        None where the class has no example, but only a name.
        """
        windows = self.windows_of(class_index)
        if windows is None:
            return None
        # Not by BLAS, which may round two windows that are the same in two ways.
        similarities = np.einsum("wd,d->w", windows.directions, unit(window[None])[0])
        best = int(similarities.argmax())
        example = self.examples[windows.examples[best]]
        assert example.vectors is not None
        assert example.text is not None
        matched = example.vectors.windows[windows.places[best]]
        return Match(
            example_id=example.id,
            window=matched,
            text=example.text[matched.start : matched.end],
            similarity=float(similarities[best]),
        )

    def replaced(
        self, examples: Sequence[SupportExample], features: DocumentFeatures
    ) -> "SupportSet":
        """Give a set of other examples, and the same names."""
        return SupportSet(examples, features, self.named)

    def with_added(
        self, examples: Sequence[SupportExample], features: DocumentFeatures
    ) -> "SupportSet":
        """Give the set with more examples, and the same names."""
        everything = DocumentFeatures.concat([self.features, features])
        return self.replaced([*self.examples, *examples], everything)

    def without(self, ids: Collection[str]) -> "SupportSet":
        """Give the set without some examples, each known by its id or its text.

        Raises
        ------
        ExamplesError
            If one is not in the set, or fewer than two labels would be left.
        """
        names = {ids} if isinstance(ids, str) else set(ids)
        unknown = sorted(names - {one.id for one in self.examples})
        unknown = sorted(set(unknown) - {one.text for one in self.examples})
        if unknown:
            shown = ", ".join(one[:_SHOWN_CHARACTERS] for one in unknown)
            raise ExamplesError(
                f"ids must be those of examples, or their texts; got {shown}, which no "
                "example has. See example_ids_."
            )
        pairs = enumerate(self.examples)
        kept = [row for row, one in pairs if not {one.id, one.text} & names]
        rows = np.array(kept, dtype=np.int64)
        return self.replaced(
            [self.examples[row] for row in kept], self.features.take(rows)
        )

    def _key(self, example: SupportExample) -> tuple[object, ...]:
        return (str(example.label),)


class SeveralSupportSet(SupportSet):
    """Examples with any number of labels each, in canonical order.

    Parameters
    ----------
    examples, features, named
        As of :class:`SupportSet`; the label of each example is a tuple of labels.
    form
        How the labels were given, and are given back.
    """

    def __init__(
        self,
        examples: Sequence[SupportExample],
        features: DocumentFeatures,
        named: Iterable[Label] = (),
        form: Form = "lists",
    ) -> None:
        self.form: Form = form
        super().__init__(examples, features, named)

    @cached_property
    def members(self) -> Bool[np.ndarray, "example class"]:
        """Which classes apply to each example."""
        return np.array(
            [np.isin(self.classes, _labels_of(example)) for example in self.examples]
        ).reshape(len(self), len(self.classes))

    def examples_of(self, class_index: int) -> Int[np.ndarray, " member"]:
        """Find the examples of a class."""
        return np.flatnonzero(self.members[:, class_index])

    def replaced(
        self, examples: Sequence[SupportExample], features: DocumentFeatures
    ) -> "SeveralSupportSet":
        """Give a set of other examples, and the same names."""
        return SeveralSupportSet(examples, features, self.named, self.form)

    def _key(self, example: SupportExample) -> tuple[object, ...]:
        """Order by classes, whatever they are called."""
        return (np.searchsorted(self.classes, _labels_of(example)).tolist(),)


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


def _labels_of(example: SupportExample) -> list[Label]:
    label = example.label
    return list(label) if isinstance(label, tuple) else [label]


def _check_ids(ids: list[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ExamplesError(
                f"ids must be unique; {one} occurs twice. Rename one of the two, or "
                "remove the first before you add it again."
            )
        seen.add(one)


def check_classes(classes: np.ndarray) -> None:
    """Hold the labels against what can be decided between.

    Raises
    ------
    ExamplesError
        If they are fewer than two.
    """
    if len(classes) < 2:
        got = f"only {classes[0]}" if len(classes) else "no example"
        raise ExamplesError(
            f"examples must have at least two different labels; got {got}. Add an "
            "example of another label, or name that label in descriptions (--labels)."
        )
