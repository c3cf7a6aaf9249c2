"""A study of words: its numbers as csv, its figures, and a page that stands alone."""

from longshot.report.contextual.figures import write_figures
from longshot.report.contextual.numbers import write_numbers
from longshot.report.contextual.page import contextual_page

__all__ = ["contextual_page", "write_figures", "write_numbers"]
