"""The page's files, and those of the report that it is built of."""

import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import longshot.report

PAGE = Path(__file__).parent / "page"
REPORT = Path(longshot.report.__file__).parent

_SHARED = (".css", ".js")


class PageFiles(StaticFiles):
    """Files of a folder, asked for again each time, so that an update is seen at once.

    Parameters
    ----------
    folder
        Where they lie.
    endings
        Only files with one of these are given; all, by default.
    """

    def __init__(self, folder: Path, endings: tuple[str, ...] = ()) -> None:
        super().__init__(directory=folder, html=True)
        self._endings = endings

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; what has another ending is not there."""
        if self._endings and not path.endswith(self._endings):
            return "", None
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, to be asked for again: by its tag it is seldom sent twice."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def shared_files() -> PageFiles:
    """Give the modules and styles that report and page have in common."""
    return PageFiles(REPORT, _SHARED)
