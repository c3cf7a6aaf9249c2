"""Page numbers, and lines that a page shares with the one before it."""

import re
from collections.abc import Iterator

_LONGEST_LINE = 120
"""Of running heads and feet; what goes on for longer is text."""

_LINES_AT_EDGE = 2

_NUMBER = re.compile(
    r"^\W*(?:page|p\.|pg\.|seite|sheet)?\s*(\d{1,4})(?:\s*(?:of|/|von|-)\s*\d{1,4})?\W*$"
    r"|\b(?:page|seite)\s+(\d{1,4})(?:\s*(?:of|/|von)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def page_number(page: str) -> int | None:
    r"""Read the number that a page bears at its head or foot; None where it has none.

    Examples
    --------
    >>> page_number("the rent\n\nPage 3 of 9"), page_number("- 12 -\nand so")
    (3, 12)
    >>> page_number("in 2021 it rained") is None
    True
    """
    for line in (*_edge(page, from_end=True), *_edge(page)):
        if match := _NUMBER.search(line):
            return int(match[1] or match[2])
    return None


def is_same_furniture(page: str, following: str) -> bool:
    r"""Tell whether two pages share their first line or their last, but for digits.

    Examples
    --------
    >>> is_same_furniture("Annual report\nIncome rose.", "Annual report\nCosts fell.")
    True
    """
    return any(
        _signs(one) == _signs(other) != ""
        for at_end in (False, True)
        for one, other in zip(
            list(_edge(page, from_end=at_end))[:1],
            list(_edge(following, from_end=at_end))[:1],
            strict=False,
        )
    )


def _signs(line: str) -> str:
    """Give a line without digits; nothing, where it has no letter."""
    kept = _DIGITS.sub("", line).strip()
    return kept if any(sign.isalpha() for sign in kept) else ""


def _edge(page: str, *, from_end: bool = False) -> Iterator[str]:
    """Give the first lines of a page, or its last ones, the outermost first."""
    lines = page.strip().splitlines()
    shown = (line.strip() for line in (reversed(lines) if from_end else lines))
    n_shown = 0
    for line in shown:
        if line and len(line) <= _LONGEST_LINE:
            yield line
        n_shown += bool(line)
        if n_shown == _LINES_AT_EDGE:
            return
