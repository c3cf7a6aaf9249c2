"""The pictures of the page to label on, taken of the bundled example.

Run: python -m benchmarks.page_screenshots [--out docs/images]

A project is made of the bundled pile and its label names, served, and opened in
Chromium; documents are labelled with what they are, by keys, until the pictures show a
page in use. Needs Chromium on the machine; the fonts are the machine's.
"""

import argparse
import csv
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from benchmarks.report import FLAGS, chromium_path
from benchmarks.screenshot import EXAMPLES, write_picture
from benchmarks.serving import project_of_examples, served

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
N_LABELLED = 12
N_CHECKED = 30  # of the audit


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
    truth, names = _truth(), sorted(set(_truth().values()))
    for _ in range(N_LABELLED):
        document = _shown(page)
        page.keyboard.press(str(names.index(truth[document]) + 1))
        expect(page.locator("#reading-heading")).not_to_have_text(document)
    _shown(page)
    page.locator(".toast").wait_for(state="detached")
    write_picture(page.screenshot(), out / "labelling.png")
    page.goto(f"{address}#sign-off")
    page.locator("select").last.select_option(index=0)
    page.get_by_role("button", name="Draw a sample").click()
    for _ in range(N_CHECKED):
        document = _shown(page)
        page.keyboard.press(str(names.index(truth[document]) + 1))
        expect(page.locator("#reading-heading")).not_to_have_text(document)
        if page.locator(".certificate").count():
            break
    page.locator(".certificate").wait_for()
    write_picture(page.screenshot(), out / "audit.png")
    page.close()
    phone = browser.new_page(
        viewport=NARROW, color_scheme="light", locale="en-GB", has_touch=True
    )
    phone.goto(f"{address}#label")
    _shown(phone)
    write_picture(phone.screenshot(), out / "labelling-phone.png")


def _shown(page: Page) -> str:
    expect(page.locator("#text")).not_to_be_empty(timeout=60_000)
    return page.locator("#reading-heading").inner_text()


def _truth() -> dict[str, str]:
    with (EXAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["label"] for row in csv.DictReader(file)}


if __name__ == "__main__":
    main()
