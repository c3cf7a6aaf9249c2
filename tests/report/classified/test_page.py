"""The page as HTML, without a browser."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from longshot.errors import OutputError
from longshot.records import SetAside
from longshot.report.classified import ClassifiedPile, classified_page
from longshot.report.pages import write_page
from tests.report.classified.piles import HARM, document, harmful_pile, pile

VOID = {"meta", "input", "img", "br", "rect", "path"}


class Page(HTMLParser):
    """Reads a page strictly: every element that is opened is closed in its turn."""

    def __init__(self, pile: ClassifiedPile) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.data: Any = None
        self.feed(classified_page(pile))
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End the element that was begun last."""
        if tag not in VOID:
            assert tag == self.open.pop()

    def handle_data(self, text: str) -> None:
        """Keep what a person sees, and the data."""
        if not self.open or self.open[-1] == "style":
            return
        if self.open[-1] != "script":
            self.text += text
        elif self.tags[-1][1].get("type") == "application/json":
            self.data = json.loads(text)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of all elements of a kind."""
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_is_whole_and_its_data_can_be_read() -> None:
    page = Page(pile(7))

    assert 7 == len(page.data["documents"])
    ids = [name for _, attrs in page.tags if (name := attrs.get("id"))]
    assert sorted(set(ids)) == sorted(ids)
    assert [{"lang": "en"}] == page.all("html")


def test_the_summary_stands_in_the_html() -> None:
    aside = SetAside(id="x", source="x.pdf", reason="holds no text")

    text = Page(pile(7, set_aside=(aside,))).text

    assert "7 documents, 3 labels" in text
    assert re.search(r"lease\s+3 documents,\s+median confidence 10%", text)
    assert re.search(r"none of these\s+2 documents", text)
    assert re.search(r"report\s+0 documents", text)
    assert re.search(r"match the true labels\s*3 of 7", text)
    assert "1 document set aside" in text
    assert "x.pdf holds no text" in text
    assert "model" in text


def test_only_what_is_whole_is_told_as_whole() -> None:
    partly = document(0, coverage=0.9999, confidence=0.999, truth="report")

    text = Page(pile(documents=(partly,))).text

    assert "100%" not in text.replace("50%100%", "")  # of the histogram's axis
    assert "1 document not read as a whole" in text
    assert "paper-0000.txt >99% was read" in text


def test_without_truth_nothing_asks_for_it() -> None:
    page = Page(pile(documents=(document(0, truth=None),)))

    assert "true label" not in page.text


def test_what_people_wrote_is_text_wherever_it_stands() -> None:
    whole = harmful_pile()
    aside = SetAside(id=HARM, source=HARM, reason=HARM)

    page = Page(replace(whole, set_aside=(aside,)))

    assert 2 == len(page.all("script"))
    assert [] == page.all("img")
    assert not [name for _, attrs in page.tags for name in attrs if name[:2] == "on"]
    encodable = HARM.replace("\ud800", "?")
    assert encodable == page.data["documents"][0]["id"]
    assert 8 == page.text.count("window.harm = 1")  # title, h1, label, set aside, ...


def test_no_attribute_holds_a_style_or_an_address() -> None:
    page = Page(pile(7))

    for _, attrs in page.tags:
        assert "style" not in attrs
        assert not {"src", "srcset", "action"} & attrs.keys()
        assert (attrs.get("href") or "#")[0] == "#"


def test_an_empty_pile_is_a_page_too() -> None:
    page = Page(pile(0, labels=()))

    assert "0 documents, 0 labels" in page.text


def test_the_same_pile_gives_the_same_page() -> None:
    assert classified_page(pile(7)) == classified_page(pile(7))


def test_the_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_page(tmp_path / "out.html", classified_page(pile(2)))
    with pytest.raises(OutputError, match="must go to a folder that can be written"):
        write_page(tmp_path / "none" / "out.html", classified_page(pile(2)))

    assert ["out.html"] == [path.name for path in tmp_path.iterdir()]
    assert classified_page(pile(2)) == (tmp_path / "out.html").read_text("utf-8")
