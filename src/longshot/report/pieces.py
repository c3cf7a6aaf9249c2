"""Pieces of HTML that reports of figures and tables are made from.

Whatever text enters is escaped, and figures are images, so that no text can act.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape


def figure(svg: bytes, told: str, *, is_captioned: bool = False) -> str:
    """Show a figure, told in words to those who do not see it, or to all."""
    data = base64.b64encode(svg).decode()
    caption = f"<figcaption>{escape(told)}</figcaption>" if is_captioned else ""
    return (
        f'<figure><img alt="{escape(told)}" src="data:image/svg+xml;base64,{data}">'
        f"{caption}</figure>"
    )


def table(
    caption: str, columns: Sequence[str], rows: Iterable[str], *, style: str = ""
) -> Iterator[str]:
    """Give a table, piece by piece; the rows are HTML already."""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    yield (
        f'<div class="wide" tabindex="0"><table class="{style}">'
        f"<caption>{escape(caption)}</caption>"
        f"<thead><tr>{cells}</tr></thead><tbody>"
    )
    yield from rows
    yield "</tbody></table></div>"


def table_row(title: str, cells: Iterable[str]) -> str:
    """Give a row of a table; the cells are HTML already."""
    return f'<tr><th scope="row">{escape(title)}</th>{"".join(cells)}</tr>'


def number(value: str, low: str, high: str) -> str:
    """Give a cell with a number, and the limits of its interval below it."""
    return f'<td>{value}<span class="interval">{low} to {high}</span></td>'


def text(value: str) -> str:
    """Give a cell with words."""
    return f'<td class="text">{escape(value)}</td>'


def definitions(terms: Mapping[str, str]) -> Iterator[str]:
    """Give terms with what they mean."""
    yield "<dl>"
    yield from (f"<dt>{escape(t)}</dt><dd>{escape(d)}</dd>" for t, d in terms.items())
    yield "</dl>"


def notes(lines: Iterable[str]) -> Iterator[str]:
    """Give what a person must know before trusting the rest."""
    yield from (f'<p class="note">{escape(line)}.</p>' for line in lines)
