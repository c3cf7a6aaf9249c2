"""Jobs: how far they are, as they go on, and their end."""

import json
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from longshot.server.errors import ErrorDetail
from longshot.server.jobs import Job
from longshot.server.shared import Shared, SharedOf

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


class JobStatus(BaseModel):
    """A job, as it stands."""

    id: str
    kind: str
    project: str | None
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int
    total: int | None
    details: dict[str, Any]
    result: Any
    error: ErrorDetail | None
    created_at: float
    finished_at: float | None
    n_starts: int


def status_of(job: Job) -> JobStatus:
    """Give what clients see of a job."""
    return JobStatus.model_validate(job.shown())


@router.get("")
async def jobs(shared: SharedOf) -> list[JobStatus]:
    """List the jobs, the newest first."""
    return [status_of(job) for job in shared.jobs.all()]


@router.get("/{job_id}")
async def job(job_id: str, shared: SharedOf) -> JobStatus:
    """Tell how far a job is."""
    return status_of(shared.jobs.get(job_id))


@router.delete("/{job_id}")
async def cancel(job_id: str, shared: SharedOf) -> JobStatus:
    """Let a job stop at its next step; what it finished stays."""
    return status_of(shared.jobs.cancel(job_id))


@router.get(
    "/{job_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(job_id: str, shared: SharedOf) -> StreamingResponse:
    """Follow a job as server-sent events, one each time that it changes."""
    shared.jobs.get(job_id)  # one that is not there is an error before any stream
    return StreamingResponse(
        _events(shared, job_id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(shared: Shared, job_id: str) -> AsyncIterator[str]:
    async for job in shared.jobs.changes(job_id):
        shown = json.dumps(job.shown())
        yield f"event: {job.state}\ndata: {shown}\n\n"
