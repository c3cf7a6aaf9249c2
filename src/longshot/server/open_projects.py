"""The projects that are served, each opened when it is first asked for."""

import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from longshot.embedder import DocumentEmbedder
from longshot.project import Project
from longshot.server.errors import Refused


class OpenProjects:
    """Projects by the name that they have in addresses.

    Parameters
    ----------
    places
        Their folders, or the addresses of their databases. The name of each is that of
        the folder or database; a second one of the same name gets a number.
    embedder
        What reads the documents of those projects that have its recipe, so that one
        model serves all of them.
    """

    def __init__(
        self, places: Sequence[str], embedder: DocumentEmbedder | None = None
    ) -> None:
        self._places: dict[str, str] = {}
        for place in places:
            name = free = _name_of(place)
            number = 2
            while free in self._places:
                free, number = f"{name}-{number}", number + 1
            self._places[free] = place
        self._embedder = embedder
        self._opened: dict[str, Project] = {}
        self._lock = threading.Lock()

    @property
    def ids(self) -> tuple[str, ...]:
        """The names, in the order in which they were given."""
        return tuple(self._places)

    def get(self, project_id: str) -> Project:
        """Give a project, opened.

        Raises
        ------
        Refused
            If none of this name is served.
        ProjectError
            If it cannot be opened.
        """
        self.check(project_id)
        with self._lock:
            if project_id not in self._opened:
                self._opened[project_id] = self._open(self._places[project_id])
            return self._opened[project_id]

    def check(self, project_id: str) -> None:
        """Refuse a name that no project has.

        Raises
        ------
        Refused
            If none of this name is served.
        """
        if project_id not in self._places:
            raise Refused(
                404,
                "project_not_found",
                "a project must be one that is served; there is none of this name. "
                "List them with GET /v1/projects.",
            )

    def close(self) -> None:
        """Let go of all projects."""
        with self._lock:
            for project in self._opened.values():
                project.close()
            self._opened.clear()

    def _open(self, place: str) -> Project:
        project = Project.open(place)
        if self._embedder is None or project.recipe != self._embedder.recipe:
            return project
        project.close()
        return Project.open(place, embedder=self._embedder)


def _name_of(place: str) -> str:
    path = urlsplit(place).path if "://" in place else str(Path(place).resolve())
    return Path(path).name or "project"
