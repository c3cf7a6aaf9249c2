"""Opens a classified pile's page in a real browser, and reads what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from longshot.report.classified import ClassifiedPile, classified_page
from longshot.report.pages import write_page
from tests.report.browser import PATIENCE_MS


@contextmanager
def opened(
    browser: Browser,
    folder: Path,
    pile: ClassifiedPile,
    *,
    fragment: str = "",
    script: str = "",
    **context: Any,
) -> Iterator[Page]:
    """Open a pile's page; in the end, nothing must have gone wrong in it."""
    path = folder / "report.html"
    write_page(path, classified_page(pile, folder=folder))
    with browser.new_context(**context) as window:
        if script:
            window.add_init_script(script)
        with visited(window, path, fragment=fragment) as page:
            yield page


@contextmanager
def visited(
    window: BrowserContext, path: Path, *, fragment: str = ""
) -> Iterator[Page]:
    """Open a page that is there; it must ask for nothing beside itself."""
    wrong: list[str] = []
    page = window.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text))
    page.on("request", lambda asked: wrong.append(asked.url))
    page.goto(path.as_uri() + fragment)
    expect(page.locator("#count")).not_to_be_empty()
    yield page
    ours = (path.as_uri(), "blob:")  # what is saved is the page's own
    assert [] == [one for one in wrong if not one.startswith(ours)]


def names(page: Page) -> list[str]:
    return page.locator("#rows button").all_inner_texts()


def count(page: Page, told: str) -> None:
    expect(page.locator("#count")).to_have_text(told)


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog")


def shows(page: Page, document_id: str) -> None:
    """Check that a document is open."""
    expect(panel(page).get_by_role("heading", level=2)).to_have_text(document_id)
    expect(page.locator("#text")).not_to_be_empty()


def shows_the_list(page: Page) -> None:
    """Check that no document is open."""
    expect(panel(page)).to_have_count(0)
