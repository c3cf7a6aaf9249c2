"""What deciding gives: a prediction for each document, and new classes."""

from collections.abc import Iterator
from dataclasses import dataclass

from longshot.records.evidence import Evidence
from longshot.records.short_repr import short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """The decision for one document.

    Attributes
    ----------
    document_id
        The document's id.
    label
        The label; None for "none of these".
    confidence
        How sure, in [0, 1].
    alternatives
        The other labels with their confidence, best first.
    evidence
        The passage that decided; None where none was asked for.
    n_tokens, n_windows, coverage
        The tokens that are there, the windows that were read, and the share of the
        document in them. Scanned and broken pages count as not read.
    n_unknown
        Tokens among them that stand for something the model's vocabulary lacks.
    labels
        Where documents may have several labels, those that apply, the surest first;
        ``label`` is the first of them, and None where none applies. None where each has
        one.
    levels
        Where labels are paths (``finance/tax``), the nodes from the root down to the
        label with the confidence in each. None where they are none.
    label_set
        The labels that hold the true one with the confidence that was asked for, best
        first; None where none was asked for.
    new_class
        The number of the new class that it belongs to, from 1; 0 for none of
        them, None where none were looked for.
    notes
        What a reader must know to trust it, each in a line: pages that hold no text,
        say, or an encoding that was guessed.
    language
        The code of the language that it is in, as ``de``; None where too little of it
        tells.
    """

    document_id: str
    label: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    evidence: Evidence | None
    n_tokens: int
    n_windows: int
    coverage: float
    n_unknown: int = 0
    labels: tuple[str, ...] | None = None
    levels: tuple[tuple[str, float], ...] | None = None
    label_set: tuple[str, ...] | None = None
    new_class: int | None = None
    notes: tuple[str, ...] = ()
    language: str | None = None

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True)
class NewClass:
    """Documents of a pile that look alike and that no known class claims.

    Attributes
    ----------
    document_ids
        The documents, the most typical first.
    words
        What tells them from the other documents, the most telling first.
    """

    document_ids: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Classified:
    """What was decided about documents; goes through the predictions, in their order.

    Attributes
    ----------
    predictions
        The decision for each document.
    discovered
        Clusters that no known class claims, the largest first.
    report
        What was learned and chosen for these documents, in lines for people.
    """

    predictions: tuple[Prediction, ...]
    discovered: tuple[NewClass, ...] = ()
    report: tuple[str, ...] = ()

    __repr__ = short_repr

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self.predictions)

    def __len__(self) -> int:
        return len(self.predictions)
