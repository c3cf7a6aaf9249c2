"""What every decider is, and how a decision becomes a prediction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float, Int

from longshot.classify.early_stopping.stopping import StoppingRule
from longshot.classify.features.document_features import Readings
from longshot.classify.labels.support import Label, SupportSet
from longshot.classify.uncertainty.conformal import LabelPValues
from longshot.records import Evidence, Prediction, Vectors

Probabilities = Float[np.ndarray, "document class"]
PValues = Float[np.ndarray, " document"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What was decided about several documents.

    Attributes
    ----------
    probabilities
        The confidence in each class for each document.
    explain
        Finds the passage that spoke for a class.
    label_p_values
        Finds how well each label fits each document, for sets of labels.
    choices
        What was chosen for these documents, and why, in lines for people.
    """

    probabilities: Probabilities
    explain: "Explain"
    label_p_values: Callable[[], LabelPValues]
    choices: tuple[str, ...] = ()


Explain = Callable[[int, str, Vectors, int], Evidence]
"""Finds the passage of a judged document that spoke for a class.

The document is given by its row among those judged, with its text and vectors.
"""


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

    def for_pile(self, pile: Readings) -> Verdict:
        """Judge documents together."""
        ...

    def p_values(self, readings: Readings, least_share: float) -> PValues:
        """Tell how many of the known documents are no more familiar than each."""
        ...

    def new_clusters(
        self, pile: Readings, p_values: PValues
    ) -> list[Int[np.ndarray, " member"]]:
        """Find clusters of the pile that no known class claims."""
        ...

    def one_by_one(self, readings: Readings) -> Verdict:
        """Judge documents each by itself."""
        ...

    def stopping_rule(self) -> StoppingRule:
        """Learn from the examples how far a document must be read."""
        ...

    def choices(self) -> tuple[str, ...]:
        """Tell what was chosen, and why, in lines for people."""
        ...


def predicted(
    vectors: Vectors,
    probabilities: Float[np.ndarray, " class"],
    classes: Sequence[Label] | np.ndarray,
    evidence: Evidence | None,
    *,
    best: int | None = None,
    p_value: float | None = None,
    labels: tuple[str, ...] | None = None,
    levels: tuple[tuple[str, float], ...] | None = None,
    is_in_set: Bool[np.ndarray, " class"] | None = None,
    new_class: int | None = None,
) -> Prediction:
    """Write one decision down.

    Parameters
    ----------
    vectors, probabilities, classes, evidence
        The document, and what was found out about it.
    best
        The class that was decided for; the most probable one by default.
    p_value
        Given where none of the classes fits.
    labels
        Those that apply, where there may be several.
    levels
        The confidence in each node down to the label, where labels are paths.
    is_in_set
        Which classes stand in the document's set; None where none was asked for.
    new_class
        The number of the new class that is offered for it, as in :class:`Prediction`.
    """
    order = probabilities.argsort(kind="stable")[::-1].tolist()
    if best is not None:
        order = [best, *(one for one in order if one != best)]
    ranked = [(str(classes[i]), float(probabilities[i])) for i in order]
    label: str | None
    (label, confidence), alternatives = ranked[0], ranked[1:]
    if p_value is not None:
        label, confidence, alternatives = None, 1 - p_value, ranked
        levels = None if levels is None else ()
    label_set = None
    if is_in_set is not None:
        label_set = tuple(str(classes[i]) for i in order if is_in_set[i])
    return Prediction(
        document_id=vectors.document_id,
        label=label,
        confidence=confidence,
        alternatives=tuple(alternatives),
        evidence=evidence,
        n_tokens=vectors.n_tokens,
        n_windows=len(vectors.windows),
        coverage=vectors.coverage,
        n_unknown=vectors.n_unknown,
        labels=labels,
        levels=levels,
        label_set=label_set,
        new_class=new_class,
    )
