"""How many pages a PDF has, with or without text."""

from pathlib import Path

_SIGN = b"%PDF-"
_SIGN_WITHIN = 1024
"""Bytes from the beginning within which the sign stands, as readers take it."""


def count_pages(source: str) -> int | None:
    """Count the pages of the PDF that a document came from; None where it is none.

    Parameters
    ----------
    source
        Where the document came from, as :class:`~longshot.records.Document` tells it.
    """
    import pypdfium2

    if not is_pdf(source):
        return None
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError:
        return None
    try:
        return len(document)
    finally:
        document.close()


def is_pdf(source: str) -> bool:
    """Tell whether a document came from a file that is a PDF, whatever it is called."""
    try:
        path = Path(source)
        if not source or not path.is_file():
            return False
        with path.open("rb") as file:
            return _SIGN in file.read(_SIGN_WITHIN)
    except (OSError, ValueError):  # no name of a file: too long, or with a NUL
        return False
