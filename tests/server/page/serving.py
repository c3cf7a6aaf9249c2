"""The page of a served project, opened in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from benchmarks.serving.thread import EXAMPLES
from tests.report.browser import PATIENCE_MS

BEGINNING_CHARACTERS = 1_500
NARROW, WIDE = (390, 844), (1280, 800)


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
    refused: str | None = None,
    **context: str | bool,
) -> Iterator[Page]:
    """Open the page at a view; in the end, nothing must have gone wrong in it.

    ``refused`` stands in the browser's line of a request that a test has refused.
    """
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
    wrong = [one for one in wrong if not one.startswith(own)]
    assert [] == [one for one in wrong if refused is None or refused not in one]


def go(page: Page, view: str) -> None:
    """Go to another view of the page that is open."""
    page.goto(page.url.split("#")[0] + f"#{view}")


def document_shown(page: Page) -> str:
    """Give the id of the document that is open, once its text is there."""
    expect(page.locator("#text")).not_to_be_empty()
    return page.locator("#reading-heading").inner_text()


_STEP_MS = 20


class Held:
    """Requests of a page that are held back until a test lets them go.

    Parameters
    ----------
    page, address
        Whose requests, and to where, as Playwright's ``route`` is told.
    answered
        Whether the server is asked at once, and its answer held: one that comes late
        tells how things stood before.
    most
        How many are held; later ones pass.
    """

    def __init__(
        self, page: Page, address: str, *, answered: bool = False, most: int = 1_000
    ) -> None:
        self._page = page
        self._address = address
        self._answered = answered
        self._left = most
        self._held: list[tuple[Route, APIResponse | None]] = []
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if not self._left:
            route.continue_()
            return
        self._left -= 1
        self._held.append((route, route.fetch() if self._answered else None))

    def wait(self, n: int = 1) -> None:
        """Wait until so many are held."""
        for _ in range(PATIENCE_MS // _STEP_MS):
            if len(self._held) >= n:
                return
            self._page.wait_for_timeout(_STEP_MS)
        raise AssertionError(f"{n} requests must be held; {len(self._held)} are")

    def let_go(self, which: int = 0) -> None:
        """Let one of them go: the oldest, unless another is named."""
        route, answer = self._held.pop(which)
        if answer is None:
            route.continue_()
        else:
            route.fulfill(response=answer)

    def refuse(self, message: str) -> None:
        """Answer the oldest as the server answers what it cannot take."""
        route, _ = self._held.pop(0)
        error = {"code": "document_not_found", "message": message}
        route.fulfill(status=404, json={"error": error})

    def end(self) -> None:
        """Let all go, and hold none any more."""
        self._left = 0
        while self._held:
            self.let_go()
