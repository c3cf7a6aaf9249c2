"""A study of words: its numbers as csv, its figures, and a page that stands alone."""

from longshot.report.contextual.figures import write_figures
from longshot.report.contextual.numbers import write_numbers
from longshot.report.contextual.page import write_report

__all__ = ["write_figures", "write_numbers", "write_report"]
