"""Which projects there are, how one stands, and its labels."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot.audit import expected_gain
from longshot.project import DocumentQuery, NamedLabel, Project, Status
from longshot.server.projects.asked import Asker, ProjectOf
from longshot.server.shared import SharedOf

router = APIRouter()

LEVEL = 0.95
"""At which documents can be left alone: nineteen in twenty of these are right."""

N_NEXT = 10
"""Documents to label before one looks again: a sitting of some minutes."""

_N_BINS = 10


class ProjectLine(BaseModel):
    """A project, in the list of projects."""

    id: str
    name: str
    n_documents: int
    n_labelled: int


class LabelIn(BaseModel):
    """A label, what it means, and what speaks for or against it."""

    name: Annotated[str, Field(min_length=1, max_length=500)]
    description: str | None = None
    speaks_for: list[str] = []
    speaks_against: list[str] = []


class LabelOut(LabelIn):
    """A label with the number of its examples, and of documents that carry it now."""

    n_examples: int = 0
    n_decided: int = 0


class ForecastOut(BaseModel):
    """How many documents can be left alone, those that people labelled among them.

    ``low`` and ``high`` are limits by what an audit said about confidences.
    """

    level: float
    n_alone: int
    n_documents: int
    low: int | None
    high: int | None
    n_next: int


class GainOut(BaseModel):
    """How many more labels are likely to be right, as shares of all documents.

    Labelling ``n_labels`` suggested documents brings that; the limits hold eight times
    in ten.
    """

    n_labels: int
    value: float
    low: float
    high: float


class NewClassOut(BaseModel):
    """Documents that fit no label and look alike.

    The most typical of them, how many there are, and the words that tell them from the
    others.
    """

    number: int
    documents: list[str]
    n_documents: int
    words: list[str]


class StatusOut(BaseModel):
    """How a project stands."""

    id: str
    name: str
    model: str
    n_documents: int
    n_labelled: int
    n_skipped: int
    n_decided: int
    n_set_aside: int
    n_none: int
    n_conflicts: int
    is_stale: bool
    labels: list[LabelOut]
    people: list[str]
    histogram: list[int]
    forecast: ForecastOut | None
    new_classes: list[NewClassOut]


@router.get("/projects")
def projects(shared: SharedOf) -> list[ProjectLine]:
    """List the projects that are served."""
    lines = []
    for project_id in shared.projects.ids:
        status = shared.projects.get(project_id).status()
        lines.append(
            ProjectLine(
                id=project_id,
                name=status.name,
                n_documents=status.n_documents,
                n_labelled=status.n_labelled,
            )
        )
    return lines


@router.get("/projects/{project_id}")
def status(project_id: str, project: ProjectOf) -> StatusOut:
    """Tell how a project stands: counts, labels, people, and the forecast."""
    known = project.status()
    counts = {one.label: one for one in known.counts}
    none = counts.get(None)
    return StatusOut(
        id=project_id,
        name=known.name,
        model=known.model,
        n_documents=known.n_documents,
        n_labelled=known.n_labelled,
        n_skipped=known.n_skipped,
        n_decided=known.n_decided,
        n_set_aside=known.n_set_aside,
        n_none=none.n_given + none.n_decided if none else 0,
        n_conflicts=len(project.conflicts()),
        is_stale=known.is_stale,
        labels=_labels(project, known),
        people=[name for name, _ in known.people],
        histogram=_histogram(_confidences(project)),
        forecast=_forecast(project, known),
        new_classes=[
            NewClassOut(
                number=number,
                documents=list(one.document_ids),
                n_documents=one.n_documents,
                words=list(one.words),
            )
            for number, one in enumerate(project.new_classes(), start=1)
        ],
    )


@router.get("/projects/{project_id}/gain")
def gain(project: ProjectOf) -> GainOut | None:
    """Tell what labelling the documents that are suggested next would bring."""
    standing = [
        one
        for one in project.standings(DocumentQuery(state="decided"))
        if one.confidence is not None
    ]
    row_of = {one.id: row for row, one in enumerate(standing)}
    suggested = (one.document_id for one in project.suggest(N_NEXT))
    rows = [row_of[one] for one in suggested if one in row_of]
    if not rows:
        return None
    status = project.status()
    found = expected_gain(
        np.array([one.confidence for one in standing], dtype=np.float64),
        np.array(rows, dtype=np.int64),
        n_examples=status.n_labelled,
        n_classes=len(project.labels()),
    )
    share = len(standing) / status.n_documents  # of all, and not of the open ones
    return GainOut(
        n_labels=found.n_labels,
        value=share * found.value,
        low=share * found.low,
        high=share * found.high,
    )


@router.put("/projects/{project_id}/labels")
def set_labels(
    project: ProjectOf, labels: list[LabelIn], asker: Asker
) -> list[LabelOut]:
    """Say which labels there are, in their order; documents keep theirs."""
    project.set_labels(
        [
            NamedLabel(
                name=one.name,
                description=one.description or None,
                speaks_for=tuple(one.speaks_for),
                speaks_against=tuple(one.speaks_against),
            )
            for one in labels
        ],
        who=asker,
    )
    return _labels(project, project.status())


def _labels(project: Project, status: Status) -> list[LabelOut]:
    """Give the labels that are named, and then those that only examples carry."""
    named = {one.name: one for one in project.labels()}
    return [
        LabelOut(
            name=one.label,
            description=known.description if known else None,
            speaks_for=list(known.speaks_for) if known else [],
            speaks_against=list(known.speaks_against) if known else [],
            n_examples=one.n_given,
            n_decided=one.n_given + one.n_decided,
        )
        for one in status.counts
        if one.label is not None
        for known in [named.get(one.label)]
    ]


def _forecast(project: Project, status: Status) -> ForecastOut | None:
    found = project.audits.forecast(LEVEL)
    if found is None:
        return None
    n_known = status.n_labelled
    return ForecastOut(
        level=LEVEL,
        n_alone=found.n_alone + n_known,
        n_documents=status.n_documents,
        low=None if found.low is None else found.low + n_known,
        high=None if found.high is None else found.high + n_known,
        n_next=min(N_NEXT, found.n_documents - found.n_alone),
    )


def _confidences(project: Project) -> list[float]:
    """Give those of the decisions about documents that nobody labelled."""
    standing = project.standings(DocumentQuery(state="decided"))
    return [one.confidence for one in standing if one.confidence is not None]


def _histogram(confidences: Sequence[float]) -> list[int]:
    """Count documents in each tenth of confidence."""
    counts, _ = np.histogram(confidences, bins=_N_BINS, range=(0.0, 1.0))
    return [int(n) for n in counts]
