"""Labelling by the keyboard, without a click; nothing that was said is lost."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving.thread import NAMES, truth
from tests.report.browser import needs_chromium
from tests.server.page.serving import Held, cut_pile, document_shown, go, opened

pytestmark = [pytest.mark.slow, needs_chromium]


def standing(page: Page, told: str) -> None:
    expect(page.locator("#standing")).to_contain_text(told)


def press_for(page: Page, label: str) -> None:
    """Take a label by one key: Enter where it is suggested, its number else."""
    suggested = page.locator(".choice.suggested .name")
    named = suggested.inner_text().split()[0] if suggested.count() else ""
    page.keyboard.press("Enter" if named == label else str(NAMES.index(label) + 1))


def history(page: Page) -> list[str]:
    go(page, "history")
    expect(page.locator(".history li").first).to_be_visible()
    lines = page.locator(".history li > span").all_inner_texts()
    return [line.replace("\n", " ") for line in lines]


def test_a_dozen_labels_take_a_dozen_keys(browser: Browser, address: str) -> None:
    known = truth()
    with opened(browser, address, "label") as page:
        seen = []
        for _ in range(12):  # more than are suggested at once
            document = document_shown(page)
            assert document not in seen
            seen.append(document)
            press_for(page, known[document])
            expect(page.locator("#reading-heading")).not_to_have_text(document)
        standing(page, "12 labelled")
        assert [f"{one} → {known[one]}" for one in reversed(seen)] == history(page)[:12]


def test_undo_leads_back_to_each_document_in_turn(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "label") as page:
        seen = []
        for _ in range(3):
            seen.append(document_shown(page))
            page.keyboard.press("1")
            expect(page.locator("#reading-heading")).not_to_have_text(seen[-1])
        for document in reversed(seen):
            page.keyboard.press("z")
            expect(page.locator("#reading-heading")).to_have_text(document)
            assert document == document_shown(page)
        standing(page, "0 labelled")
        page.keyboard.press("2")  # the first one again, otherwise
        standing(page, "1 labelled")
        assert f"{seen[0]} → {NAMES[1]}" == history(page)[0]


def test_undo_asks_before_documents_go(browser: Browser, address: str) -> None:
    with opened(browser, address, "label") as page:
        document = document_shown(page)
        page.keyboard.press("z")  # of the project's owner, who is not who serves it
        expect(page.locator("#toasts")).to_contain_text("nothing left to undo")
        assert document == document_shown(page)


def test_keys_that_mean_nothing_do_nothing(browser: Browser, address: str) -> None:
    with opened(browser, address, "label") as page:
        document = document_shown(page)
        for key in ("9", "0", "q", "Tab", "Shift", "Control", "F2", "Home"):
            page.keyboard.press(key)
        assert document == document_shown(page)
        standing(page, "0 labelled")


def test_a_key_that_is_held_labels_once(browser: Browser, address: str) -> None:
    with opened(browser, address, "label") as page:
        document = document_shown(page)
        page.keyboard.down("1")
        for _ in range(5):  # as a keyboard repeats it
            page.keyboard.down("1")
        page.keyboard.up("1")
        expect(page.locator("#reading-heading")).not_to_have_text(document)
        standing(page, "1 labelled")
        assert [f"{document} → {NAMES[0]}"] == history(page)[:-2]


def test_none_of_these_and_a_skip_with_a_note(browser: Browser, address: str) -> None:
    with opened(browser, address, "label") as page:
        first = document_shown(page)
        page.keyboard.press("n")
        expect(page.locator("#reading-heading")).not_to_have_text(first)
        second = document_shown(page)
        page.keyboard.press("s")
        page.keyboard.type("2 pages are missing")  # digits are typed, and label nothing
        page.keyboard.press("Enter")
        expect(page.locator("#reading-heading")).not_to_have_text(second)
        standing(page, "1 labelled")
        assert [f"{second} → skipped", f"{first} → none of these"] == history(page)[:2]
        expect(page.locator(".history .noted")).to_have_text("“2 pages are missing”")


def test_what_is_on_its_way_comes_before_history_and_export(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "label") as page:
        document = document_shown(page)
        held = Held(page, "**/entries")
        page.keyboard.press("1")
        expect(page.locator("#reading-heading")).not_to_have_text(document)
        go(page, "export")
        held.wait()
        page.locator("[data-form=jsonl]").click()
        page.wait_for_timeout(300)  # an export that did not wait would be there
        with page.expect_download() as saved:
            held.let_go()
        rows = map(json.loads, Path(saved.value.path()).read_text("utf-8").splitlines())
        assert [NAMES[0]] == [row["label"] for row in rows if row["id"] == document]
        go(page, "label")
        second = document_shown(page)
        page.keyboard.press("n")
        expect(page.locator("#reading-heading")).not_to_have_text(second)
        go(page, "history")
        held.wait()
        page.wait_for_timeout(300)
        expect(page.locator(".history li")).to_have_count(0)
        held.let_go()
        assert f"{second} → none of these" == history(page)[0]


def test_a_passage_is_ignored_everywhere(browser: Browser, address: str) -> None:
    """By one key: what is selected, or else the first mark; the document stays."""
    with opened(browser, address, "label") as page:
        document = document_shown(page)
        expect(page.locator("#text mark").first).to_be_visible()
        page.keyboard.press("i")
        expect(page.locator("#toasts")).to_contain_text("is ignored everywhere")
        assert document == document_shown(page)
        page.keyboard.press("z")
        expect(page.locator("#toasts")).to_contain_text(f"Taken back: {document}")
        lines = history(page)
        assert f"{document} → a passage is ignored everywhere" in lines


def test_typing_finds_a_label_and_adds_one(browser: Browser, address: str) -> None:
    with opened(browser, address, "label") as page:
        first = document_shown(page)
        page.keyboard.press("/")
        page.keyboard.type("sup")
        page.keyboard.press("Enter")
        expect(page.locator("#reading-heading")).not_to_have_text(first)
        second = document_shown(page)
        page.keyboard.press("/")
        page.keyboard.type("tax return")
        page.get_by_role("button", name="Add “tax return” as a label").click()
        expect(page.locator("#reading-heading")).not_to_have_text(second)
        expect(page.locator(".choice")).to_have_count(len(NAMES) + 1)
        standing(page, "2 labelled")
        lines = history(page)
    assert f"{second} → tax return" == lines[0]
    assert f"{first} → supply-agreement" in lines


def test_a_document_of_the_pile_is_opened_read_and_labelled(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, "pile") as page:
        rows = page.locator("#rows tr")
        expect(rows).to_have_count(36)
        second = rows.nth(1).get_attribute("data-id") or ""
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        document_shown(page)
        expect(page.locator(".panel .why li").first).to_be_visible()
        page.keyboard.press("2")
        said = page.locator("#rows tr[aria-current]").locator(".checked, .changed")
        expect(said).to_be_visible()
        page.keyboard.press("j")  # wherever the label has moved the first one to
        expect(page.locator("#reading-heading")).to_have_text(second)
        page.keyboard.press("Escape")
        expect(page.locator(".panel")).to_be_hidden()


def test_rows_show_the_passage_that_decided(browser: Browser, address: str) -> None:
    with opened(browser, address, "pile") as page:
        row = page.locator("#rows tr").first
        name = row.get_attribute("data-id") or ""
        route = address.replace("/page/", "/v1/projects/papers/passages")
        told = page.request.get(route, params={"document": name}).json()
        expect(row.locator(".snippet")).to_have_text(told["passages"][name])


def test_search_filters_and_bulk_relabel(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    texts = [path.read_text("utf-8").lower() for path in cut_pile(tmp_path)]
    n_found = sum("council" in text for text in texts)
    with opened(browser, address, "pile") as page:
        expect(page.locator("#rows tr")).to_have_count(36)
        page.keyboard.press("/")
        page.keyboard.type("council")
        expect(page.locator("#rows mark.hit").first).to_be_visible()
        expect(page.locator(".count")).to_contain_text(f"{n_found} of 36 documents")
        expect(page.locator("#rows tr")).to_have_count(n_found)
        page.keyboard.press("Enter")  # which gives the keys back
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.get_by_role("button", name="Choose all").click()
        expect(page.locator(".bulk b")).to_have_text(f"{n_found} chosen")
        page.locator(".bulk select").select_option("lease")
        page.get_by_role("button", name="Give this label").click()
        standing(page, f"{n_found} labelled")
        expect(page.locator("#rows .checked, #rows .changed")).to_have_count(n_found)
