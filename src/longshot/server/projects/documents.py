"""Documents: a part of the list, one with its evidence, adding, what was set aside."""

import re
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile

from longshot.project import DocumentQuery, DocumentRow, Project
from longshot.records import Evidence, Passage
from longshot.report.openings import opening
from longshot.server.errors import Refused
from longshot.server.projects.asked import Asker, ProjectOf
from longshot.server.projects.entries import EntryOut, entry_out
from longshot.server.projects.work import JobBody, start_adding, start_retrying
from longshot.server.shared import Shared, SharedOf
from longshot.server.uploads import save_upload, uploads_folder

router = APIRouter()

MOST_LISTED = 1_000
MOST_PASSAGES = 100  # each takes some milliseconds
MOST_FILES = 1_000  # in one form; the page sends a folder in parts

_SNIPPET_CHARACTERS = 110
_BEFORE_CHARACTERS = 50  # of a hit, in a snippet
State = Literal["all", "open", "labelled", "skipped", "decided", "changed"]
Order = Literal["least_sure", "most_sure", "id", "label", "added"]


class Given(BaseModel):
    """What a person said of a document; a label of null is "none of these"."""

    label: str | None
    who: str | None


class RowOut(BaseModel):
    """A line of the list: the decision, if there is one, and what a person said."""

    id: str
    source: str
    n_characters: int
    state: Literal["open", "labelled", "skipped"]
    label: str | None
    confidence: float | None = Field(description="Null where nothing is decided.")
    given: Given | None
    unreadable: str | None
    snippet: str


class RowsOut(BaseModel):
    """A part of the list, and how long all of it is."""

    total: int
    documents: list[RowOut] = []
    ids: list[str] | None = None


class MatchOut(BaseModel):
    """The passage of an example that a document's is like."""

    example_id: str
    text: str
    similarity: float


class PassageOut(BaseModel):
    """Characters of a document, and what they add to the label's score."""

    start: int
    end: int
    contribution: float
    match: MatchOut | None


class EvidenceOut(BaseModel):
    """The passages that speak for a label, the strongest first, and against it."""

    label: str
    scale: Literal["log-likelihood", "cosine"]
    passages: list[PassageOut]


class DocumentOut(RowOut):
    """A document with all that is known of it."""

    text: str
    notes: list[str]
    pages: list[tuple[int, int]] = Field(description="Where each begins; its number.")
    alternatives: list[tuple[str, float]]
    n_tokens: int | None
    n_windows: int | None
    coverage: float | None
    evidence: EvidenceOut | None
    entries: list[EntryOut]


class PassagesOut(BaseModel):
    """The first words of the passage that decided, by document."""

    passages: dict[str, str]


class RowIn(BaseModel):
    """A document to add."""

    id: str | None = None
    text: Annotated[str, Field(min_length=1)]


class SetAsideOut(BaseModel):
    """A document that could not be added, and why."""

    id: str
    source: str
    reason: str


_ROWS = TypeAdapter(Annotated[list[RowIn], Field(min_length=1)])
_ADDED = {
    "application/json": {
        "schema": {"type": "array", "minItems": 1, "items": RowIn.model_json_schema()}
    },
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["files"],
            "properties": {
                "files": {
                    "type": "array",
                    "items": {"type": "string", "format": "binary"},
                }
            },
        }
    },
}


@router.get("/projects/{project_id}/documents")
def documents(
    project: ProjectOf,
    offset: Annotated[int, Query(ge=0, le=1 << 31)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 100,
    q: str = "",
    label: Annotated[list[str] | None, Query()] = None,
    state: State = "all",
    order: Order = "least_sure",
    min_confidence: Annotated[float | None, Query(ge=0, le=1)] = None,
    max_confidence: Annotated[float | None, Query(ge=0, le=1)] = None,
    fields: Literal["all", "id"] = "all",
) -> RowsOut:
    """List documents; with ``fields=id`` the ids of all that match, and no more.

    The empty label stands for "none of these".
    """
    query = DocumentQuery(
        search=q,
        labels=tuple(label or ()),
        state=None if state == "all" else state,
        min_confidence=min_confidence,
        max_confidence=max_confidence,
        order=order,
        offset=offset,
        limit=limit,
    )
    if fields == "id":
        ids = [one.id for one in project.standings(query)]
        return RowsOut(total=len(ids), ids=ids)
    page = project.documents(query)
    rows = [row_out(one, _snippet(project, one, q)) for one in page.rows]
    return RowsOut(total=page.total, documents=rows)


@router.get("/projects/{project_id}/passages")
def passages(
    project: ProjectOf,
    document: Annotated[list[str], Query(min_length=1, max_length=MOST_PASSAGES)],
) -> PassagesOut:
    """Give the passages that decided about some documents, shortened for a list.

    None is told while texts are to be read: ask again once that is done.
    """
    found = project.passages(document)
    return PassagesOut(
        passages={
            id_: opening(one.text, start=one.start, characters=_SNIPPET_CHARACTERS)
            for id_, one in found.items()
        }
    )


@router.get("/projects/{project_id}/documents/{document_id:path}")
def document(project: ProjectOf, document_id: str, blind: bool = False) -> DocumentOut:
    """Give a document; ``blind`` leaves out whatever anybody said of it."""
    stored = project.document(document_id)
    decision = None if blind else project.decision(document_id)
    evidence = None
    if decision is not None:  # what is shown as decided is what is explained
        evidence = project.evidence(document_id, decision.label)
    is_given = stored.state == "labelled" and not blind
    given = Given(label=stored.label, who=stored.labelled_by) if is_given else None
    entries = [] if blind else project.entries_about(document_id)
    return DocumentOut(
        id=stored.id,
        source=stored.source,
        n_characters=len(stored.text),
        state="open" if blind else stored.state,
        label=decision.label if decision else None,
        confidence=decision.confidence if decision else None,
        given=given,
        unreadable=stored.unreadable,
        snippet=opening(stored.text, start=0, characters=_SNIPPET_CHARACTERS),
        text=stored.text,
        notes=list(stored.notes),
        pages=[(one.start, one.number) for one in stored.pages],
        alternatives=list(decision.alternatives) if decision else [],
        n_tokens=decision.n_tokens if decision else None,
        n_windows=decision.n_windows if decision else None,
        coverage=decision.coverage if decision else None,
        evidence=_evidence_out(evidence) if evidence else None,
        entries=[entry_out(one) for one in entries],
    )


@router.post(
    "/projects/{project_id}/documents",
    status_code=202,
    openapi_extra={"requestBody": {"required": True, "content": _ADDED}},
)
async def add(
    project_id: str,
    project: ProjectOf,
    request: Request,
    shared: SharedOf,
    asker: Asker,
) -> JobBody:
    """Add rows, or files by a form, and read them: a job.

    The name of a file is the path by which its document is known.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        folder = await _saved(request, shared)
        return start_adding(shared, project_id, folder=folder, who=asker)
    try:
        rows = _ROWS.validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    given = [one.model_dump() for one in rows]
    return start_adding(shared, project_id, rows=given, who=asker)


async def _saved(request: Request, shared: Shared) -> Path:
    """Save the files of a form in a folder of their own."""
    async with request.form(max_files=MOST_FILES) as form:
        files = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
        if not files:
            raise Refused(
                400,
                "request_invalid",
                "a form must hold files in its field `files`; got none. Add some.",
            )
        folder = uploads_folder(shared.settings.state_folder)
        for one in files:
            name = one.filename or "file"
            await run_in_threadpool(save_upload, folder, name, one.file)
        return folder


@router.get("/projects/{project_id}/set-aside")
def set_aside(project: ProjectOf) -> list[SetAsideOut]:
    """List what could not be added, and why."""
    return [
        SetAsideOut(id=one.id, source=one.source, reason=one.reason)
        for one in project.set_aside()
    ]


@router.post("/projects/{project_id}/set-aside/retry", status_code=202)
def retry(
    project_id: str, project: ProjectOf, shared: SharedOf, asker: Asker
) -> JobBody:
    """Read what was set aside once more, as far as the files are there: a job."""
    return start_retrying(shared, project_id, project, who=asker)


def row_out(row: DocumentRow, snippet: str) -> RowOut:
    """Give a line of the list as it is sent."""
    is_given = row.state == "labelled"
    return RowOut(
        id=row.id,
        source=row.source,
        n_characters=row.n_characters,
        state=row.state,
        label=row.decided_label if row.is_decided else None,
        confidence=row.confidence,
        given=Given(label=row.given_label, who=row.labelled_by) if is_given else None,
        unreadable=row.unreadable,
        snippet=snippet,
    )


def _snippet(project: Project, row: DocumentRow, sought: str) -> str:
    """Give the beginning of a text, or what is around the words that were sought."""
    if not sought:
        return opening(row.begins, start=0, characters=_SNIPPET_CHARACTERS)
    text = project.document(row.id).text
    hit = re.search(re.escape(sought), text, re.IGNORECASE)
    start = max(hit.start() - _BEFORE_CHARACTERS, 0) if hit else 0
    return opening(
        text[start : start + 4 * _SNIPPET_CHARACTERS],
        start=start,
        characters=_SNIPPET_CHARACTERS,
    )


def _evidence_out(evidence: Evidence) -> EvidenceOut:
    told = evidence.supporting or (evidence.passage,)
    return EvidenceOut(
        label=evidence.label,
        scale="log-likelihood",
        passages=[
            _passage_out(one, evidence if number == 0 else None)
            for number, one in enumerate((*told, *evidence.opposing))
        ],
    )


def _passage_out(passage: Passage, evidence: Evidence | None) -> PassageOut:
    match = evidence.match if evidence else None
    return PassageOut(
        start=passage.start,
        end=passage.end,
        contribution=passage.contribution,
        match=MatchOut(
            example_id=match.example_id, text=match.text, similarity=match.similarity
        )
        if match
        else None,
    )
