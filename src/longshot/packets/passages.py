"""Where passages begin in a text without pages.

A passage is a paragraph, short ones together with those before them; it is closed early
where what follows looks like the head of a document. Time is linear in the text.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from longshot.packets.headings import (
    begins_message,
    has_title,
    is_header,
    is_in_capitals,
    looks_like_head,
)

LEAST_CHARACTERS = 400
"""Of a passage, unless what follows looks like a beginning: about a hundred tokens, the
least that says of itself what it is about."""

MOST_CHARACTERS = 2_000
"""Of a passage; a paragraph that is longer is cut at the end of a line or a word."""

_LEAST_BEFORE_TITLE = 80
"""Characters of a passage that is closed early since a beginning follows: a line."""

_LONGEST_WRAPPED = 160
"""Characters of a line that was broken to fit a page; a longer one is a paragraph."""

_SHOWN = 300
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*\s*$")


def passage_starts(text: str) -> Iterator[int]:
    """Tell where passages begin, after the first one.

    A line or two before a head or the end (a signature, a page number) stay with what
    they follow, even where a passage would begin with them.
    """
    after_last = len(text.rstrip())
    start, at_head = 0, True
    waiting: int | None = None  # a start that a head may take the place of
    for place, is_head in _places(text):
        if place >= after_last:
            break
        length = len(text[start:place].strip())
        is_short = length < _LEAST_BEFORE_TITLE
        goes_on = (
            at_head and is_short and not begins_message(text[place : place + _SHOWN])
        )
        if length < LEAST_CHARACTERS and (not is_head or goes_on):
            continue
        if waiting is not None and not (is_head and is_short):
            yield waiting
        start, at_head, waiting = place, is_head, place
    rest = text[start:after_last].strip()
    is_rest_short = len(rest) < _LEAST_BEFORE_TITLE and not begins_message(rest)
    if waiting is not None and not is_rest_short:
        yield waiting


def _places(text: str) -> Iterator[tuple[int, bool]]:
    """Give places where a passage may begin, and whether a document's head is there.

    Paragraphs begin behind blank lines. Where so many lines follow each other without
    one that they cannot be one paragraph, as in what was read from a DOCX, those behind
    the end of a sentence count as well. A head may stand behind any such line: in files
    that were put together no blank line parts two.
    """
    ends = [match.end() for match in _PARAGRAPH.finditer(text)]
    for start, end in pairwise([0, *ends, len(text)]):
        if start:
            yield start, looks_like_head(text[start : start + _SHOWN])
        yield from _places_within(text, start, end)


def _places_within(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Give the places within a block without a blank line."""
    length = len(text[start:end].rstrip())
    is_long = length > MOST_CHARACTERS
    lines = [start, *_line_starts(text, start, start + length), end]
    usual = float(np.quantile(np.diff(lines), 0.75)) if is_long else 0.0
    last = start
    for before, place in pairwise(lines):
        for cut in _cuts(text, last, place):
            yield cut, False
            last = cut
        if place == end:
            return
        ended = place - before > _LONGEST_WRAPPED or (
            _ENDED.search(text, max(before, place - _SHOWN), place) is not None
        )
        shown = text[place : place + _SHOWN]
        is_head = not is_header(text[before : min(place, before + _SHOWN)]) and (
            begins_message(shown)
            or (has_title(shown, usual) and (ended or is_in_capitals(shown)))
        )
        if is_head or (ended and (is_long or place - before > _LONGEST_WRAPPED)):
            yield place, is_head
            last = place


def _line_starts(text: str, start: int, end: int) -> Iterator[int]:
    place = text.find("\n", start, end) + 1
    while 0 < place < end:
        yield place
        place = text.find("\n", place, end) + 1


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Cut a paragraph that is too long: at a line, at a word, or where it must be."""
    while end - start > MOST_CHARACTERS:
        least, most = start + LEAST_CHARACTERS, start + MOST_CHARACTERS
        at = text.rfind("\n", least, most) + 1 or text.rfind(" ", least, most) + 1
        start = at or most
        yield start
