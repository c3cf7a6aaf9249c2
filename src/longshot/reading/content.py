"""What a reader of one kind of file gives: a content, or why there is none."""

from dataclasses import dataclass

from longshot.records import PageStart


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """The text of one file, with what had to be guessed to get it.

    Attributes
    ----------
    text
        The whole text.
    notes
        One line for people per guess; empty when nothing was guessed.
    pages
        Where the pages with text begin; empty where the kind of file has none.
    text_share
        The share of the file that could be read as text; below 1.0 where pages are
        scanned or broken.
    """

    text: str
    notes: tuple[str, ...] = ()
    pages: tuple[PageStart, ...] = ()
    text_share: float = 1.0


class Unreadable(Exception):
    """A file or table cannot be read; its message says why.

    The message completes the sentence that begins with the file's name: "is protected
    by a password". It never leaves this package: it becomes a ``SetAside`` or a
    ``ReadingError``.
    """
