"""A classified pile: rows for a table, and a page to look through it with.

In reading order: ``rows`` are the columns of every table; ``pile`` is what the page
shows, ``map`` gives each document its place, ``excerpts`` chooses what of long texts
stays, ``data`` packs it, ``page`` is the HTML around.
"""

from longshot.report.classified.page import classified_page, write_classified
from longshot.report.classified.pile import (
    ClassifiedDocument,
    ClassifiedPile,
    Mark,
    classified_pile,
)

__all__ = [
    "ClassifiedDocument",
    "ClassifiedPile",
    "Mark",
    "classified_page",
    "classified_pile",
    "write_classified",
]
