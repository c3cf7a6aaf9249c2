"""Every document has an address, and Back stays in the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.report.browser import needs_chromium
from tests.report.classified.browsing import names, opened, shows, shows_the_list
from tests.report.classified.piles import document, pile

pytestmark = [pytest.mark.slow, needs_chromium]

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("view", [{"width": 1280, "height": 800}, PHONE])
def test_back_closes_a_document_and_forward_opens_it_again(
    browser: Browser, tmp_path: Path, view: dict[str, int]
) -> None:
    with opened(browser, tmp_path, pile(7), viewport=view) as page:
        first, second, *_ = names(page)
        page.locator("#rows button").first.click()
        shows(page, first)
        assert page.url.endswith(f"#document={first}")
        page.locator("#next").click()
        shows(page, second)
        assert page.url.endswith(f"#document={second}")
        page.go_back()
        shows_the_list(page)
        assert page.url.endswith("report.html")
        page.go_forward()
        shows(page, second)
        page.keyboard.press("Escape")
        shows_the_list(page)


def test_an_address_opens_its_document_with_the_list_beneath(
    browser: Browser, tmp_path: Path
) -> None:
    odd = document(3, id="folder/a #2 & 50%.txt")
    whole = pile(documents=(*pile(3).documents, odd))
    fragment = "#document=folder%2Fa%20%232%20%26%2050%25.txt"
    with opened(browser, tmp_path, whole, fragment=fragment) as page:
        shows(page, odd.id)
        expect(page).to_have_title(f"{odd.id} – Labels for the pile")
        page.go_back()
        shows_the_list(page)
        expect(page).to_have_title("Labels for the pile")
        page.evaluate("location.hash = '#document=paper-0001.txt'")
        shows(page, "paper-0001.txt")
        page.get_by_role("button", name="Close").click()
        shows_the_list(page)


@pytest.mark.parametrize("fragment", ["#document=none.txt", "#document=%E0%A4%A", "#x"])
def test_an_address_of_nothing_shows_the_list(
    browser: Browser, tmp_path: Path, fragment: str
) -> None:
    with opened(browser, tmp_path, pile(3), fragment=fragment) as page:
        shows_the_list(page)
        assert 3 == len(names(page))
