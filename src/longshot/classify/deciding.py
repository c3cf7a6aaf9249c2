"""What every decider is, and how a decision becomes a prediction."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from longshot.classify.readings import Readings
from longshot.classify.support import Label, SupportSet
from longshot.records import Evidence, Prediction, Vectors

Probabilities = Float[np.ndarray, "document class"]
Explain = Callable[[str, Vectors, int], Evidence]
"""Finds the passage of a document, given with its vectors, that spoke for a class."""


@runtime_checkable
class Decider(Protocol):
    """What was learned, and how it decides; never changed, only replaced."""

    @property
    def support(self) -> SupportSet:
        """The examples, and the classes."""
        ...

    def probabilities(self, readings: Readings) -> Probabilities:
        """Give the confidence in each class for each document, judged by itself."""
        ...

    def for_pile(self, pile: Readings) -> tuple[Probabilities, Explain]:
        """Judge documents together, and tell why."""
        ...

    def explain(self, text: str, vectors: Vectors, class_index: int) -> Evidence:
        """Find the passage that spoke for a class in a document judged by itself."""
        ...

    def choices(self) -> tuple[str, ...]:
        """Tell what was chosen, and why, in lines for people."""
        ...


def predicted(
    vectors: Vectors,
    probabilities: Float[np.ndarray, " class"],
    classes: Sequence[Label] | np.ndarray,
    evidence: Evidence | None,
) -> Prediction:
    """Write one decision down."""
    order = probabilities.argsort(kind="stable")[::-1]
    ranked = [(str(classes[i]), float(probabilities[i])) for i in order]
    return Prediction(
        document_id=vectors.document_id,
        label=ranked[0][0],
        confidence=ranked[0][1],
        alternatives=tuple(ranked[1:]),
        evidence=evidence,
        n_tokens=vectors.n_tokens,
        n_windows=len(vectors.windows),
        coverage=vectors.coverage,
        n_unknown=vectors.n_unknown,
    )
