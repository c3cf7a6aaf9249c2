r"""How documents begin and end in plain text: titles, heads of messages, greetings.

Enters: a text. Leaves: whether it begins as documents do, by its layout alone. A line
stands by itself, is short beside the others, is written in capitals or marked as a
title; a message bears headers. None of it is certain: a chapter has a title, too.
"""

import re

_LONGEST_TITLE = 90
_SHORT = 0.6
"""Of the usual length of lines: a line that stops so early was not wrapped there."""

_MESSAGE = re.compile(
    r"(?:From|Subject|Date|To|Von|De): \S|On .{5,60} wrote:|-{3,} ?\w"
)
_HEADER = r"(?:From|Subject|Date|To|Sent|Von|Betreff|Gesendet|De|Objet)"
_HEADERS = re.compile(
    rf"From \S+ .*\d\d:\d\d|[>*\s]*{_HEADER}:.*\n(?:[^\n]+\n){{0,2}}?[>*\s]*{_HEADER}:"
    rf"|-{{3,}} ?\w[\w ]*-{{3,}}[ \r]*\n|On .{{5,60}} wrote:"
)
_HEADER_LINE = re.compile(
    rf"[>*\s]*{_HEADER}:|-{{3,}} ?\w[\w ]*-{{3,}}|From \S+ .*\d\d:\d\d"
)
_RULE = re.compile(r"[ \t]*([-=~*_#])\1{2,}[ \t\r]*$")
_MARKED = re.compile(
    r"\s*#{1,2} \S|<h1|\s*(?:chapter|part|book|act) +[\divxlc]+\b", re.I
)
_NUMBERED = re.compile(
    r"\W{0,3}(?:(?:section|clause|article|item|§) *)?\d{1,3}(?:[./]\d{1,3})*[.):]?\s"
    r"|\W{0,3}(?:\(?[a-zA-Z][.)]|\([ivx]+\)|[IVXLC]+\.)\s",
    re.I,
)
_GREETING = re.compile(
    r"^[ \t>]*(?:dear|hello|hi|good (?:morning|afternoon)|to whom|sehr geehrte|liebe"
    r"|hallo|cher|chère|bonjour|madam|sir)\b",
    re.I | re.M,
)
_CLOSING = re.compile(
    r"^[ \t>]*(?:yours (?:sincerely|faithfully|truly|ever)|sincerely|(?:kind|best|warm"
    r"|with) \w*(?: ?regards| wishes)|regards|many thanks|thank you\W*$|thanks\W*$"
    r"|signed\b|mit freundlichen|cordialement|the end\b|-- ?$|references$"
    r"|distribution:|cc:|copyright\b)",
    re.I | re.M,
)
_OPENING_WORDS, _OPENING_LETTERS = 3, 10
_MOST_HEAD_LINES, _LETTERHEAD_LINE = 6, 60
_HEAD_CHARACTERS = 300
_TAIL_CHARACTERS = 200


def looks_like_beginning(text: str) -> bool:
    r"""Tell whether a text begins with a title or with the head of a message.

    Examples
    --------
    >>> looks_like_beginning("LEASE OF A SHOP\n\nThis lease is made"), (
    ...     looks_like_beginning("and so the rent is due on the first.")
    ... )
    (True, False)
    """
    stripped = text.lstrip()
    return _MESSAGE.match(stripped) is not None or _may_be_title(_first_line(stripped))


def looks_like_head(text: str) -> bool:
    """Tell whether a paragraph begins as a document may: more strictly, by its layout.

    Behind a blank line a letterhead and a greeting count, too, and a title that goes
    on in the same line, as it does in text that was taken from a PDF.
    """
    stripped = text.lstrip()
    if _CLOSING.match(stripped):
        return False
    return (
        begins_message(stripped)
        or has_title(stripped)
        or is_letterhead(stripped)
        or opens_in_capitals(stripped)
        or _GREETING.match(stripped) is not None
    )


def begins_message(text: str) -> bool:
    r"""Tell whether a text begins with the headers of a mail, or quotes one.

    Examples
    --------
    >>> begins_message("From: Ann\nSubject: the rent\n\nDear Ben,"), (
    ...     begins_message("From: here to there")
    ... )
    (True, False)
    """
    return _HEADERS.match(text.lstrip()) is not None


def is_header(line: str) -> bool:
    """Tell whether a line is one of the headers of a message, which go on below it."""
    return _HEADER_LINE.match(line) is not None


def has_title(text: str, usual_length: float = 0.0) -> bool:
    r"""Tell whether a text begins with a line that stands by itself, as titles do.

    Parameters
    ----------
    text
        What may begin with a title.
    usual_length
        Characters of the lines around it; 0 where a line that goes on is no title.

    Examples
    --------
    >>> has_title("The rent\n\nThe rent is due."), has_title("The rent\nof the shop is")
    (True, False)
    >>> has_title("LEASE\nof a shop"), has_title("Chapter 1. In which it rains")
    (True, True)
    """
    stripped = text.lstrip()
    if _MARKED.match(stripped):
        return True
    line = _first_line(stripped)
    if not _may_be_title(line):
        return False
    rest = stripped.split("\n", 1)[1:]
    following = _raw_first_line(rest[0]) if rest else ""
    if not following.strip() or _RULE.match(following) or is_in_capitals(line):
        return True
    return len(line) < _SHORT * usual_length


def is_in_capitals(text: str) -> bool:
    """Tell whether the first line of a text is written in capitals."""
    letters = [letter for letter in _first_line(text.lstrip()) if letter.isalpha()]
    return len(letters) > 3 and sum(one.isupper() for one in letters) > 0.8 * len(
        letters
    )


def opens_in_capitals(text: str) -> bool:
    """Tell whether the first words of a text are written in capitals."""
    words = text.lstrip()[:_LONGEST_TITLE].split()[:_OPENING_WORDS]
    letters = [letter for word in words for letter in word if letter.isalpha()]
    return len(letters) >= _OPENING_LETTERS and all(one.isupper() for one in letters)


def is_letterhead(text: str) -> bool:
    """Tell whether a text begins with a few short lines, no sentence among them."""
    lines = text.lstrip()[:_HEAD_CHARACTERS].split("\n\n", 1)[0].split("\n")
    return 2 <= len(lines) <= _MOST_HEAD_LINES and all(
        3 <= len(line.strip()) <= _LETTERHEAD_LINE and line.rstrip()[-1] not in ".;"
        for line in lines
    )


def is_numbered(text: str) -> bool:
    """Tell whether a text begins with the number of a section, as parts do."""
    return _NUMBERED.match(text.lstrip()) is not None


def greets(text: str) -> bool:
    """Tell whether someone is greeted in the head of a text."""
    return _GREETING.search(text.lstrip()[:_HEAD_CHARACTERS]) is not None


def closes(text: str) -> bool:
    """Tell whether a text ends as letters and papers do."""
    return _CLOSING.search(text.rstrip()[-_TAIL_CHARACTERS:]) is not None


def _may_be_title(line: str) -> bool:
    if not 3 <= len(line) <= _LONGEST_TITLE or line[-1] in ".;,:":
        return False
    return not line[0].islower() and any(letter.isalpha() for letter in line)


def _raw_first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _first_line(text: str) -> str:
    return _raw_first_line(text[: 2 * _LONGEST_TITLE]).strip(" #*=\t\r")
