"""A person starts from nothing: names labels, adds files and rows, and labels."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.serving.thread import served
from longshot.project import Project
from tests.report.browser import needs_chromium
from tests.server.page.serving import Held, cut_pile, opened

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """Serve a project with nothing in it."""
    place = tmp_path / "empty"
    Project.create(place).close()
    with served(place, tmp_path / "state") as address:
        yield address


def test_an_empty_project_opens_where_documents_are_added(
    browser: Browser, empty: str
) -> None:
    with opened(browser, empty) as page:
        expect(page.get_by_text("Drop files or a folder here")).to_be_visible()


def test_files_are_read_and_what_cannot_be_is_told(
    browser: Browser, empty: str, tmp_path: Path
) -> None:
    blank = tmp_path / "blank.txt"
    blank.write_text("  ")
    files = [*cut_pile(tmp_path)[:3], blank]
    with opened(browser, empty, "add") as page:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(files)
        expect(page.locator("#toasts")).to_contain_text("3 documents added")
        expect(page.locator(".aside")).to_contain_text("1 document set aside")
        expect(page.locator(".aside li")).to_contain_text("blank.txt")
        expect(page.locator("#standing")).to_contain_text("3 documents")


def test_pasted_rows_are_documents_and_the_same_one_is_not_added_twice(
    browser: Browser, empty: str
) -> None:
    with opened(browser, empty, "add") as page:
        for told in ("2 documents added", "1 document added, 1 was here already"):
            second = "The boiler leaks." if "2" in told else "The lamp is broken."
            page.get_by_label("Or paste texts").fill(f"The rent is due.\n{second}")
            page.get_by_role("button", name="Add these").click()
            expect(page.locator("#toasts")).to_contain_text(told)


def test_what_is_typed_while_rows_are_sent_stays(browser: Browser, empty: str) -> None:
    with opened(browser, empty, "add") as page:
        with page.expect_response("**/set-aside"):
            page.reload()  # which asks, too
        held = Held(page, "**/set-aside")
        typed = page.get_by_label("Or paste texts")
        typed.fill("The rent is due.\nThe boiler leaks.")
        page.get_by_role("button", name="Add these").click()
        held.wait()
        typed.fill("The lamp is broken.\nThe roof is new.")
        held.end()
        expect(page.locator(".run")).to_be_hidden()
        expect(typed).to_have_value("The lamp is broken.\nThe roof is new.")


def test_rows_that_were_not_added_stay(browser: Browser, empty: str) -> None:
    with opened(browser, empty, "add") as page:
        page.route("**/documents", lambda route: route.fulfill(body="?"))
        typed = page.get_by_label("Or paste texts")
        typed.fill("The rent is due.\nThe boiler leaks.")
        page.get_by_role("button", name="Add these").click()
        expect(page.locator(".toast.problem")).to_be_visible()
        expect(typed).to_have_value("The rent is due.\nThe boiler leaks.")


def test_no_sample_is_drawn_of_what_is_not_decided(
    browser: Browser, empty: str
) -> None:
    with opened(browser, empty, "sign-off") as page:
        expect(page.get_by_text("longshot draws documents at random")).to_be_visible()
        expect(page.get_by_role("button", name="Draw a sample")).to_have_count(0)


def test_waiting_for_a_document_is_told(browser: Browser, empty: str) -> None:
    with opened(browser, empty, "add") as page:
        held = Held(page, "**/next?*", most=1)
        page.get_by_role("link", name="Label", exact=True).click()
        expect(page.get_by_text("Looking for the document")).to_be_visible()
        expect(page.get_by_role("button", name="Skip")).to_be_hidden()
        held.wait()
        held.end()
        expect(page.get_by_text("There is nothing to label yet.")).to_be_visible()


def test_labels_are_named_with_what_they_mean(browser: Browser, empty: str) -> None:
    with opened(browser, empty, "labels") as page:
        for number, name in enumerate(("lease", "recipe")):
            card = page.locator(".label-card").nth(number)
            card.get_by_label("Name", exact=True).fill(name)
            card.get_by_label("What it means").fill(f"what a {name} is")
        page.get_by_role("button", name="Save labels").click()
        expect(page.locator("#toasts")).to_contain_text("2 labels saved")
        page.reload()
        names = page.get_by_label("Name", exact=True)
        expect(names).to_have_count(2)
        assert ["lease", "recipe"] == [one.input_value() for one in names.all()]
        meaning = page.get_by_label("What it means").last
        expect(meaning).to_have_value("what a recipe is")
