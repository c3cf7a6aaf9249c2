"""Audits: a random sample, checked blind, and what it tells of all labels."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from longshot.project import Project, ProjectAudit
from longshot.server.errors import Refused
from longshot.server.projects.asked import Asker, ProjectOf
from longshot.server.projects.entries import EntryOut, entry_out

router = APIRouter()

_MOST_DRAWN = 100_000

AuditNumber = Annotated[int, Field(ge=1, lt=1 << 31)]


class AuditIn(BaseModel):
    """How large a sample is to be drawn, and what is to be reached."""

    n: Annotated[int, Field(ge=1, le=_MOST_DRAWN)]
    target: Annotated[float | None, Field(gt=0, le=1)] = None


class AnswerIn(BaseModel):
    """What a person says that a document of the sample is."""

    document: str
    label: str | None = Field(default=None, description="Null for none of these.")
    unsure: bool = False


class CertificateOut(BaseModel):
    """So many labels are right, with this certainty at least."""

    limit: float
    level: float
    estimate: float | None
    target: float | None
    n_documents: int
    n_right_at_least: int
    n_drawn: int
    n_right: int
    n_wrong: int
    n_unsure: int
    n_counted: int
    date: str
    population: str
    state: str
    method: str
    source: str
    lines: list[str]


class AuditOut(BaseModel):
    """An audit, as it stands; its certificate holds whenever one stops."""

    id: int
    who: str
    started: str
    n: int
    n_answered: int
    next: str | None
    certificate: CertificateOut
    is_current: bool
    limit_now: float


@router.get("/projects/{project_id}/audits")
def audits(project: ProjectOf) -> list[AuditOut]:
    """List the audits, the newest first."""
    newest = project.audits.latest()
    if newest is None:
        return []
    found = (project.audits.numbered(number) for number in range(newest.id, 0, -1))
    return [audit_out(one) for one in found if one is not None]


@router.post("/projects/{project_id}/audits", status_code=201)
def start(project: ProjectOf, wanted: AuditIn, asker: Asker) -> AuditOut:
    """Draw a random sample of what is decided, for a person to check blind."""
    return audit_out(project.audits.start(wanted.n, target=wanted.target, who=asker))


@router.get("/projects/{project_id}/audits/{audit_id}")
def audit(project: ProjectOf, audit_id: AuditNumber) -> AuditOut:
    """Give an audit, with what is certain by now."""
    return audit_out(_found(project, audit_id))


@router.post("/projects/{project_id}/audits/{audit_id}/answers")
def answer(
    project: ProjectOf, audit_id: AuditNumber, answer: AnswerIn, asker: Asker
) -> AuditOut:
    """Say what a document of the sample is; that makes it no example."""
    made = project.audits.answer(
        audit_id, answer.document, answer.label, unsure=answer.unsure, who=asker
    )
    return audit_out(made)


@router.post("/projects/{project_id}/audits/{audit_id}/use")
def use(project: ProjectOf, audit_id: AuditNumber, asker: Asker) -> list[EntryOut]:
    """Make the answers of an audit labels, so that what was wrong is put right."""
    return [entry_out(one) for one in project.audits.use(audit_id, who=asker)]


def _found(project: Project, audit_id: int) -> ProjectAudit:
    found = project.audits.numbered(audit_id)
    if found is None:
        raise Refused(
            404,
            "audit_not_found",
            f"an audit must have been begun; there is none of the number {audit_id}. "
            "Begin one with POST …/audits.",
        )
    return found


def audit_out(audit: ProjectAudit) -> AuditOut:
    """Give an audit as it is sent: which answers were right is not told one by one."""
    known = audit.certificate
    fields: dict[str, Any] = {
        name: getattr(known, name)
        for name in CertificateOut.model_fields
        if name != "lines"
    }
    return AuditOut(
        id=audit.id,
        who=audit.who,
        started=audit.started_at,
        n=len(audit.document_ids),
        n_answered=sum(one is not None for one in audit.answers),
        next=audit.next_id,
        certificate=CertificateOut(**fields, lines=list(known.lines())),
        is_current=audit.is_current,
        limit_now=audit.limit_now,
    )
