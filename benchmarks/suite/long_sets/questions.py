"""The answers of "An Anarchist FAQ": a page of HTML for each section."""

import html
import re

from benchmarks.suite.long_sets.labels import FAQ_SECTIONS
from benchmarks.suite.long_sets.packages import Files, Rows, text_of


def anarchism(files: Files) -> Rows:
    """Give each question's answer by its section."""
    for path, data in sorted(files):
        found = re.search(r"/sec([A-J])\d+\.html$", path)
        if found:
            body = text_of(data).partition("<body>")[2]
            for part in re.split(r"(?=<h[12]>)", body):
                yield FAQ_SECTIONS[found[1]], answer(part)


def answer(part: str) -> str:
    r"""Strip markup, and the letters and numbers that tell the section.

    Examples
    --------
    >>> answer("<h2>A.1.2 What is it?</h2><p>See <a>section\nB.3</a> &amp; on.</p>")
    '\n\nWhat is it?\n\nSee section & on.\n\n'
    """
    part = re.sub(r"\s+", " ", part)
    part = re.sub(r"</?(p|br|div|h\d|li|ul|ol|blockquote)\b[^>]*>", "\n\n", part)
    text = html.unescape(re.sub(r"<[^>]+>", "", part))
    text = re.sub(r"\b[A-J]\.\d+(\.\d+)*\b ?", "", text)
    text = re.sub(r"(?i)\b(sections?) +[A-J]\b", r"\1", text)
    return re.sub(r"\s*\n\s*", "\n\n", text)
