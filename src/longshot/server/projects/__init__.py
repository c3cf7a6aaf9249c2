"""Routes of ``/v1/projects``: what a project keeps, and what people do to it.

Every route answers from :class:`longshot.project.Project`; nothing is kept here. What
takes longer than a request (reading documents, encoding them) is a job.
"""

from fastapi import APIRouter

from longshot.server.projects import (
    audits,
    deciding,
    documents,
    entries,
    exchange,
    overview,
)
from longshot.server.projects.work import register_jobs

router = APIRouter(prefix="/v1", tags=["projects"])
for part in (overview, documents, entries, deciding, audits, exchange):
    router.include_router(part.router)

__all__ = ["register_jobs", "router"]
