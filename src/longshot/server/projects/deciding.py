"""Deciding anew, what to label next, and where documents lie on the map."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from longshot.project import Project
from longshot.report.openings import opening
from longshot.server.projects.asked import ProjectOf
from longshot.server.projects.work import JobBody, start_classifying
from longshot.server.shared import SharedOf

router = APIRouter()

MOST_SUGGESTED = 100
_SNIPPET_CHARACTERS = 110
_MOST_LOOK_ALIKES = 5  # shown beside a document; there may be hundreds


class DecidedOut(BaseModel):
    """What deciding did; a job where texts must be read first."""

    state: str | None = None
    n_documents: int = 0
    n_changed: int = 0
    n_relabelled: int = 0
    n_examples: int = 0
    report: list[str] = []


class ReasonOut(BaseModel):
    """Why a document was chosen."""

    kind: Literal["hesitates", "typical", "random"]
    between: list[str]
    stands_for: int


class LookAlike(BaseModel):
    """A document that one label may do for as well."""

    id: str
    label: str | None
    confidence: float | None
    snippet: str


class SuggestionOut(BaseModel):
    """A document to label next."""

    id: str
    label: str | None
    confidence: float | None
    reason: ReasonOut
    look_alikes: list[LookAlike]


class MapOut(BaseModel):
    """Each document as a list: id, place (x, y), label that stands now, confidence."""

    method: Literal["PCA"]
    places: list[list[str | float | None]]


@router.post(
    "/projects/{project_id}/classify",
    responses={202: {"model": JobBody, "description": "Texts are read first: a job"}},
)
def classify(
    project_id: str, project: ProjectOf, shared: SharedOf, response: Response
) -> DecidedOut | JobBody:
    """Decide about all documents anew, by the examples and labels as they are now."""
    if project.n_to_encode():
        response.status_code = 202
        return start_classifying(shared, project_id)
    made = project.classify()
    return DecidedOut(
        state=made.state,
        n_documents=made.n_documents,
        n_changed=made.n_changed,
        n_relabelled=made.n_relabelled,
        n_examples=made.n_examples,
        report=list(made.report),
    )


@router.get("/projects/{project_id}/next")
def suggestions(
    project: ProjectOf, n: Annotated[int, Query(ge=1, le=MOST_SUGGESTED)] = 8
) -> list[SuggestionOut]:
    """Choose documents to label, the most useful first, and say why."""
    return [
        SuggestionOut(
            id=one.document_id,
            label=one.likely_label,
            confidence=one.confidence,
            reason=ReasonOut(
                kind=one.reason,
                between=[
                    label
                    for label in (one.likely_label, one.second_label)
                    if label is not None and one.reason == "hesitates"
                ],
                stands_for=one.n_alike,
            ),
            look_alikes=_look_alikes(project, one.look_alikes[:_MOST_LOOK_ALIKES]),
        )
        for one in project.suggest(n)
    ]


def _look_alikes(project: Project, ids: tuple[str, ...]) -> list[LookAlike]:
    found = []
    for one in ids:
        decision = project.decision(one)
        found.append(
            LookAlike(
                id=one,
                label=decision.label if decision else None,
                confidence=decision.confidence if decision else None,
                snippet=opening(
                    project.document(one).text, characters=_SNIPPET_CHARACTERS
                ),
            )
        )
    return found


@router.get("/projects/{project_id}/map")
def places(project: ProjectOf) -> MapOut:
    """Place all documents on a plane; what is alike lies close together."""
    found = project.map()
    return MapOut(
        method="PCA",
        places=[
            [one.id, *found.get(one.id, (None, None)), one.label, one.confidence]
            for one in project.standings()
        ],
    )
