"""XML of any kind becomes its text: an element that holds words is a line.

Entities are never expanded: one may name a file of this machine, or grow without end.
Nothing is fetched.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from longshot.errors import one_line
from longshot.reading.content import Content, Unreadable
from longshot.reading.limits import read_bytes

ENTITY = "\ufffd"
"""Stands for an entity that is not expanded."""


def read_xml(path: Path) -> Content:
    """Read the text of all elements, in order; attributes and comments are left out.

    Raises
    ------
    Unreadable
        If nothing of it can be read.
    """
    root, notes = parsed(read_bytes(path))
    return Content(text="\n".join(lines_of(root)), notes=notes)


def parsed(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """Parse XML; of broken XML, what can be read of it.

    Returns
    -------
    tuple
        The root, with a sign in the place of each entity; and notes on what is missing.

    Raises
    ------
    Unreadable
        If nothing can be read.
    """
    from lxml import etree

    notes: tuple[str, ...] = ()
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except (etree.LxmlError, ValueError) as error:
        reason = one_line(str(error))
        root = _recovered(data)
        if root is None:
            raise Unreadable(f"is broken XML ({reason})") from error
        notes = (f"is broken XML, and read as far as it can be ({reason})",)
    return root, (*notes, *_mark_entities(root))


def _recovered(data: bytes) -> Any:
    from lxml import etree

    try:
        return etree.fromstring(data, _parser(recover=True))
    except (etree.LxmlError, ValueError):
        return None


def _mark_entities(root: Any) -> Iterator[str]:
    """Put a sign in the place of each entity, and tell how many there are."""
    from lxml import etree

    entities = list(root.iter(etree.Entity))
    for entity in entities:
        parent, former = entity.getparent(), entity.getprevious()
        text = ENTITY + (entity.tail or "")
        if former is None:
            parent.text = (parent.text or "") + text
        else:
            former.tail = (former.tail or "") + text
        entity.tail = None
        parent.remove(entity)
    if entities:
        yield (
            "XML entities, which may stand for text, are not expanded: "
            f"{len(entities):,}, each shown as {ENTITY}"
        )


def _parser(*, recover: bool) -> Any:
    from lxml import etree

    # huge_tree: libxml2 refuses a text of more than 10 MB otherwise.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def lines_of(root: Any) -> Iterator[str]:
    """Give a line for each element with words of its own, those in it included.

    A word that is set apart within a sentence so stays in its line; elements that only
    hold others give no line.
    """
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _has_words(element):
            if line := " ".join("".join(element.itertext()).split()):
                yield line
        else:
            waiting += reversed(element)


def _has_words(element: Any) -> bool:
    own = (element.text, *(child.tail for child in element))
    return any(text and not text.isspace() for text in own)
