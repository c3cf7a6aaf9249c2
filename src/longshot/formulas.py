"""Cells that a spreadsheet would compute, and an apostrophe that makes them text.

An id, a label or a passage may begin like a formula, by chance or on purpose: opened in
a spreadsheet, ``=HYPERLINK(...)`` sends what stands beside it to a stranger
(https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe before it makes
it text. It is taken off again where a table's ids and labels are read, so that what was
written comes back; what began with an apostrophe of its own gets another one.
"""

import re

# A number with its sign computes to itself; -1 may well be a label.
_FORMULA = re.compile(
    r"'*(?![+-][0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?\Z)[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]"
)


def as_text(cell: str) -> str:
    """Give a cell as a spreadsheet shows it, and does not compute it.

    Examples
    --------
    >>> as_text("=1+1"), as_text("rent"), as_text("-1"), as_text("'=1+1")
    ("'=1+1", 'rent', '-1', "''=1+1")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """Take the apostrophe off again.

    Examples
    --------
    >>> as_meant("'=1+1"), as_meant("'tis"), as_meant("''=1+1")
    ('=1+1', "'tis", "'=1+1")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
