"""The Chromium on this machine, in which the tests open pages from their files."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
# a browser of a continuous integration runs as root, which its sandbox refuses
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PATIENCE_MS = 120_000  # a busy machine is no mistake
expect.set_options(timeout=PATIENCE_MS)

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is on this machine"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def images_and_width(browser: Browser, page: Path, *, width: int) -> tuple[int, bool]:
    """Tell how many images of a page are drawn, and whether it fits its window."""
    wrong: list[str] = []
    with browser.new_context(viewport={"width": width, "height": 900}) as window:
        tab = window.new_page()
        tab.on("console", lambda line: wrong.append(line.text))
        tab.goto(page.as_uri())
        n_drawn = tab.evaluate(
            "[...document.images].filter(one => one.naturalWidth > 0).length"
        )
        wide = tab.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert [] == wrong
    return n_drawn, not wide
