"""What a person does while answers are on their way, which may overtake one another."""

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving.thread import NAMES
from tests.report.browser import needs_chromium
from tests.server.page.serving import Held, document_shown, go, opened
from tests.server.page.test_labelling import history, standing

pytestmark = [pytest.mark.slow, needs_chromium]

SETTLING_MS = 300  # for what must not happen, and did


def label_by_key(page: Page, key: str = "1") -> str:
    """Label the document that is shown, and wait for the next."""
    document = document_shown(page)
    page.keyboard.press(key)
    expect(page.locator("#reading-heading")).not_to_have_text(document)
    return document


def test_a_late_answer_brings_back_no_document_that_has_its_label(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "label") as page:
        document_shown(page)
        late = Held(page, "**/next?*", answered=True)
        seen = []
        for n in (1, 2, 3):
            seen.append(label_by_key(page))
            standing(page, f"{n} labelled")
            late.wait(n)
        document_shown(page)
        late.let_go(-1)
        page.wait_for_timeout(SETTLING_MS)
        late.end()
        page.wait_for_timeout(SETTLING_MS)
        for _ in range(6):
            seen.append(label_by_key(page))
        assert len(set(seen)) == len(seen)


def test_a_document_is_labelled_once_while_the_next_is_looked_for(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "label") as page:
        document_shown(page)
        suggestions, deciding = Held(page, "**/next?*"), Held(page, "**/classify")
        for _ in range(7):
            label_by_key(page)
        last = document_shown(page)
        page.keyboard.press("1")  # the last of the eight that were suggested
        suggestions.wait()
        page.keyboard.press("2")
        suggestions.end()
        deciding.end()
        expect(page.locator("#reading-heading")).not_to_have_text(last)
        standing(page, "8 labelled")
        lines = [line for line in history(page) if line.startswith(f"{last} →")]
        assert [f"{last} → {NAMES[0]}"] == lines


def test_a_new_label_goes_to_the_document_for_which_it_was_typed(
    browser: Browser, address: str
) -> None:
    def add(name: str) -> None:
        page.keyboard.press("/")
        page.keyboard.type(name)
        page.get_by_role("button", name=f"Add “{name}” as a label").click()

    with opened(browser, address, "label") as page:
        first = document_shown(page)
        adding = Held(page, "**/labels")
        add("tax return")
        adding.wait()
        page.keyboard.press("1")
        adding.end()
        expect(page.locator("#reading-heading")).not_to_have_text(first)
        second = document_shown(page)
        expect(page.locator(".choice")).to_have_count(len(NAMES) + 1)
        standing(page, "1 labelled")
        # and how things stood before a label was added is told too late
        late = Held(
            page,
            address.replace("/page/", "/v1/projects/papers"),
            answered=True,
            most=1,
        )
        page.keyboard.press("2")
        expect(page.locator("#reading-heading")).not_to_have_text(second)
        third = document_shown(page)
        late.wait()
        add("receipt")
        expect(page.locator("#reading-heading")).not_to_have_text(third)
        late.end()
        page.wait_for_timeout(SETTLING_MS)
        fourth = label_by_key(page)
        document_shown(page)
        expect(page.locator(".choice")).to_have_count(len(NAMES) + 2)
        expected = [
            f"{fourth} → {NAMES[0]}",
            f"{third} → receipt",
            "labels named",
            f"{second} → {NAMES[1]}",
            f"{first} → tax return",
            "labels named",
        ]
        assert expected == history(page)[:6]


def test_what_is_refused_holds_nothing_up_and_what_is_not_sent_is_told(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "label", refused="status of 404") as page:
        document_shown(page)
        entries = Held(page, "**/entries")
        label_by_key(page)
        second = label_by_key(page)
        entries.wait()
        entries.refuse("it is not there any more")
        entries.wait()
        entries.end()
        expect(page.locator(".toast.problem")).to_contain_text("not there any more")
        standing(page, "1 labelled")
        page.route("**/entries", lambda route: route.fulfill(body="?"))
        third = label_by_key(page)
        standing(page, "1 label on its way")
        go(page, "export")
        page.locator("[data-form=jsonl]").click()
        expect(page.locator("#toasts")).to_contain_text("could not be sent yet")
        page.unroute("**/entries")
        expected = [f"{third} → {NAMES[0]}", f"{second} → {NAMES[0]}"]
        assert expected == history(page)[:-2]


def test_in_the_pile_keys_and_choices_speak_of_what_is_shown(
    browser: Browser, address: str
) -> None:
    labelled = "#rows .checked, #rows .changed"
    with opened(browser, address, "pile") as page:
        expect(page.locator("#rows tr")).to_have_count(36)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        first = document_shown(page)
        expect(page.locator(".panel .why li").first).to_be_visible()
        texts, deciding = Held(page, "**/documents/*"), Held(page, "**/classify")
        page.keyboard.press("Enter")  # right, and on to the next, which takes its time
        texts.wait()
        for key in ("Enter", "2", "n"):
            page.keyboard.press(key)
        texts.end()
        assert first != document_shown(page)
        # what is decided meanwhile takes back nothing that a person types or chooses
        expect(page.locator(".panel .why li").first).to_be_visible()
        finding = page.locator(".panel .find")
        finding.fill("lea")
        deciding.wait()
        deciding.end()
        expect(page.locator(labelled)).to_have_count(1)
        page.wait_for_timeout(SETTLING_MS)
        expect(finding).to_have_value("lea")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator(".panel")).to_be_hidden()
        deciding = Held(page, "**/classify")
        for number, label in ((3, NAMES[0]), (4, NAMES[-1])):
            row = page.locator("#rows tr").nth(number)
            chosen = row.get_attribute("data-id")
            row.locator(".choose").check()
            page.locator(".bulk select").select_option(label)
            if number == 4:
                deciding.end()
                expect(page.locator(labelled)).to_have_count(2)
            page.get_by_role("button", name="Give this label").click()
            deciding.wait(int(number == 3))
        lines = history(page)
        assert f"{chosen} → {NAMES[-1]}" == lines[0]
        assert 1 == sum(line.startswith(f"{first} →") for line in lines)
        assert 3 + 2 == len(lines)  # and adding the pile and its labels


def test_the_pile_opens_what_its_address_names_by_then(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "label") as page:
        deciding = Held(page, "**/classify")
        named = label_by_key(page)
        deciding.wait()
        listing = Held(page, "**/documents?*")
        go(page, f"pile/{named}")
        listing.wait()
        go(page, "pile")
        listing.let_go()
        expect(page.locator("#rows tr")).to_have_count(36)
        page.wait_for_timeout(SETTLING_MS)
        expect(page.locator(".panel")).to_be_hidden()
        go(page, "label")
        document_shown(page)
        go(page, f"pile/{named}")
        listing.wait(1)
        deciding.end()
        listing.wait(2)  # the list is asked for anew, before it was there once
        listing.end()
        assert named == document_shown(page)
        expect(page.locator(".panel .place")).to_contain_text("of 36")
        is_first = page.get_by_role("button", name="Previous").is_disabled()
        page.keyboard.press("j" if is_first else "k")
        expect(page.locator("#reading-heading")).not_to_have_text(named)


def test_a_click_ends_where_it_began(browser: Browser, address: str) -> None:
    """The list is not drawn anew between press and release."""
    with opened(browser, address, "label") as page:
        deciding = Held(page, "**/classify")
        label_by_key(page)
        deciding.wait()
        go(page, "pile")
        expect(page.locator("#rows tr")).to_have_count(36)
        row = page.locator("#rows tr").nth(3)
        row.locator("button").hover()
        page.mouse.down()
        with page.expect_response(address.replace("/page/", "/v1/projects/papers")):
            deciding.end()
        page.wait_for_timeout(SETTLING_MS)
        page.mouse.up()
        expect(page.locator(".panel")).to_be_visible()
        standing(page, "1 labelled")


def test_history_undone_twice_at_once_lists_each_entry_once(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "history") as page:
        late = Held(page, "**/history?*", answered=True)
        page.keyboard.press("z")
        late.wait(1)
        page.keyboard.press("z")
        late.wait(2)
        late.end()
        expect(page.locator(".history li")).to_have_count(2)
        page.wait_for_timeout(SETTLING_MS)
        expect(page.locator(".history li")).to_have_count(2)


def test_how_many_to_check_stays_chosen(browser: Browser, address: str) -> None:
    with opened(browser, address, "label") as page:
        deciding = Held(page, "**/classify")
        label_by_key(page)
        deciding.wait()
        go(page, "sign-off")
        size = page.get_by_label("How many to check")
        size.select_option(label="all 36")
        deciding.end()
        expect(size.locator("option:checked")).to_have_text("all 35")
