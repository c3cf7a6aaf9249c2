import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.serving.thread import project_of_examples, served
from tests.report.browser import chromium
from tests.server.page.serving import cut_pile


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project of the bundled pile; tests that write take a copy."""
    place = tmp_path_factory.mktemp("projects") / "papers"
    pile = tmp_path_factory.mktemp("pile")
    cut_pile(pile)
    project_of_examples(place, pile)
    return place


@pytest.fixture
def address(papers: Path, tmp_path: Path) -> Iterator[str]:
    """Serve a copy of the project, and give the page's address."""
    place = tmp_path / "papers"
    shutil.copytree(papers, place)
    with served(place, tmp_path / "state") as address:
        yield address
