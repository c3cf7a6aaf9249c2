"""The page of a classified pile in a real browser, opened from its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Position, expect, sync_playwright

from longshot.report.classified import ClassifiedPile, write_classified
from tests.report.browser import CHROMIUM, FLAGS, needs_chromium
from tests.report.classified.piles import HARM, document, harmful_pile, pile

CONTROLS = {
    "button", "combobox", "dialog", "DisclosureTriangle", "image", "navigation",
    "search", "searchbox", "spinbutton", "table", "textbox",
}  # fmt: skip

expect.set_options(timeout=30_000)  # a busy machine is no mistake

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, folder: Path, pile: ClassifiedPile, **context: Any
) -> Iterator[Page]:
    """Open a pile's page; in the end, nothing must have gone wrong in it."""
    path = folder / "report.html"
    write_classified(path, pile)
    wrong: list[str] = []
    with browser.new_context(**context) as window:
        page = window.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text))
        page.on("request", lambda asked: wrong.append(asked.url))
        page.goto(path.as_uri())
        expect(page.locator("#count")).not_to_be_empty()
        yield page
    assert [path.as_uri()] == wrong


def names(page: Page) -> list[str]:
    return page.locator("#rows button").all_inner_texts()


def count(page: Page, told: str) -> None:
    expect(page.locator("#count")).to_have_text(told)


def test_labels_filter_and_take_their_filter_back(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(7)) as page:
        lease = page.get_by_role("button", name="lease 3 documents")
        lease.click()
        count(page, "3 of 7 documents")
        expect(lease).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="none of these").click()
        count(page, "5 of 7 documents")
        page.get_by_role("button", name="Show all").click()
        count(page, "7 documents")
        expect(lease).to_have_attribute("aria-pressed", "false")


def test_confidence_and_outcome_filter(browser: Browser, tmp_path: Path) -> None:
    whole = pile(7)
    with opened(browser, tmp_path, whole) as page:
        page.get_by_label("At least how sure").fill("50")
        sure = [one.id for one in whole.documents if one.confidence >= 0.5]
        count(page, f"{len(sure)} of 7 documents")
        page.get_by_label("At least how sure").fill("0")
        page.get_by_label("Outcome").select_option("right")
        count(page, "3 of 7 documents")
        assert [one.id for one in whole.documents if one.label == "lease"] == names(
            page
        )


def test_search_finds_words_in_texts_and_names_and_shows_them(
    browser: Browser, tmp_path: Path
) -> None:
    text = "A <b>Badger</b> (sic) lived there; İstanbul. " + "x " * 99
    odd = document(3, text=text, passages=())
    others = (document(0), document(1), odd)
    with opened(browser, tmp_path, pile(documents=others)) as page:
        search = page.get_by_role("searchbox")
        search.fill("bADGER (sic)")
        count(page, "1 of 3 documents")
        expect(page.locator("#rows mark")).to_have_text("Badger")
        page.locator("#rows button").click()
        expect(page.locator("#text mark.hit")).to_have_text(["Badger", "(sic)"])
        page.keyboard.press("Escape")
        search.fill("0001.TXT")
        count(page, "1 of 3 documents")
        search.fill("no such word")
        count(page, "0 of 3 documents")
        assert [] == names(page)


def test_documents_are_put_in_order(browser: Browser, tmp_path: Path) -> None:
    whole = pile(7)
    with opened(browser, tmp_path, whole) as page:
        page.get_by_label("Order").select_option("unsure")
        ordered = sorted(whole.documents, key=lambda one: one.confidence)
        expect(page.locator("#rows button")).to_have_text([one.id for one in ordered])


def test_a_document_is_opened_by_keyboard_and_the_focus_comes_back(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(7)) as page:
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        second = page.locator("#rows button").nth(1)
        second.focus()
        page.keyboard.press("Enter")
        heading = page.get_by_role("dialog").get_by_role("heading", level=2)
        expect(heading).to_have_text("paper-0001.txt")
        expect(page.locator("#document-place")).to_have_text("2 of 7")
        page.get_by_role("button", name="Next").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_text("paper-0002.txt")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(second).to_be_focused()


def test_passages_are_marked_for_and_against_with_what_they_matched(
    browser: Browser, tmp_path: Path
) -> None:
    text = "A 😀 tenant pays the rent on time, says the roofer."
    (original,) = pile(1).documents
    passages = original.passages
    one = document(0, text=text, label="lease")
    with opened(browser, tmp_path, pile(documents=(one,))) as page:
        page.locator("#rows button").click()
        whole = page.locator("#text")
        expect(whole.locator("mark.for")).to_have_text([text[7:20], text[20:30]])
        expect(whole.locator("mark.against")).to_have_text([text[30:50]])
        why = page.get_by_role("dialog").locator(".why li")
        expect(why).to_contain_text(["+0.250", "−0.125"])
        expect(why.first).to_contain_text("Like a.txt (cosine 0.80)")
        why.first.locator("summary").click()
        expect(why.first.locator("blockquote")).to_have_text("owes the rent")
        page.get_by_role("button", name="2. against lease").click()
        expect(page.locator("#passage-2")).to_be_focused()
    assert [(7, 30), (20, 50)] == [(one.start, one.end) for one in passages]


def test_what_is_left_out_of_a_long_text_is_told_where_it_is_missing(
    browser: Browser, tmp_path: Path
) -> None:
    passage = pile(1).documents[0].passages[0]
    long = document(0, text="x" * 300_000, passages=(passage,))
    with opened(browser, tmp_path, pile(documents=(long,))) as page:
        expect(page.locator(".note")).to_contain_text("1 long text would make this")
        page.locator("#rows button").click()
        expect(page.locator("#text .gap")).to_contain_text("characters left out")
        kept = sum(map(len, page.locator("#text").inner_text().split("\n")))
        assert kept < 201_000


def test_a_point_of_the_map_opens_its_document(
    browser: Browser, tmp_path: Path
) -> None:
    far = [(0.0, 0.0), (10.0, 0.0), (10.0, 7.0)]
    placed = tuple(document(i, position=place) for i, place in enumerate(far))
    with opened(browser, tmp_path, pile(documents=placed)) as page:
        points = page.locator("#points")
        points.scroll_into_view_if_needed()
        box = points.bounding_box()
        assert box is not None
        place: Position = {"x": box["width"] - 14, "y": box["height"] - 30}
        points.hover(position=place)
        expect(page.locator("#tip")).to_contain_text("paper-0002.txt")
        points.click(position=place)
        expect(page.locator("#document-heading")).to_have_text("paper-0002.txt")


def test_without_places_there_is_no_map(browser: Browser, tmp_path: Path) -> None:
    bare = tuple(document(number, position=None) for number in range(3))
    with opened(browser, tmp_path, pile(documents=bare)) as page:
        expect(page.locator("#map")).to_be_hidden()
        count(page, "3 documents")


def test_what_would_act_is_only_text(browser: Browser, tmp_path: Path) -> None:
    shown = HARM.replace("\ud800", "?")
    with opened(browser, tmp_path, harmful_pile()) as page:
        assert [" ".join(shown.split())] == [" ".join(n.split()) for n in names(page)]
        page.locator("#rows button").click()
        expect(page.locator("#text mark")).not_to_have_count(0)
        page.locator("#why summary").click()
        expect(page.locator("#why blockquote")).to_contain_text("</script>")
        page.keyboard.press("Escape")
        page.get_by_role("searchbox").fill("<script>window.harm")
        expect(page.locator("#rows mark")).to_have_text("<script>window.harm")
        assert page.evaluate("window.harm") is None
        assert 0 == page.locator("img, #rows script, dialog script").count()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_window_scrolls_sideways(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    long = document(0, id="folder/" + "long-name-" * 20, label="lease" * 30)
    whole = pile(
        documents=(long, *pile(5).documents),
        labels=("lease", "minutes", "report", "lease" * 30),
    )
    view = {"width": width, "height": 800}
    with opened(browser, tmp_path, whole, viewport=view) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.locator("#rows button").first.click()
        panel = page.locator("dialog")
        expect(page.locator("#text mark")).not_to_have_count(0)
        assert panel.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_every_control_has_a_name_for_screen_readers(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(250)) as page:
        closed = accessible(page)
        page.locator("#rows button").first.click()
        expect(page.locator("#text mark")).not_to_have_count(0)
        both = closed + accessible(page)
    assert {"searchbox", "spinbutton", "combobox", "dialog", "table", "image"} <= {
        role for role, _ in both
    }
    assert [] == [role for role, name in both if not name]


def accessible(page: Page) -> list[tuple[str, str]]:
    """Give the role and name of each control, as Chromium tells them to readers."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in CONTROLS
    ]


def test_on_paper_the_list_has_every_line_and_no_controls(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(250)) as page:
        page.get_by_role("button", name="Next").click()
        expect(page.locator("#place")).to_have_text("Page 2 of 3")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert [one.id for one in pile(250).documents] == names(page)
        for hidden in (".filters", ".pager", ".skip"):
            expect(page.locator(hidden)).to_be_hidden()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.locator("#rows tr")).to_have_count(100)


def test_five_thousand_documents_can_be_paged_and_searched(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(5_000)) as page:
        count(page, "5,000 documents")
        expect(page.locator("#rows tr")).to_have_count(100)
        expect(page.locator("#place")).to_have_text("Page 1 of 50")
        page.get_by_role("searchbox").fill("number4999")
        count(page, "1 of 5,000 documents")
        assert ["paper-4999.txt"] == names(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_follows_the_wish_for_light_or_dark(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    with opened(browser, tmp_path, pile(2), color_scheme=scheme) as page:
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert {"light": "rgb(252, 251, 248)", "dark": "rgb(23, 24, 27)"}[scheme] == ground
