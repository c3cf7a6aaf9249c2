"""A server in a thread of this process, for measurements and tests of the page."""

import csv
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from longshot.encoders import Encoder
from longshot.project import NamedLabel, Project
from longshot.reading import read_documents
from longshot.server import ServerSettings
from longshot.server.app import make_app

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(one.name for one in (EXAMPLES / "labelled").iterdir() if one.is_dir())


def project_of_examples(place: Path, pile: Path = EXAMPLES / "pile") -> None:
    """Make a project of the bundled pile and its label names, with all decided."""
    with Project.create(place, who="Ada") as project:
        project.add(read_documents(pile))
        project.set_labels([NamedLabel(name=name) for name in NAMES])
        project.classify()


def truth() -> dict[str, str]:
    """Give the true labels of the bundled pile, by document."""
    with (EXAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["label"] for row in csv.DictReader(file)}


@contextmanager
def served(place: Path, state: Path, encoder: Encoder | None = None) -> Iterator[str]:
    """Serve a project; gives the page's address.

    Parameters
    ----------
    place
        The project's folder.
    state
        Where the server keeps its jobs.
    encoder
        What reads texts; the bundled model by default.
    """
    settings = ServerSettings(projects=(str(place),), state=state, port=0)
    app = make_app(settings, encoder=encoder)
    config = uvicorn.Config(app, port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/page/"
    finally:
        server.should_exit = True
        thread.join()
