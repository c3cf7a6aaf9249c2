"""The page of a served project, opened in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.serving.thread import EXAMPLES

BEGINNING_CHARACTERS = 1_500
NARROW, WIDE = (390, 844), (1280, 800)

PATIENCE_MS = 120_000  # a busy machine is no mistake
expect.set_options(timeout=PATIENCE_MS)


def cut_pile(folder: Path) -> list[Path]:
    """Write the bundled pile, each paper cut to its beginning: that is read sooner."""
    cut = []
    for path in sorted((EXAMPLES / "pile").iterdir()):
        cut.append(folder / path.name)
        cut[-1].write_text(path.read_text("utf-8")[:BEGINNING_CHARACTERS], "utf-8")
    return cut


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
        page.set_default_timeout(PATIENCE_MS)
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
