"""Documentation in reStructuredText: Linux's, and the library reference of Python."""

import re
from collections.abc import Sequence

from benchmarks.suite.long_sets.labels import FIELDS_OF_PYTHON, SUBSYSTEMS
from benchmarks.suite.long_sets.packages import Files, Rows, text_of

_WHOLE_CHAPTERS = ("asyncio", "email")
"""Chapters of Python's reference that are documents as well as lists of modules."""

_MARKUP: Sequence[tuple[str, str]] = (
    (r"^\.\. (_|\||(SPDX|[Cc]opyright|[a-z]+author)\b).*\n", ""),
    (r"^.*SPDX-License-Identifier.*\n", ""),
    (r"^ *\.\. (toctree|index|module|testsetup)::.*\n(?: +\S.*\n|[ \t]*\n(?= ))*", ""),
    (r"^ *\.\. version(added|changed)::.*\n", ""),
    (r"^( *)\.\. [\w:-]+:: ?", r"\1"),
    (r"^ +:[a-z-]+:.*\n", ""),
    (r"^\W*([=\-~^*#+.\"'`:])\1{2,}[\s=+|-]*$", ""),
    (r"``(.+?)``", r"\1"),
    (r":[\w:+-]+:`[~!]?([^`<]+?)(?:\s*<[^>]*>)?`", r"\1"),
    (r"`([^`<]+?)(?:\s*<[^>]*>)?`_*", r"\1"),
    (r"\*\*([^*\n]+)\*\*", r"\1"),
    (r"\*(\w[^*\n]*)\*", r"\1"),
    (r"::$", ":"),
    (r"\n{3,}", "\n\n"),
)
"""What is markup, and what is left of it; in this order."""


def kernel(files: Files) -> Rows:
    """Give the documents of Linux's subsystems, not their tables of contents."""
    for path, data in files:
        inside = path.partition("/Documentation/")[2]
        name = inside.rpartition("/")[2]
        if not re.search(r"\.(rst|txt)(\.gz)?$", name) or name.startswith("index."):
            continue
        for folder, label in SUBSYSTEMS.items():
            if inside.startswith(f"{folder}/"):
                yield label, plain(text_of(data))


def python(files: Files) -> Rows:
    """Give the pages of Python's modules by the chapter that lists them."""
    pages: dict[str, str] = {}
    for path, data in files:
        found = re.search(r"_sources/library/([\w.]+)\.rst\.txt$", path)
        if found:
            pages[found[1]] = text_of(data)
    for chapter, label in FIELDS_OF_PYTHON.items():
        listed = pages[chapter].partition("toctree::")[2]
        for name in re.findall(r"^   ([\w.]+?)(?:\.rst)?$", listed, re.MULTILINE):
            if name in pages and name not in FIELDS_OF_PYTHON:
                yield label, plain(pages[name])
        if chapter in _WHOLE_CHAPTERS:
            yield label, plain(pages[chapter])


def plain(text: str) -> str:
    r"""Strip the markup of reStructuredText.

    Examples
    --------
    >>> plain("Sorting\n=======\n\nSee :func:`sorted` and *key*.")
    'Sorting\n\nSee sorted and key.'
    """
    for pattern, left in _MARKUP:
        text = re.sub(pattern, left, text, flags=re.MULTILINE)
    return text
