"""HTML becomes its main text, without markup, menus and scripts.

trafilatura finds the main text (Barbaresi, ACL 2021 demo 15), set to keep rather too
much than too little; where it finds nothing, all text of the body is taken.
"""

import logging
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.text import decode
from longshot.reading.formats.xml import lines_of
from longshot.reading.limits import read_bytes

# The declaration must stand in the first 1024 bytes: HTML standard, section 4.2.5.4.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DECLARED_WITHIN_BYTES = 1024
_NOTED_SHARE = 0.25
# What trafilatura leaves out of a page without menus that is nearly all main text are
# headings and short items of lists: such a page, as mails and office programs write
# them, is kept whole.
_NEARLY_ALL = 0.9
_FURNITURE = ".//nav|.//header|.//footer|.//aside|.//form|.//menu"
# libxml2 drops what lies deeper than 2,048 elements, and Python calls functions no
# deeper than 1,000; trafilatura takes 80 microseconds and 2 kilobytes for an element.
_MOST_DEPTH = 500
_MOST_ELEMENTS = 100_000
_TOO_DEEP = f"is nested more than {_MOST_DEPTH} deep"
# The tags of a page that is nested too deep: without them, it is flat.
_ELEMENT_TAG = re.compile(
    r"</?(?!(?:html|head|title|body|script|style|noscript|template|meta)\b)"
    r"[a-z][^<>]*>",
    re.I,
)
_WITHOUT_TEXT = ".//script|.//style|.//noscript|.//template|.//comment()"


def read_html(path: Path) -> Content:
    """Read the main text of a page; its title is the first line.

    Raises
    ------
    Unreadable
        If the bytes are no text.
    """
    data = read_bytes(path)
    declared = _DECLARED.search(data[:_DECLARED_WITHIN_BYTES])
    source = decode(data, declared=declared[1].decode("ascii") if declared else None)
    main = main_text(source.text)
    return Content(text=main.text, notes=source.notes + main.notes)


def main_text(html: str) -> Content:
    r"""Take the main text out of HTML.

    Examples
    --------
    >>> main_text("<title>Lease</title><body><p>The rent is due.</p></body>").text
    'Lease\nThe rent is due.'
    """
    tree = _parsed(html)
    if tree is None:
        return Content(text="")
    why_whole = _why_whole(tree)
    if why_whole == _TOO_DEEP:
        tree = _parsed(_ELEMENT_TAG.sub("\n", html))
    title = " ".join((tree.findtext(".//title") or "").split())
    all_text, lines = _all_text(tree), _plain_lines(tree)
    text = (_extracted(tree) if why_whole is None else "") or all_text
    if not text:
        return Content(text="")
    notes: tuple[str, ...] = ()
    if why_whole is not None:
        notes = (f"{why_whole}: all of its text is kept, not its main text alone",)
    elif lines and len(text) >= _NEARLY_ALL * len(all_text):
        text = lines
    elif len(text) < _NOTED_SHARE * len(all_text):
        share = len(text) / len(all_text)
        notes = (f"its main text is {share:.0%} of the page; the rest was left out",)
    return Content(text=text if title in text else f"{title}\n{text}", notes=notes)


def _why_whole(tree: Any) -> str | None:
    """Tell why the main text of a page cannot be looked for; None where it can."""
    from lxml import etree

    depth = n_elements = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        n_elements += event == "start"
        if depth > _MOST_DEPTH:
            return _TOO_DEEP
        if n_elements > _MOST_ELEMENTS:
            return f"holds more than {_MOST_ELEMENTS:,} elements"
    return None


def _parsed(html: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    # huge_tree: libxml2 cuts a text of more than 10 MB short otherwise.
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return lxml_html.document_fromstring(
            html.encode("utf-8", "replace"), parser=parser
        )
    except etree.ParserError:  # a page without a single element
        return None
    except etree.LxmlError as error:
        raise Unreadable(f"is not readable as HTML ({error})") from error


def _extracted(tree: Any) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = trafilatura.bare_extraction(
            tree, favor_recall=True, include_comments=False
        )
    except Exception:
        # It calls itself for what is nested, and trusts what a page says of itself:
        # whatever it meets there, all text of the page is left.
        return ""
    return (found.text or "").strip() if found else ""


def _all_text(tree: Any) -> str:
    body = tree.find("body")
    if body is None:
        return ""
    hidden = set(body.xpath(_WITHOUT_TEXT))
    pieces = (
        piece
        for piece in body.xpath(".//text()")
        if not (piece.is_text and piece.getparent() in hidden)
    )
    lines = (" ".join(piece.split()) for piece in pieces)
    return "\n".join(line for line in lines if line)


def _plain_lines(tree: Any) -> str:
    """Take all text of a page without menus, a line for each element with words."""
    body = deepcopy(tree.find("body"))
    if body is None or body.xpath(_FURNITURE):
        return ""
    for hidden in body.xpath(_WITHOUT_TEXT):
        hidden.drop_tree()
    for end in body.iter("br"):
        end.tail = f"\n{end.tail or ''}"
    return "\n".join(lines_of(body))
