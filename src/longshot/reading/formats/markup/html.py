"""HTML becomes its main text, without markup, menus and scripts.

Where no main text is found, all text of the body is taken.
"""

import re
from pathlib import Path
from typing import Any

from longshot.reading.content import Content, Unreadable
from longshot.reading.formats.text import decode
from longshot.reading.limits import read_bytes

# The declaration must stand in the first 1024 bytes: HTML standard, section 4.2.5.4.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DECLARED_WITHIN_BYTES = 1024
_NOTED_SHARE = 0.25
# libxml2 drops what lies deeper than 2,048 elements; finding the main text takes some
# ten microseconds for an element.
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
    all_text = _all_text(tree)
    text = (_main_content(tree) if why_whole is None else "") or all_text
    if not text:
        return Content(text="")
    notes: tuple[str, ...] = ()
    if why_whole is not None:
        notes = (f"{why_whole}: all of its text is kept, not its main text alone",)
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


def _main_content(tree: Any) -> str:
    from longshot.reading.formats.markup.main_content import main_content  # with lxml

    return main_content(tree)


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
