"""What a project holds, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelCount:
    """How many documents carry a label: given by people, and decided."""

    label: str | None
    n_given: int
    n_decided: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What a project holds.

    Attributes
    ----------
    name, model
        The project's name, and the model that reads it.
    n_documents, n_open, n_labelled, n_skipped, n_unreadable, n_set_aside
        Counts of documents; those removed count nowhere.
    n_decided
        Open documents with a decision.
    counts
        Per label; what is named without a document counts zero.
    state
        The classifier's state that decided last.
    is_stale
        Whether examples, labels or documents have changed since.
    people
        Who gave labels, and how many documents carry one of theirs.
    n_entries
        The length of the log.
    """

    name: str
    model: str
    n_documents: int
    n_open: int
    n_labelled: int
    n_skipped: int
    n_unreadable: int
    n_set_aside: int
    n_decided: int
    counts: tuple[LabelCount, ...]
    state: str | None
    is_stale: bool
    people: tuple[tuple[str, int], ...]
    n_entries: int
