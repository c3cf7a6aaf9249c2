"""The routes of ``/v1/projects``."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/projects", tags=["projects"])

__all__ = ["router"]
