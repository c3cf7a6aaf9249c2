"""A person checks and corrects labels, by the keyboard, and saves them as a table."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from longshot.report.classified import classified_page
from longshot.report.pages import write_page
from tests.report.browser import needs_chromium
from tests.report.classified.browsing import (
    count,
    names,
    opened,
    shows,
    shows_the_list,
    visited,
)
from tests.report.classified.piles import HARM, document, harmful_pile, pile

pytestmark = [pytest.mark.slow, needs_chromium]

NO_STORAGE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
});"""


def saved(page: Page, button: str = "Save corrections") -> list[dict[str, str]]:
    """Save, and read the table that came of it."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    text = Path(download.value.path()).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def progress(page: Page, told: str) -> None:
    expect(page.locator("#checked")).to_have_text(told)


def test_keys_check_change_and_note_without_a_click(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(7)) as page:
        first, second, third, fourth, *_ = names(page)
        page.keyboard.press("u")
        shows(page, first)
        page.keyboard.press("c")  # it is right
        shows(page, second)
        page.keyboard.press("2")
        expect(page.locator("#verdict")).to_have_text("✎ Changed by you")
        page.keyboard.press("n")
        page.keyboard.type('odd, "scanned" cut')
        page.keyboard.press("Escape")
        page.keyboard.press("c")
        shows(page, third)
        page.keyboard.press("l")
        page.keyboard.type("tax return")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        shows(page, fourth)
        page.keyboard.press("k")
        page.keyboard.press("Escape")
        shows_the_list(page)
        progress(page, "3 of 7 checked, 2 changed")
        labels = page.locator("#rows td.kind").all_inner_texts()
        assert "✓ checked" in labels[0]
        assert "✎ changed, was" in labels[1]
        assert 'odd, "scanned" cut' in labels[1]
        assert "tax return" in labels[2]
        expect(page.get_by_role("button", name="tax return 1 doc")).to_be_visible()
        with page.expect_download() as download:
            page.keyboard.press("s")
        assert "corrections.csv" == download.value.suggested_filename


def test_corrections_are_a_table_of_what_a_person_decided(
    browser: Browser, tmp_path: Path
) -> None:
    odd = document(1, id='a "b", c.txt', label="lease", alternatives=(("report", 0.1),))
    right = document(2, label="report", confidence=0.9)
    whole = pile(documents=(odd, right, document(3)))
    with opened(browser, tmp_path, whole) as page:
        expect(page.get_by_role("button", name="Save corrections")).to_be_disabled()
        page.get_by_role("button", name=odd.id).click()
        shows(page, odd.id)
        page.get_by_role("radio", name="report").check()
        page.get_by_role("textbox", name="Note").fill("two\nlines")
        page.get_by_role("button", name="Close").click()
        page.get_by_role("button", name=right.id).click()
        shows(page, right.id)
        page.get_by_role("button", name="Label is right").click()
        page.get_by_role("button", name="Close").click()

        assert [
            {
                "id": odd.id,
                "label": "report",
                "labelled_by": "person",
                "note": "two\nlines",
            },
            {"id": right.id, "label": "report", "labelled_by": "person", "note": ""},
        ] == saved(page)
        every = saved(page, "Save all labels")
        assert ["person", "person", "longshot"] == [one["labelled_by"] for one in every]
        assert ["report", "report", "lease"] == [one["label"] for one in every]


def test_corrections_of_sections_say_where_these_lie(
    browser: Browser, tmp_path: Path
) -> None:
    one = document(1, id="a.pdf#1", label="lease", alternatives=(("report", 0.1),))
    whole = replace(pile(documents=(one,)), sections={one.id: ("a.pdf", 0, 90)})
    with opened(browser, tmp_path, whole) as page:
        page.get_by_role("button", name=one.id).click()
        shows(page, one.id)
        page.get_by_role("radio", name="report").check()
        page.get_by_role("button", name="Close").click()

        (row,) = saved(page)

    assert ("a.pdf#1", "report", "a.pdf", "0", "90") == (
        *(row[name] for name in ("id", "label", "file", "start", "end")),
    )


def test_what_a_person_decided_is_there_after_the_page_was_left(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    write_page(path, classified_page(pile(4)))
    with browser.new_context() as window:
        with visited(window, path) as page:
            first = names(page)[0]
            page.keyboard.press("u")
            shows(page, first)
            page.keyboard.press("3")
            page.locator("#note").fill("look again")
        again = pile(4, title="another run", labels=("minutes", "report", "lease"))
        write_page(path, classified_page(again))
        with visited(window, path) as page:
            progress(page, "1 of 4 checked, 1 changed")
            assert "look again" in page.locator("#rows td.kind").first.inner_text()
            page.locator("#rows button").first.click()
            page.get_by_role("button", name="Undo").click()
            progress(page, "0 of 4 checked")
        write_page(path, classified_page(pile(3)))
        with visited(window, path) as page:  # other documents: nothing of those
            progress(page, "0 of 3 checked")


def test_two_tabs_of_one_page_show_the_same(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_page(path, classified_page(pile(4)))
    with (
        browser.new_context() as window,
        visited(window, path) as one,
        visited(window, path) as other,
    ):
        one.keyboard.press("u")
        one.keyboard.press("c")
        progress(other, "1 of 4 checked")


def test_where_nothing_is_kept_the_page_says_so_and_saving_works(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(3), script=NO_STORAGE) as page:
        progress(page, "This browser keeps nothing: save before you leave.")
        first = names(page)[0]
        page.keyboard.press("u")
        shows(page, first)
        page.keyboard.press("c")
        assert [first] == [one["id"] for one in saved(page)]


def test_the_least_sure_that_nobody_checked_comes_next(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(3)) as page:
        first, second, third = names(page)
        page.get_by_label("Order").select_option("sure")
        for expected in (first, second, third):
            page.get_by_role("button", name="Review the least sure").click()
            shows(page, expected)
            page.locator("#confirm").click()
        page.keyboard.press("u")
        progress(page, "All documents are checked.")


def test_what_is_checked_or_changed_can_be_listed(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(5)) as page:
        first, second, *rest = names(page)
        page.keyboard.press("u")
        shows(page, first)
        page.keyboard.press("c")
        shows(page, second)
        page.keyboard.press("3")
        page.keyboard.press("Escape")
        shows_the_list(page)
        for state, listed in (
            ("checked", [first, second]),
            ("changed", [second]),
            ("open", rest),
            ("noted", []),
        ):
            page.locator("#state").select_option(state)
            count(page, f"{len(listed)} of 5 documents")
            assert listed == names(page)


def test_letters_are_letters_while_a_person_types_and_keys_can_be_turned_off(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(3)) as page:
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("ujc")
        count(page, "0 of 3 documents")
        shows_the_list(page)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        page.get_by_role("checkbox", name="Keys are on").uncheck()
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
        page.keyboard.press("u")
        page.keyboard.press("j")
        shows_the_list(page)


def test_documents_of_several_labels_keep_all_of_them(
    browser: Browser, tmp_path: Path
) -> None:
    several = document(
        0, label="lease", labels=("lease", "report"), alternatives=(("minutes", 0.1),)
    )
    with opened(browser, tmp_path, pile(documents=(several,))) as page:
        expect(page.locator("#rows .name")).to_have_text("lease; report")
        page.keyboard.press("u")
        shows(page, several.id)
        page.get_by_role("checkbox", name="lease").uncheck()
        page.get_by_role("checkbox", name="minutes").check()
        page.keyboard.press("Escape")
        shows_the_list(page)
        assert ["report;minutes"] == [one["label"] for one in saved(page)]


def test_none_of_these_is_a_label_left_empty(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, pile(1)) as page:
        page.keyboard.press("u")
        page.get_by_role("radio", name="none of these").check()
        page.keyboard.press("Escape")
        assert [("", "person")] == [
            (one["label"], one["labelled_by"]) for one in saved(page)
        ]


def test_what_would_act_is_only_text_in_what_a_person_adds(
    browser: Browser, tmp_path: Path
) -> None:
    harm = HARM.replace("\ud800", "").replace("\x00", "").replace("\u2028\u2029", "")
    with opened(browser, tmp_path, harmful_pile()) as page:
        page.keyboard.press("u")
        page.get_by_label("Another label").fill(harm)
        page.get_by_role("button", name="Use").click()
        page.get_by_role("textbox", name="Note").fill(harm)
        page.get_by_role("button", name="Close").click()
        shows_the_list(page)
        (row,) = saved(page)
        assert (harm, harm) == (row["label"], row["note"])
        page.reload()
        expect(page.locator("#rows .noted")).to_contain_text("</script>")
        assert page.evaluate("window.harm") is None
        assert 0 == page.locator("img, #labels script").count()
