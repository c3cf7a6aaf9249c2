"""The page of a classified pile in a real browser: what it shows, and to whom."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Position, expect

from longshot.reading.formats.pdf.document import read_pdf
from longshot.records import PageStart
from longshot.report.classified import Mark, data
from longshot.report.pages.wording import percent
from tests.report.browser import needs_chromium
from tests.report.classified.browsing import count, names, opened, shows
from tests.report.classified.piles import HARM, document, harmful_pile, pile

CONTROLS = {
    "button", "checkbox", "combobox", "dialog", "DisclosureTriangle", "image",
    "navigation", "progressbar", "radio", "search", "searchbox", "spinbutton", "table",
    "textbox",
}  # fmt: skip

pytestmark = [pytest.mark.slow, needs_chromium]


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
        page.get_by_label("At least this confidence").fill("50")
        sure = [one.id for one in whole.documents if one.confidence >= 0.5]
        count(page, f"{len(sure)} of 7 documents")
        page.get_by_label("At least this confidence").fill("0")
        page.locator("#state").select_option("right")
        count(page, "3 of 7 documents")
        leases = {one.id for one in whole.documents if one.label == "lease"}
        assert leases == set(names(page))


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


def test_the_least_sure_come_first_until_another_order_is_chosen(
    browser: Browser, tmp_path: Path
) -> None:
    whole = pile(7)
    with opened(browser, tmp_path, whole) as page:
        ordered = sorted(whole.documents, key=lambda one: one.confidence)
        expect(page.locator("#rows button")).to_have_text([one.id for one in ordered])
        page.get_by_label("Order").select_option("pile")
        expect(page.locator("#rows button")).to_have_text(
            [one.id for one in whole.documents]
        )


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_list_begins_above_the_fold(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    view = {"width": width, "height": height}
    with opened(browser, tmp_path, pile(30), viewport=view) as page:
        third = page.locator("#rows tr").nth(2).bounding_box()
        assert third is not None
        assert third["y"] + third["height"] <= height


SHARES = (0.0, 0.0049, 0.005, 0.125, 0.3339, 0.989, 0.9949, 0.995, 0.99999999, 1.0)


def test_one_number_is_written_one_way_on_the_page_and_in_the_terminal(
    browser: Browser, tmp_path: Path
) -> None:
    documents = tuple(document(i, confidence=one) for i, one in enumerate(SHARES))
    with opened(browser, tmp_path, pile(documents=documents)) as page:
        sure = page.locator("#rows td.sure > span:first-child")
        expect(sure).to_have_text([percent(one) for one in SHARES])
        page.locator("#rows button").nth(8).click()
        expect(page.locator(".choice .number").first).to_have_text(">99%")


def test_a_document_is_opened_by_keyboard_and_the_focus_comes_back(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(7)) as page:
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        _, second, third, *_ = names(page)
        page.get_by_role("button", name=second).focus()
        page.keyboard.press("Enter")
        shows(page, second)
        expect(page.locator("#document-place")).to_have_text("2 of 7")
        page.locator("#next").focus()
        page.keyboard.press("Enter")
        shows(page, third)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("button", name=third)).to_be_focused()


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
        expect(why).to_contain_text(["1.3× likelier", "1.1× less likely"])
        expect(why).to_contain_text([text[7:30].strip(), text[20:50].strip()])
        expect(why.first).to_contain_text("Like a.txt (cosine 0.80)")
        why.first.locator("summary").click()
        expect(why.first.locator("blockquote")).to_have_text("owes the rent")
        page.get_by_role("button", name="Passage 2, against lease").click()
        expect(page.locator("#passage-2")).to_be_focused()
    assert [(7, 30), (20, 50)] == [(one.start, one.end) for one in passages]


def test_what_a_passage_adds_to_a_cosine_is_told_as_such(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(1, scale="cosine")) as page:
        page.locator("#rows button").click()
        told = ["+0.250 of the cosine", "−0.125 of the cosine"]
        expect(page.locator(".why li")).to_contain_text(told)


def test_a_long_text_is_shown_whole_and_its_last_passage_is_found(
    browser: Browser, tmp_path: Path
) -> None:
    lines = "".join(f"Line {number} of a long lease.\n" for number in range(40_000))
    passage = replace(
        pile(1).documents[0].passages[0], start=len(lines), end=len(lines) + 8
    )
    long = document(0, text=f"{lines}The rent.", passages=(passage,))
    with opened(browser, tmp_path, pile(documents=(long,))) as page:
        expect(page.locator(".notes")).to_be_hidden()
        page.locator("#rows button").click()
        expect(page.locator("#text mark.for")).to_have_text("The rent")
        shown = page.locator("#text").evaluate("one => one.textContent")
        assert lines in shown.replace("1Passage 1, for lease: ", "")
        page.get_by_role("button", name="Passage 1, for lease").click()
        expect(page.locator("#passage-1")).to_be_in_viewport()


def test_what_is_left_out_of_a_long_text_is_told_where_it_is_missing(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "_FIRST_BUDGET", 50_000)
    passage = Mark(start=150_000, end=151_000, contribution=1.0, label="lease")
    long = document(0, text="x" * 300_000, passages=(passage,))
    with opened(browser, tmp_path, pile(documents=(long,))) as page:
        page.get_by_text("1 text shortened in this file").click()
        expect(page.locator(".notes li")).to_have_text(
            "paper-0000.txt 17% of its text is here"
        )
        expect(page.locator("#rows")).to_contain_text("17% of its text here")
        page.locator("#rows button").click()
        expect(page.locator("#text mark.for")).to_have_text("x" * 1_000)
        gaps = page.locator("#text .gap").all_inner_texts()
        assert all(one.endswith(" characters left out of this file") for one in gaps)
        n_left_out = [int(one.split()[0].replace(",", "")) for one in gaps]
        assert 2 == len(n_left_out)
        assert 250_000 == sum(n_left_out)


def test_a_document_leads_to_its_file_and_to_the_pages_of_a_pdf(
    browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "javascript:alert(1) #2.pdf"
    file.touch()
    paged = document(
        0,
        text="The lease.\n\nThe rent is due.",
        file=file,
        pages=(PageStart(1, 0), PageStart(4, 12)),
        passages=(Mark(start=12, end=20, contribution=1.0, label="lease"),),
        notes=("2 of 4 pages hold no text (scanned?)",),
    )
    address = "./javascript%3Aalert%281%29%20%232.pdf"
    with opened(browser, tmp_path, pile(documents=(paged,))) as page:
        page.get_by_text("1 document with a note").click()
        expect(page.locator(".notes li")).to_contain_text("2 of 4 pages hold no text")
        page.locator("#rows button").click()
        whole = page.get_by_role("link", name="Open the file")
        expect(whole).to_have_attribute("href", address)
        pages = page.get_by_role("link", name="Page 4")
        expect(pages).to_have_count(2)  # beside the passage, and in the text
        expect(pages.first).to_have_attribute("href", f"{address}#page=4")
        assert page.locator("#text a").all_inner_texts() == ["Page 1", "Page 4"]
        expect(page.locator("#facts")).to_contain_text("2 of 4 pages hold no text")


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
        # the last point of a map of 640 by 480 with a margin of 14, at the map's scale
        place: Position = {
            "x": box["width"] * 626 / 640,
            "y": box["height"] * (240 + 3.5 * 61.2) / 480,
        }
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
        expect(page.locator("#text mark")).not_to_have_count(0)
        for part in ("html", "#document"):
            fits = "one => one.scrollWidth <= one.clientWidth"
            assert page.locator(part).evaluate(fits), part


def test_every_control_has_a_name_for_screen_readers(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(250)) as page:
        closed = accessible(page)
        page.locator("#rows button").first.click()
        expect(page.locator("#text mark")).not_to_have_count(0)
        both = closed + accessible(page)
    roles = {role for role, _ in both}
    assert roles >= {"searchbox", "spinbutton", "combobox", "dialog", "table", "image"}
    assert roles >= {"radio", "progressbar", "textbox"}
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
        page.locator("#later").click()
        expect(page.locator("#place")).to_have_text("Page 2 of 3")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert {one.id for one in pile(250).documents} == set(names(page))
        assert 250 == len(names(page))
        for hidden in (".filters", ".pager", ".skip", ".review"):
            expect(page.locator(hidden)).to_be_hidden()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.locator("#rows tr")).to_have_count(100)


def test_printed_from_a_wide_window_the_summary_is_there(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, tmp_path, pile(5)) as page:
        page.pdf(path=tmp_path / "out.pdf", format="A4")

    text = read_pdf(tmp_path / "out.pdf").text
    for told in ("none of these", "Confidence", "paper-0004.txt"):
        assert told in text
    assert "Save all labels" not in text


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
