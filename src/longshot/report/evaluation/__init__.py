"""An evaluation: its figures as a table or JSON, and a page that stands alone."""

from longshot.report.evaluation.numbers import check_numbers_ending, write_numbers
from longshot.report.evaluation.page import evaluation_page

__all__ = ["check_numbers_ending", "evaluation_page", "write_numbers"]
