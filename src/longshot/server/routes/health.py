"""Whether the server is up and ready, and what it counted."""

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from longshot.server.shared import SharedOf

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """The server answers."""

    status: Literal["up"] = "up"


@router.get("/health")
async def health() -> Health:
    """Tell that the server is up."""
    return Health()


class Ready(BaseModel):
    """The server can decide."""

    status: Literal["ready"] = "ready"
    model: str


@router.get("/ready")
async def ready(shared: SharedOf) -> Ready:
    """Tell that the model is loaded; an error until it is."""
    shared.check_ready()
    return Ready(model=shared.settings.model)


@router.get("/metrics", response_class=Response)
async def metrics(shared: SharedOf) -> Response:
    """Give all counts in Prometheus' text format."""
    return Response(shared.metrics.text(), media_type=CONTENT_TYPE_LATEST)
