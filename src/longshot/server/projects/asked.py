"""What every route of a project is given: the project, and who asks."""

from typing import Annotated, Any

from fastapi import Depends, Request

from longshot.project import Project
from longshot.server.shared import SharedOf


def _project(project_id: str, shared: SharedOf) -> Project:
    project = shared.projects.get(project_id)
    assert isinstance(project, Project)
    return project


def _asker(request: Request) -> str | None:
    """Give the name of the key that was sent; None where there are no keys."""
    who: Any = getattr(request.state, "who", None)
    return who if isinstance(who, str) else None


ProjectOf = Annotated[Project, Depends(_project)]
"""A parameter of a route: the project of its address."""

Asker = Annotated[str | None, Depends(_asker)]
"""A parameter of a route: who is written into the log; None for the project's own."""
