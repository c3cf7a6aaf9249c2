"""What taking a packet apart gives: its sections, each with its decision."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from longshot.records.documents import Document
from longshot.records.predictions import Prediction
from longshot.records.short_repr import short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A document within a file that holds several.

    Attributes
    ----------
    number
        Its place in the file, from 1.
    start, end
        Its characters in the file's text: ``text[start:end]``.
    first_page, last_page
        Its pages, from 1; None where the file has none. Pages without text belong to
        the section before them.
    boundary_confidence
        The probability that a document begins here; 1.0 for the first.
    document
        The section as a document of its own, whose id is the file's, with ``#`` and
        the number.
    prediction
        Its label, confidence and evidence; characters are those of `document`.
    vector
        Its vector under the recipe.
    """

    number: int
    start: int
    end: int
    first_page: int | None
    last_page: int | None
    boundary_confidence: float
    document: Document = field(repr=False)
    prediction: Prediction
    vector: Float[np.ndarray, " dim"] = field(repr=False, compare=False)

    __repr__ = short_repr

    @property
    def label(self) -> str | None:
        """The label; None for "none of these"."""
        return self.prediction.label

    @property
    def confidence(self) -> float:
        """How sure the label is, in [0, 1]."""
        return self.prediction.confidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Packet:
    """A file that was taken apart; goes through its sections, in their order.

    Attributes
    ----------
    document
        The file as it was read.
    sections
        What it holds: together they are its whole text and all of its pages.
    n_pages
        How many pages the file has; None where it has none.
    """

    document: Document = field(repr=False)
    sections: tuple[Section, ...]
    n_pages: int | None = None

    __repr__ = short_repr

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)

    def __len__(self) -> int:
        return len(self.sections)
