"""A server in a thread of this process, with a project of the bundled example."""

import csv
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, expect

from longshot.project import Project, ProjectLabel
from longshot.reading import read_documents
from longshot.server import ServerSettings
from longshot.server.app import make_app

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = sorted(one.name for one in (EXAMPLES / "labelled").iterdir() if one.is_dir())
NARROW, WIDE = (390, 844), (1280, 800)

expect.set_options(timeout=30_000)  # a busy machine is no mistake


def truth() -> dict[str, str]:
    """Give the true labels of the bundled pile, by document."""
    with (EXAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["label"] for row in csv.DictReader(file)}


def make_project(place: Path) -> None:
    """Make a project of the bundled pile and its label names, with all decided."""
    with Project.create(place, who="Ada") as project:
        project.add(read_documents(EXAMPLES / "pile"))
        project.set_labels([ProjectLabel(name=name) for name in NAMES])
        project.classify()


@contextmanager
def served(place: Path, state: Path) -> Iterator[str]:
    """Serve a project; gives the page's address."""
    app = make_app(ServerSettings(projects=(str(place),), state=state, port=0))
    config = uvicorn.Config(app, port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/page/"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def opened(
    browser: Browser,
    address: str,
    view: str = "",
    *,
    size: tuple[int, int] = WIDE,
    **context: str | bool,
) -> Iterator[Page]:
    """Open the page at a view; in the end, nothing must have gone wrong in it."""
    wrong: list[str] = []
    width, height = size
    with browser.new_context(
        viewport={"width": width, "height": height},
        **{"locale": "en-GB", **context},  # type: ignore[arg-type]
    ) as window:
        page = window.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text))
        page.on("request", lambda asked: wrong.append(asked.url))
        page.goto(f"{address}#{view}")
        yield page
    own = (address.removesuffix("page/"), "blob:")
    assert [] == [one for one in wrong if not one.startswith(own)]


def document_shown(page: Page) -> str:
    """Give the id of the document that is open, once its text is there."""
    expect(page.locator("#text")).not_to_be_empty()
    return page.locator("#reading-heading").inner_text()
