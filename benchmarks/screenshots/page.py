"""The pictures of the page to label on, taken of the bundled example.

Run: python -m benchmarks.screenshots.page [--out docs/images]

A project is made of the bundled pile and its label names, served, and opened in
Chromium; documents are labelled with what they are, by keys, until the pictures show a
page in use. Needs Chromium on the machine; the fonts are the machine's.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from benchmarks.screenshots.report import write_picture
from benchmarks.serving.report import FLAGS, chromium_path
from benchmarks.serving.thread import NAMES, project_of_examples, served, truth

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
N_LABELLED = 12
expect.set_options(timeout=120_000)


def main() -> None:
    """Serve the example, label, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder) / "papers"
        project_of_examples(place)
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=FLAGS
        )
        with served(place, Path(folder) / "state") as address:
            _take(browser, address, out)
        browser.close()


def _take(browser: Browser, address: str, out: Path) -> None:
    page = browser.new_page(viewport=WIDE, color_scheme="light", locale="en-GB")
    page.goto(f"{address}#label")
    for _ in range(N_LABELLED):
        _answer(page)
    expect(page.locator("#standing")).to_contain_text(f"{N_LABELLED} labelled")
    page.reload()  # what was said and decided is all there
    _shown(page)
    write_picture(page.screenshot(), out / "labelling.png")
    page.goto(f"{address}#sign-off")
    page.get_by_role("button", name="Draw a sample").click()
    while _shown(page):
        _answer(page)
    write_picture(page.screenshot(), out / "audit.png")
    page.close()
    phone = browser.new_page(
        viewport=NARROW, color_scheme="light", locale="en-GB", has_touch=True
    )
    phone.goto(f"{address}#label")
    _shown(phone)
    write_picture(phone.screenshot(), out / "labelling-phone.png")


def _answer(page: Page) -> None:
    """Say by a key what the document is, and wait for what follows."""
    document = _shown(page)
    page.keyboard.press(str(NAMES.index(truth()[document]) + 1))
    other = page.locator("#reading-heading").filter(has_not_text=document)
    expect(other.or_(page.locator(".certificate"))).to_be_visible()


def _shown(page: Page) -> str:
    """Give the document that is shown; nothing at the end of an audit."""
    shown = page.locator("#text .block").first
    expect(shown.or_(page.locator(".certificate"))).to_be_visible()
    heading = page.locator("#reading-heading")
    return heading.inner_text() if heading.count() else ""


if __name__ == "__main__":
    main()
