"""Pictures of pages become text, where the extra ``ocr`` is installed.

``engine`` reads one picture; ``pages`` names pages for people. Which pages are pictures
is told by the readers of such files: ``formats.pdf``, ``formats.picture``.
"""

from longshot.reading.ocr.engine import MOST_PAGES, Engine, engine
from longshot.reading.ocr.pages import OCR_EXTRA, listed_pages

__all__ = ["MOST_PAGES", "OCR_EXTRA", "Engine", "engine", "listed_pages"]
