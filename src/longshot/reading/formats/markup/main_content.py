"""The main text of a page: its blocks, without menus, banners and lists of links.

A parsed page enters; its text leaves, a line for each block. What to leave out is told
by what HTML has for it (``nav``, ``footer``, roles), by the names that pages give to
their parts, and by how much of a block is links (Kohlschütter et al., WSDM 2010, found
that share and the length of a text to tell most of it). In doubt a block is kept: a
classifier bears a menu better than a missing page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

_NO_TEXT = frozenset(
    "script style noscript template svg math canvas iframe object embed audio video "
    "map select option datalist button input textarea head".split()
)
_ASIDE = frozenset("nav aside menu dialog footer".split())
_ASIDE_ROLES = frozenset(
    "navigation banner contentinfo complementary search menu menubar toolbar dialog "
    "alertdialog".split()
)
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|sidebar|side-bar|sphinxsidebar|"
    r"breadcrumbs?|footer|cookies?|consent|gdpr|banner|ads?|advert|advertisement|"
    r"promo|sponsored|share|sharing|social|newsletter|subscribe|subscription|signup|"
    r"related|recommended|recommendations|most-?(?:read|popular)|trending|comments?|"
    r"disqus|pagination|pager|skip-?(?:link|to|nav)|toc|toctree|headerlink|login|"
    r"search-?(?:box|form)|popup|modal|hidden|sr-only|visually-?hidden|"
    r"screen-?reader|print-?only|copyright|tags?)(?:$|[\s_-])",
    re.I,
)
_NAME_CHARACTERS = 500
"""Of a class or an id, that are looked at."""

_NAMED_BY_THEIR_TEXT = frozenset("body main article code pre h1 h2 h3 h4 h5 h6".split())
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "main nav ol p pre section summary table tbody td tfoot th thead tr ul caption "
    "br".split()
)
_LINKED = frozenset("div section ul ol dl table p td li".split())
"""Blocks that are left out where they are hardly more than links."""

_MOST_LINKED = 0.6
"""Of a block's characters: in running text it is a tenth, in a menu nearly all."""

_FEWEST_LINKS = 3

_RUNNING_TEXT = 800
"""Characters that are no link's, from which on a page is an article: what is linked
beside it are other articles. In a page of less, links of whole sentences are kept."""

_SHORT_LINK = 40
"""Characters, of a menu's entry on average."""

_PARAGRAPH = 60
"""Characters, without spaces, of the shortest one."""

_MOST_PARAGRAPHS, _MOST_TEXT = 0.9, 0.7
"""Shares of the characters of paragraphs, and of all text."""

_MAIN_SHARE = 0.2
"""Of a page's text that is no link's: less is no main part, though it be called so."""

_WHOLE_SHARE = 0.5
"""Of a page's text: a part that holds as much is no part to leave out, whatever its
name says."""


@dataclass(slots=True)
class _Size:
    """Characters of an element, how many of them are linked, and how many links."""

    n: int = 0
    n_linked: int = 0
    n_links: int = 0

    @property
    def n_unlinked(self) -> int:
        """Characters that are no link's."""
        return self.n - self.n_linked

    def __iadd__(self, other: "_Size") -> "_Size":
        self.n += other.n
        self.n_linked += other.n_linked
        self.n_links += other.n_links
        return self


def main_content(tree: Any) -> str:
    """Give the main text of a parsed page, a line for each block.

    Parameters
    ----------
    tree
        Of lxml; its comments are taken out.
    """
    body = tree.find("body")
    if body is None:
        return ""
    etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
    sizes = _measured(body)
    root = _root(body, sizes)
    skipped = _skipped(root, sizes)
    kept = _kept(root, skipped, sizes)
    here = _innermost(root, kept)
    lines = list(_lines(here, skipped))
    heading = next((one for one in root.iter("h1") if one in kept), None)
    if heading is not None and here not in (heading, *heading.iterancestors()):
        lines = [*_lines(heading, skipped), *lines]
    return "\n".join(lines)


def _measured(body: Any) -> dict[Any, _Size]:
    """Measure every element that has a text of its own, innermost first."""
    sizes: dict[Any, _Size] = {}
    within_link = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            sizes[element] = _Size()
            within_link += _tag(element) == "a"
            continue
        size, tag = sizes[element], _tag(element)
        if tag in _NO_TEXT:
            sizes[element] = _Size()
        else:
            own = _n_characters(element.text)
            size += _Size(own, own if within_link else 0, int(tag == "a"))
        within_link -= tag == "a"
        parent = element.getparent()
        if element is not body and parent in sizes:
            tail = _n_characters(element.tail)
            sizes[parent] += sizes[element]
            sizes[parent] += _Size(tail, tail if within_link else 0, 0)
    return sizes


def _root(body: Any, sizes: dict[Any, _Size]) -> Any:
    """Find the part that a page marks as its main one, if it is most of the text."""
    articles = body.xpath(".//article|.//*[@itemprop='articleBody']")
    marked = [
        *((one, _MAIN_SHARE) for one in body.xpath(".//main|.//*[@role='main']")),
        *((one, _WHOLE_SHARE) for one in articles if len(articles) == 1),
    ]
    for element, share in marked:
        if sizes[element].n_unlinked >= share * sizes[body].n_unlinked:
            return element
    return body


def _skipped(root: Any, sizes: dict[Any, _Size]) -> set[Any]:
    """Find the elements that are left out with all that they hold."""
    whole = sizes[root]
    unlinked = max(whole.n_unlinked, 1)
    longest = _SHORT_LINK if unlinked < _RUNNING_TEXT else whole.n
    skipped: set[Any] = set()
    for element in root.iter():
        if element is root:
            continue
        size = sizes.get(element)
        if size is None or not size.n or _tag(element) in _NO_TEXT:
            skipped.add(element)
        elif size.n_unlinked < _WHOLE_SHARE * unlinked and (
            _is_hidden(element)
            or _is_aside(element)
            or _is_links(element, size, longest)
        ):
            skipped.add(element)
    return skipped


def _innermost(root: Any, kept: Mapping[Any, "_Kept"]) -> Any:
    """Find the innermost part that holds nearly all of the page's paragraphs.

    What stands around it are dates, buttons and notices. Where that is much, such as a
    table beside the text, all of it is kept.
    """
    whole, here = kept[root], root
    while whole.n_in_paragraphs:
        inner = [one for one in here if one in kept and kept[one].holds_most_of(whole)]
        if not inner:
            break
        here = inner[0]
    return here


@dataclass(slots=True)
class _Kept:
    """Characters that are kept of an element, and of them those in paragraphs.

    Beside them, whether it holds other blocks.
    """

    n: int = 0
    n_in_paragraphs: int = 0
    has_blocks: bool = False

    def holds_most_of(self, whole: "_Kept") -> bool:
        return (
            self.has_blocks
            and self.n_in_paragraphs >= _MOST_PARAGRAPHS * whole.n_in_paragraphs
            and self.n >= _MOST_TEXT * whole.n
        )


def _kept(root: Any, skipped: set[Any], sizes: dict[Any, _Size]) -> dict[Any, _Kept]:
    """Measure what is kept, by the blocks that hold no other ones."""
    kept: dict[Any, _Kept] = {}
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if element in skipped:
            if event == "start":
                walk.skip_subtree()
            continue
        if event == "start":
            kept[element] = _Kept()
            continue
        size, found, tag = sizes[element], kept[element], _tag(element)
        is_block = tag in _BLOCKS and tag != "br"
        if is_block and not found.has_blocks:
            found.n = size.n_unlinked
            found.n_in_paragraphs = found.n if size.n >= _PARAGRAPH else 0
        parent = kept.get(element.getparent())
        if parent is not None and element is not root:
            parent.n += found.n
            parent.n_in_paragraphs += found.n_in_paragraphs
            parent.has_blocks |= is_block or found.has_blocks
    return kept


def _is_hidden(element: Any) -> bool:
    style = element.get("style", "")[:_NAME_CHARACTERS]
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDING_STYLE.search(style) is not None
    )


def _is_aside(element: Any) -> bool:
    tag = _tag(element)
    if tag in _ASIDE or element.get("role", "").lower() in _ASIDE_ROLES:
        return True
    if tag in _NAMED_BY_THEIR_TEXT:
        return False
    kind, name = (element.get(key, "")[:_NAME_CHARACTERS] for key in ("class", "id"))
    if _ASIDE_NAMES.search(kind):
        return True
    return bool(_ASIDE_NAMES.search(name)) and not _is_of_heading(name, element)


def _is_of_heading(name: str, element: Any) -> bool:
    """Tell whether a part is called after its heading, as generators of pages do."""
    heading = next(iter(element.xpath("./h1|./h2|./h3|./h4|./h5|./h6")), None)
    if heading is None:
        return False
    words = re.findall(r"[a-z0-9]+", heading.text_content().lower())
    return "-".join(words).startswith(name.lower().rstrip("0123456789-"))


def _is_links(element: Any, size: _Size, longest: int) -> bool:
    """Tell whether a block is a list of links, such as a menu.

    Not if these are longer, on average, than `longest` characters.
    """
    return (
        _tag(element) in _LINKED
        and size.n_links >= _FEWEST_LINKS
        and size.n_linked > _MOST_LINKED * size.n
        and size.n_linked < longest * size.n_links
    )


def _lines(root: Any, skipped: set[Any]) -> Iterator[str]:
    """Give the text, block by block; what is preformatted keeps its lines."""
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    n_preformatted = 0
    for event, element in walk:
        tag = _tag(element)
        is_block = tag in _BLOCKS
        if is_block and pieces:
            yield from _finished(pieces, n_preformatted > 0)
            pieces = []
        if event == "start":
            n_preformatted += tag == "pre"
            if element in skipped:
                walk.skip_subtree()
            elif element.text:
                pieces.append(element.text)
            continue
        n_preformatted -= tag == "pre"
        if element is not root and element.tail:
            pieces.append(element.tail)
    yield from _finished(pieces, False)


def _finished(pieces: list[str], is_preformatted: bool) -> Iterator[str]:
    text = "".join(pieces)
    lines = text.splitlines() if is_preformatted else [" ".join(text.split())]
    for line in lines:
        if line.strip():
            yield line.rstrip()


def _tag(element: Any) -> str:
    """Give an element's tag; empty for what is none."""
    return element.tag if isinstance(element.tag, str) else ""


def _n_characters(text: str | None) -> int:
    return len("".join(text.split())) if text else 0
