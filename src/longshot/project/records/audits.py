"""How much of what was decided is right."""

from dataclasses import dataclass

from longshot.audit import Answer, Certificate


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectAudit:
    """An audit of a project: a random sample of decisions, checked blind.

    Attributes
    ----------
    id, who, started_at
        Its number, who began it, and when.
    state
        The state of the classifier whose decisions it is about.
    document_ids
        The sample, in the order in which it must be checked.
    answers
        The answers so far, in that order, up to the last one: ``right``, ``wrong``,
        ``unsure``; None where a document was passed over.
    next_id
        The document to check next; None when all are done.
    certificate
        What is certain by now, and how; see :class:`longshot.audit.Certificate`.
    is_current
        Whether all of its documents still carry the labels that it covers.
    limit_now
        What is still certain, whatever was changed since.
    """

    id: int
    who: str
    started_at: str
    state: str
    document_ids: tuple[str, ...]
    answers: tuple[Answer | None, ...]
    next_id: str | None
    certificate: Certificate
    is_current: bool
    limit_now: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """How much of what was decided can be left alone; see :mod:`longshot.audit`.

    Attributes
    ----------
    n_alone, n_documents
        So many of so many open documents with a decision.
    target, expected_right
        The share of those that shall be right, and that is expected to be.
    least_confidence
        Of those left alone; None where there are none.
    low, high
        The limits of `n_alone` by what an audit of these decisions says about
        confidences; None where there was none.
    n_checked
        Answers of that audit.
    """

    n_alone: int
    n_documents: int
    target: float
    expected_right: float
    least_confidence: float | None
    low: int | None
    high: int | None
    n_checked: int
