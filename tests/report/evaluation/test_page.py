import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from longshot.evaluation import Evaluation
from longshot.report.evaluation import evaluation_page
from longshot.report.evaluation.page import frequent_confusions
from longshot.report.pages import write_page
from tests.report.browser import images_and_width, needs_chromium

pytest.importorskip("matplotlib")


def test_nothing_from_labels_acts(found: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_page(path, evaluation_page(found))
    text = path.read_text()

    assert "<script" not in text
    assert "http:" not in (held := re.sub(r'src="data:[^"]*"', "", text))
    assert "https:" not in held
    for answer in found.answers:
        assert answer in unescape(text)


def test_page_is_well_formed_and_images_are_told_in_words(
    found: Evaluation, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    write_page(path, evaluation_page(found))
    open_tags: list[str] = []
    alts: list[str | None] = []

    class Checker(HTMLParser):
        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            if tag == "img":
                alts.append(dict(attrs).get("alt"))
            if tag not in ("img", "meta"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert tag == open_tags.pop()

    Checker().feed(path.read_text())
    assert [] == open_tags
    assert 3 == len(alts)
    assert all(alts)


def test_same_evaluation_gives_the_same_page(found: Evaluation, tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_page(tmp_path / name, evaluation_page(found))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_mistakes_come_by_their_number(found: Evaluation) -> None:
    confusion = found.closely.confusion
    labels = [one.label for one in found.closely.classes]
    true, predicted, share = frequent_confusions(found.closely)[0]
    most = confusion[labels.index(true), labels.index(predicted)]

    assert true != predicted
    assert most == (confusion * (1 - np.eye(3))).max()
    assert share == most / confusion[labels.index(true)].sum()


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [500, 1280])
def test_page_fits_its_window_and_draws_its_figures(
    found: Evaluation, tmp_path: Path, browser: Browser, width: int
) -> None:
    path = tmp_path / "report.html"
    write_page(path, evaluation_page(found))
    assert (3, True) == images_and_width(browser, path, width=width)
