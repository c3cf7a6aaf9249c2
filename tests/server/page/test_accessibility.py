"""No view has a fault that axe-core finds, light or dark, wide or narrow."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving.thread import served
from tests.report.browser import needs_chromium
from tests.server.page.serving import NARROW, WIDE, go, opened

axe = pytest.importorskip(
    "axe_playwright_python", reason="axe-core comes with axe-playwright-python"
)
AXE = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ALL_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}

RULES_OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}

pytestmark = [pytest.mark.slow, needs_chromium]

VIEWS = {  # what is there once a view is drawn
    "label": "#text .block",
    "pile": "#rows tr",
    "pile/paper-014.txt": ".panel .why li",
    "labels": ".label-card",
    "add": ".drop",
    "sign-off": ".narrow h2",
    "export": ".exports button",
    "history": ".history li",
    "conflicts": ".conflicts",
}


@pytest.fixture(scope="module")
def address(papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the project as it is: nothing is written here."""
    with served(papers, tmp_path_factory.mktemp("state")) as address:
        yield address


@pytest.fixture(scope="module", params=[WIDE, NARROW], ids=str)
def page(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> Iterator[Page]:
    """Open the page once for each size; views follow one another in it."""
    with opened(browser, address, "labels", size=request.param) as page:
        page.evaluate(AXE)
        yield page


def faults(page: Page, rules: dict[str, Any]) -> list[str]:
    """Give each fault that axe-core finds, with where it is."""
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(rules)})")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_no_fault(page: Page, view: str) -> None:
    page.emulate_media(color_scheme="light")
    go(page, view)
    expect(page.locator("body")).to_have_attribute("data-view", view.split("/")[0])
    expect(page.locator(VIEWS[view]).first).to_be_attached()
    assert [] == faults(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    assert [] == faults(page, RULES_OF_COLOURS)
    page.keyboard.press("Escape")  # closes the panel, which is modal on a phone
    expect(page.locator("dialog:modal")).to_have_count(0)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{view} is wider than its window"
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@pytest.mark.parametrize("locale", ["de-DE", "zh-CN"])
def test_the_page_speaks_the_browsers_language(
    browser: Browser, address: str, locale: str
) -> None:
    with opened(browser, address, "pile", locale=locale) as page:
        expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        told = {"de": "36 Dokumente", "zh": "36 个文档"}[locale[:2]]
        expect(page.locator("#standing")).to_contain_text(told)
