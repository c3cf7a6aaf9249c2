"""What the routes of an app share."""

from typing import Annotated

from fastapi import Depends, Request

from longshot.server.jobs import Jobs
from longshot.server.metrics import Metrics
from longshot.server.open_projects import OpenProjects
from longshot.server.settings import ServerSettings


class Shared:
    """Settings, counts, jobs and projects of one server.

    Parameters
    ----------
    settings
        What is served, and its limits.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.jobs = Jobs(settings.state_folder / "jobs")
        self.projects = OpenProjects(settings.projects)

    def start(self) -> None:
        """Go on with the jobs of before."""
        self.jobs.resume()

    def begin_to_end(self) -> None:
        """Let streams and long work end, so that nothing keeps the server up."""
        self.jobs.stop_watching()

    async def close(self) -> None:
        """Finish what was begun, and let go of everything."""
        self.jobs.close()
        self.projects.close()


def shared_of(request: Request) -> Shared:
    """Give what the routes of the request's app share."""
    shared = request.app.state.shared
    assert isinstance(shared, Shared)
    return shared


SharedOf = Annotated[Shared, Depends(shared_of)]
"""A parameter of a route: what all routes share."""
