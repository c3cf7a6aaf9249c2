"""The app: routes, what they share, and what stands around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from longshot import __version__
from longshot.encoders import Encoder
from longshot.errors import SettingError
from longshot.server import projects
from longshot.server.access.guard import Guard
from longshot.server.access.keys import Key, KeyFile
from longshot.server.access.waiting_line import WaitingLine
from longshot.server.errors import ERRORS, add_error_handlers
from longshot.server.observing import Observed
from longshot.server.page_files import PAGE, PageFiles, shared_files
from longshot.server.routes import (
    classify,
    explain,
    health,
    hugging_face,
    jobs,
    label_studio,
    openai,
    similar,
    text_embeddings_inference,
)
from longshot.server.settings import ServerSettings
from longshot.server.shared import Shared

ROUTERS = (
    classify.router,
    explain.router,
    similar.router,
    openai.router,
    text_embeddings_inference.router,
    hugging_face.router,
    label_studio.router,
    projects.router,
    jobs.router,
    health.router,
)


def make_app(
    settings: ServerSettings | None = None, *, encoder: Encoder | None = None
) -> FastAPI:
    """Make the app of a server.

    What its routes share is ``app.state.shared``: settings, jobs, projects, what
    encodes texts.

    Parameters
    ----------
    settings
        What is served, and its limits.
    encoder
        A model that is already loaded; that of the settings, by default.

    Raises
    ------
    ReadingError
        If the keys cannot be read.
    SettingError
        If a file of keys is named that holds none.
    """
    settings = settings or ServerSettings()
    keys = _keys(settings)
    shared = Shared(settings, encoder)
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
    for router in ROUTERS:
        app.include_router(router)

    @app.get("/", include_in_schema=False)
    async def page() -> RedirectResponse:
        return RedirectResponse("page/")

    app.mount("/page/report", shared_files())
    app.mount("/page", PageFiles(PAGE))
    add_error_handlers(app)
    # The last one added stands outermost: what the guard refuses is observed too.
    app.add_middleware(WaitingLine, settings=settings, metrics=shared.metrics)
    app.add_middleware(Guard, settings=settings, keys=keys)
    app.add_middleware(Observed, metrics=shared.metrics)
    return app


def _keys(settings: ServerSettings) -> tuple[Key, ...]:
    if settings.keys_file is None:
        return ()
    keys = KeyFile(settings.keys_file).read()
    if not keys:
        raise SettingError(
            f"keys_file must hold at least one key; {settings.keys_file} holds none. "
            f"Run: longshot keys add NAME --keys-file {settings.keys_file}"
        )
    return keys
