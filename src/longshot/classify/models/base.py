"""What a fitted model is asked, as small protocols: each model has those that it can.

A model never changes; learning anew replaces it. It sees features alone, except where a
passage is looked for: that takes the document's text and vectors.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.labels.support import SupportSet
from longshot.classify.uncertainty.conformal import LabelPValues
from longshot.records import Evidence, Vectors

Probabilities = Float[np.ndarray, "document class"]
PValues = Float[np.ndarray, " document"]

Explain = Callable[[int, str, Vectors, int], Evidence]
"""Finds the passage of a document that spoke for a class.

The document is given by its row among those decided about, with its text and vectors.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What was decided about several documents.

    Attributes
    ----------
    probabilities
        The confidence in each class for each document.
    report
        What was learned and chosen for these documents, in lines for people.
    explain
        Finds passages; None where the examples have no text.
    label_p_values
        Finds how well each label fits each document, for sets of labels; None where
        documents may have several labels.
    """

    probabilities: Probabilities
    report: tuple[str, ...]
    explain: Explain | None
    label_p_values: Callable[[], LabelPValues] | None = None


@runtime_checkable
class Model(Protocol):
    """Decides about documents."""

    @property
    def support(self) -> SupportSet:
        """The examples, and the classes."""
        ...

    def decide(self, documents: DocumentFeatures, *, pile: bool) -> Decision:
        """Decide about documents: together, or about each by itself."""
        ...

    def lines(self) -> tuple[str, ...]:
        """Tell what was learned, in lines for people."""
        ...


@runtime_checkable
class NoveltyModel(Protocol):
    """Tells documents of its classes from others."""

    def p_values(self, documents: DocumentFeatures, *, pile: bool) -> PValues:
        """Tell how many of the known documents are no more familiar than each."""
        ...

    def new_clusters(
        self, pile: DocumentFeatures, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find clusters of the pile that no known class claims."""
        ...


@runtime_checkable
class StoppableModel(Protocol):
    """Tells how far a document must be read."""

    def stopping_rule(self) -> StoppingRule:
        """Learn from the examples how far a document must be read."""
        ...
