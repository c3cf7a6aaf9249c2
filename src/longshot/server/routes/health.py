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


@router.get("/metrics", response_class=Response)
async def metrics(shared: SharedOf) -> Response:
    """Give all counts in Prometheus' text format."""
    return Response(shared.metrics.text(), media_type=CONTENT_TYPE_LATEST)
