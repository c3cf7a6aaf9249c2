"""What all pages share: one frame, one look, one way to write numbers.

A page is one file that stands alone. In reading order: ``wording`` writes numbers for
people, ``pieces`` are the parts of HTML that pages are put together from, ``assembly``
puts a page together and writes it. ``styles/`` and ``scripts/`` come along in the file.
"""

from longshot.report.pages.assembly import (
    asset,
    scripted_page,
    still_page,
    write_page,
)

__all__ = ["asset", "scripted_page", "still_page", "write_page"]
