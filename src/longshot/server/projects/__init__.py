"""The routes of ``/v1/projects``."""

from fastapi import APIRouter

from longshot.server.shared import Shared

router = APIRouter(prefix="/v1/projects", tags=["projects"])

__all__ = ["register_jobs", "router"]


def register_jobs(shared: Shared) -> None:
    """Tell what the work of each kind of jobs of projects is."""
