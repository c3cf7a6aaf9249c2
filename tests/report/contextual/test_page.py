import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from longshot.contextuality import Sentence, Settings, Study, study
from longshot.report.contextual import contextual_page
from longshot.report.pages import write_page
from tests.fakes import FakeEncoder
from tests.report.browser import images_and_width, needs_chromium

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def wide() -> Study:
    """Give a study whose sentences hold a word that is wider than a page."""
    sentences = [
        Sentence(id=str(i), text=f"a mouse {'x' * 300} number{i}", label=f"{i % 2}")
        for i in range(8)
    ]
    return study(
        sentences, ["mouse"], [FakeEncoder()], settings=Settings(n_resamples=20)
    )


def test_page_stands_alone_and_no_text_can_act(found: Study, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_page(path, contextual_page(found))
    page = path.read_text()
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    links = re.findall(r'(?:src|href)="([^"]{0,30})', page)
    assert links
    assert all(link.startswith("data:image/svg+xml;base64,") for link in links)
    assert page.count("<img") == 2 * (1 + 4)  # a map and four curves per word


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [500, 1280])
def test_page_fits_its_window_and_draws_its_figures(
    wide: Study, tmp_path: Path, browser: Browser, width: int
) -> None:
    path = tmp_path / "report.html"
    write_page(path, contextual_page(wide))
    assert (5, True) == images_and_width(browser, path, width=width)
