"""A classified pile: rows for a table, and a page to look through it with.

In reading order: ``rows`` are the columns of every table; ``pile`` is what the page
shows, ``map`` gives each document its place, ``excerpts`` chooses what of long texts
stays, ``links`` leads to the files, ``data`` packs it, ``page`` is the HTML around.

In the browser: ``scripts/judgements`` holds what a person decided, ``saving`` writes
it, ``address`` gives each document an address, ``keys`` the keyboard.
"""

from longshot.report.classified.page import classified_page
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
]
