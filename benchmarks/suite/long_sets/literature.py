"""Books of Project Gutenberg: the King James Bible, and fiction, verse and plays."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from benchmarks.suite.long_sets.labels import AUTHORS, BOOKS_OF_THE_BIBLE
from benchmarks.suite.long_sets.packages import Files, Rows, text_of

_PASSAGE_WORDS = 600
_MOST_PASSAGE_WORDS = 800


def bible(files: Files) -> Rows:
    """Give the chapters, without the titles of books and the numbers of verses."""
    kinds = [kind for kind, n_books in BOOKS_OF_THE_BIBLE for _ in range(n_books)]
    book, chapters = -1, defaultdict[tuple[int, int], list[str]](list)
    for path, data in files:
        if path.endswith("bible-kjv.txt"):
            pieces = re.split(r"\b(\d+):(\d+)\s", text_of(data))
            for chapter, verse, text in zip(
                pieces[1::3], pieces[2::3], pieces[3::3], strict=True
            ):
                book += chapter == verse == "1"
                words = text.partition("\n\n")[0].split()
                chapters[book, int(chapter)].append(" ".join(words))
    for (number, _), verses in chapters.items():
        yield kinds[number], "\n".join(verses)


def authors(files: Files) -> Rows:
    """Give passages of whole paragraphs, without the books' title lines."""
    for path, data in files:
        name = path.rpartition("/")[2].partition("-")[0]
        if path.endswith(".txt") and name in AUTHORS:
            body = re.sub(r"^\s*\[[^\]]*\]", "", text_of(data))
            for passage in passages(body.split("\n")):
                yield AUTHORS[name], passage


def passages(
    lines: Iterable[str],
    n_words: int = _PASSAGE_WORDS,
    most_words: int = _MOST_PASSAGE_WORDS,
) -> Iterator[str]:
    r"""Cut before a paragraph, or within one that goes on for too long.

    The last lines of a book, which are fewer, are left out.

    Examples
    --------
    >>> list(passages(["a b", "", "c d", "", "e"], n_words=1, most_words=3))
    ['a b', '\nc d']
    """
    passage: list[str] = []
    n_read = 0
    for line in lines:
        if n_read >= (most_words if line.strip() else n_words):
            yield re.sub(r"\n{3,}", "\n\n", "\n".join(passage))
            passage, n_read = [], 0
        passage.append(line)
        n_read += len(line.split())
