"""Units cover a file, and begin where documents may begin."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.packets.passages import MOST_CHARACTERS
from longshot.packets.units import UnitKind, units_of
from longshot.records import Document, PageStart

TEXTS = st.text(st.sampled_from("ab A.\n\f\t:é"), max_size=300) | st.text(max_size=80)


@given(TEXTS, st.integers(1, 40), st.sampled_from(["page", "passage"]))
def test_units_cover_the_text_without_gap_or_overlap(
    text: str, times: int, by: UnitKind
) -> None:
    text = text * times
    _, units = units_of(Document(id="1", text=text), by)
    assert "".join(text[unit.start : unit.end] for unit in units) == (
        text if text.strip() else ""
    )
    assert all(one.end == other.start for one, other in pairwise(units))
    assert all(unit.start < unit.end for unit in units)


@given(TEXTS, st.integers(1, 40))
def test_no_passage_is_longer_than_was_said(text: str, times: int) -> None:
    _, units = units_of(Document(id="1", text=text * times), "passage")
    blank = len(text) * times  # what has no letters is not worth a cut
    for unit in units:
        inner = (text * times)[unit.start : unit.end].strip()
        assert len(inner) <= max(2 * MOST_CHARACTERS, blank * (not inner.strip()))


def test_a_page_is_a_unit_with_its_number() -> None:
    pages = (PageStart(2, 0), PageStart(5, 4))
    kind, units = units_of(Document(id="1", text="one\ntwo", pages=pages))
    assert kind == "page"
    assert [(unit.start, unit.end, unit.page) for unit in units] == [
        (0, 4, 2),
        (4, 7, 5),
    ]


def test_form_feeds_end_pages_and_blank_pages_are_no_units() -> None:
    kind, units = units_of(Document(id="1", text="one\f \ftwo"))
    assert kind == "page"
    assert [unit.page for unit in units] == [1, 3]
    assert units[0].end == units[1].start


def test_passages_know_the_page_that_they_begin_on() -> None:
    text = "x" * 900 + "\n\n" + "y" * 900
    document = Document(id="1", text=text, pages=(PageStart(1, 0), PageStart(2, 902)))
    kind, units = units_of(document, "passage")
    assert kind == "passage"
    assert [(unit.start, unit.page) for unit in units] == [(0, 1), (902, 2)]


@pytest.mark.parametrize(
    "beginning", ["LEASE OF A SHOP\n\n", "From: a@example.org\nSubject: rent\n\n"]
)
def test_a_title_or_a_message_begins_a_passage_after_a_line_or_two(
    beginning: str,
) -> None:
    before = "It was resolved to write to the county about the footpath by the mill. "
    before += "The meeting closed.\n\n"
    text = before + beginning + "What follows is longer, and goes on for a while. " * 9
    _, units = units_of(Document(id="1", text=text))
    assert len(before) in {unit.start for unit in units}


LINE = "The rent is due on the first of the month and is paid by the tenant."


def test_lines_are_paragraphs_where_no_line_is_blank() -> None:
    """A DOCX is read as a line for each of its paragraphs."""
    text = "\n".join([*[LINE] * 40, "Minutes of the council", *[LINE] * 40])
    _, units = units_of(Document(id="1", text=text))
    starts = {unit.start for unit in units}
    assert text.index("Minutes") in starts
    assert all(start == 0 or text[start - 1] == "\n" for start in starts)
    assert len(units) > 8


@pytest.mark.parametrize("head", ["LEASE OF A SHOP", "From: Ann\nSubject: the rent"])
def test_a_document_may_begin_right_behind_the_last_line_of_another(head: str) -> None:
    text = f"{LINE} {LINE}\n{head}\n\n{LINE * 8}"
    _, units = units_of(Document(id="1", text=text))
    assert text.index(head) in {unit.start for unit in units}


def test_a_page_number_and_a_signature_stay_with_what_they_end() -> None:
    letter = f"{LINE * 7}\n\n- 10 -\n\n"
    text = f"{letter}LEASE OF A SHOP\n\n{LINE * 8}"
    for end in ("", "\n\nA. Pole"):
        _, units = units_of(Document(id="1", text=text + end))
        assert [unit.start for unit in units] == [0, len(letter)]


@pytest.mark.parametrize(
    "line", ["rent\n", "RENT IS DUE\n", "From: a\nTo: b\n", "a. \n\n"]
)
def test_passages_take_time_that_grows_with_the_text(line: str) -> None:
    """Half a million characters: with the square of them it would take hours."""
    _, units = units_of(Document(id="1", text=line * (500_000 // len(line))))
    assert len(units) > 200


def test_each_mail_of_a_thread_is_a_passage_from_its_headers_on() -> None:
    head = "From: Ann Pole\nSent: 6 May 2024 10:12\nSubject: the shop"
    endings = ("Yours sincerely,\nCleo Wight", "Ben", "Kind regards")
    mails = [f"{head}\n\nDear Ben,\n\n{LINE}\n\n{one}\n\n" for one in endings]
    _, units = units_of(Document(id="1", text="".join(mails)))
    starts = [sum(map(len, mails[:number])) for number in range(len(mails))]
    assert [unit.start for unit in units] == starts
