"""From names to a certificate: a person labels, corrects, undoes, audits, exports."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving.thread import NAMES, served, truth
from longshot.project import Project
from tests.report.browser import needs_chromium
from tests.server.page.serving import cut_pile, document_shown, opened

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """Serve a project with nothing in it."""
    place = tmp_path / "letters"
    Project.create(place).close()
    with served(place, tmp_path / "state") as address:
        yield address


def exported(page: Page, form: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"button[data-form={form}]").click()
    return Path(download.value.path()).read_bytes()


def answer_all(page: Page, known: dict[str, str]) -> int:
    """Check every document of an audit, with what it is; gives how many."""
    n = 0
    while not page.locator(".certificate").count():
        document = document_shown(page)
        expect(page.locator(".choice.suggested")).to_have_count(0)  # blind
        page.keyboard.press(str(NAMES.index(known[document]) + 1))
        n += 1
        other = page.locator("#reading-heading").filter(has_not_text=document)
        expect(other.or_(page.locator(".certificate"))).to_be_visible()
    return n


def test_the_whole_way_from_names_to_a_certificate(
    browser: Browser, empty: str, tmp_path: Path
) -> None:
    known = truth()
    with opened(browser, empty) as page:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose files").click()
        chooser.value.set_files(cut_pile(tmp_path)[:12])
        expect(page.locator("#toasts")).to_contain_text("12 documents added")
        page.get_by_role("link", name="Labels", exact=True).click()
        for number, name in enumerate(NAMES):
            if number > 1:
                page.get_by_role("button", name="Add a label").click()
            page.get_by_label("Name", exact=True).nth(number).fill(name)
        page.get_by_role("button", name="Save labels").click()
        expect(page.locator("#toasts")).to_contain_text("6 labels saved")
        page.get_by_role("link", name="Label", exact=True).click()
        for number in range(5):
            document = document_shown(page)
            right = NAMES.index(known[document])
            given = right if number else (right + 1) % len(NAMES)  # the first is wrong
            page.keyboard.press(str(given + 1))
            expect(page.locator("#reading-heading")).not_to_have_text(document)
            if number == 0:
                wrong = document
        page.keyboard.press("z")  # the last one is taken back, and given again
        expect(page.locator("#reading-heading")).to_have_text(document)
        assert document == document_shown(page)
        page.keyboard.press(str(right + 1))
        expect(page.locator("#standing")).to_contain_text("5 labelled")
        page.goto(f"{empty}#pile/{wrong}")  # the first one is corrected
        expect(page.locator(".panel .entries")).not_to_be_empty()
        page.keyboard.press(str(NAMES.index(known[wrong]) + 1))
        expect(page.locator(".panel .choice[aria-current] .name")).to_contain_text(
            known[wrong]
        )
        page.keyboard.press("Escape")
        page.get_by_role("link", name="Sign off").click()
        page.get_by_role("button", name="Draw a sample").click()
        assert 7 == answer_all(page, known)
        expect(page.locator(".certificate .big")).to_contain_text("At least")
        certificate = json.loads(exported(page, "certificate"))
        page.get_by_role("link", name="Sign off").first.click()
        expect(page.locator(".audits > *")).to_have_count(1)
        page.get_by_role("link", name="Export").first.click()
        rows = list(csv.DictReader(io.StringIO(exported(page, "csv").decode())))
        report = exported(page, "report").decode()
        with zipfile.ZipFile(io.BytesIO(exported(page, "folders"))) as folders:
            n_files = sum(not one.is_dir() for one in folders.infolist())
    labels = {row["id"]: row["label"] for row in rows}
    assert 12 == len(labels)
    assert known[wrong] == labels[wrong]
    assert re.search(r"At least [\d.]+ ?% of 7 labels are right", report)
    assert 7 == certificate["n_right"] + certificate["n_wrong"]
    assert n_files >= 12
