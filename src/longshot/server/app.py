"""The app: routes, what they share, and what stands around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from longshot import __version__
from longshot.server import projects
from longshot.server.access import Guard, KeyFile
from longshot.server.errors import ERRORS, add_error_handlers
from longshot.server.observing import Observed
from longshot.server.page_files import PAGE, PageFiles, shared_files
from longshot.server.routes import health, jobs
from longshot.server.settings import ServerSettings
from longshot.server.shared import Shared


def make_app(settings: ServerSettings | None = None) -> FastAPI:
    """Make the app of a server.

    What its routes share is ``app.state.shared``: settings, jobs, projects, what
    encodes texts.

    Raises
    ------
    ReadingError
        If the keys cannot be read.
    """
    settings = settings or ServerSettings()
    keys = KeyFile(settings.keys_file).read() if settings.keys_file else ()
    shared = Shared(settings)
    projects.register_jobs(shared)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        shared.start()
        try:
            yield
        finally:
            await shared.close()

    app = FastAPI(
        title="longshot",
        summary="Label a few. Sort the pile.",
        version=__version__,
        lifespan=lifespan,
        responses=ERRORS,
        docs_url=None,  # both load scripts from elsewhere; the page of docs is static
        redoc_url=None,
    )
    app.state.shared = shared
    for router in (health.router, jobs.router, projects.router):
        app.include_router(router)

    @app.get("/", include_in_schema=False)
    async def page() -> RedirectResponse:
        return RedirectResponse("page/")

    app.mount("/page/report", shared_files())
    app.mount("/page", PageFiles(PAGE))
    add_error_handlers(app)
    # The last one added stands outermost: what the guard refuses is observed too.
    app.add_middleware(Guard, settings=settings, keys=keys)
    app.add_middleware(Observed, metrics=shared.metrics)
    return app
