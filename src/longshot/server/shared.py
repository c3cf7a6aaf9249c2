"""What the routes of an app share."""

import asyncio
import logging
from typing import Annotated

from fastapi import Depends, Request

from longshot.embedder import DocumentEmbedder
from longshot.encoders import Encoder
from longshot.encoding.cache import VectorCache
from longshot.errors import LongshotError
from longshot.recipe import Recipe
from longshot.server.encoding import (
    Classifiers,
    Decisions,
    ProjectExamples,
    SharedEncoder,
    WindowMemory,
)
from longshot.server.errors import Refused
from longshot.server.jobs import Jobs
from longshot.server.metrics import Metrics
from longshot.server.open_projects import OpenProjects
from longshot.server.settings import ServerSettings

_LOG = logging.getLogger("longshot.server")


class Shared:
    """Settings, counts, jobs, projects and what reads texts, of one server.

    Parameters
    ----------
    settings
        What is served, and its limits.
    encoder
        A model that is already loaded; that of the settings, by default.
    """

    def __init__(
        self, settings: ServerSettings, encoder: Encoder | None = None
    ) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.jobs = Jobs(settings.state_folder / "jobs")
        self._cache = VectorCache() if settings.cache else None
        recipe = Recipe(model=settings.model, precision=settings.precision)
        memory = WindowMemory(self._cache)
        self.metrics.kept_bytes.set_function(lambda: memory.size_bytes)
        self.embedder = DocumentEmbedder(recipe, encoder=encoder, cache=memory)
        keeps = settings.cache or encoder is not None
        self.projects = OpenProjects(
            settings.projects, self.embedder if keeps else None
        )
        self.encoder = SharedEncoder(self.embedder, self.metrics)
        self.decisions = Decisions()
        self.classifiers = Classifiers(
            self.encoder,
            self.decisions.run,
            settings.kept_classifiers,
            self.metrics,
        )
        self.project_examples = ProjectExamples()
        self._loading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Load the model beside what is answered, and go on with the jobs of before."""
        self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        self.jobs.resume()

    def check_ready(self) -> None:
        """Refuse to be asked before the model is loaded.

        Raises
        ------
        Refused
            If it is not yet.
        LongshotError
            If it cannot be.
        """
        if self._loading is None or not self._loading.done():
            raise Refused(
                503,
                "not_ready",
                "the model must be loaded before the server is ready; it is not yet. "
                "Ask again in some seconds.",
                {"retry-after": "2"},
            )
        self._loading.result()

    def begin_to_end(self) -> None:
        """Let streams and long work end, so that nothing keeps the server up."""
        self.jobs.stop_watching()

    async def close(self) -> None:
        """Finish what was begun, and let go of everything."""
        await asyncio.to_thread(self._close)

    def _load(self) -> None:
        try:
            _ = self.embedder.fingerprint
        except LongshotError as error:
            _LOG.error("the model cannot be loaded: %s", error)
            raise

    def _close(self) -> None:
        self.jobs.close()
        self.encoder.close()
        self.decisions.close()
        self.projects.close()
        if self._cache is not None:
            self._cache.close()


async def shared_of(request: Request) -> Shared:
    """Give what the routes of the request's app share.

    It waits for nothing: a plain function would take a thread for each request.
    """
    shared = request.app.state.shared
    assert isinstance(shared, Shared)
    return shared


SharedOf = Annotated[Shared, Depends(shared_of)]
"""A parameter of a route: what all routes share."""
