"""Pieces of HTML that pages are made from.

Whatever text enters is escaped, and figures are images, so that no text can act.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

STANDS_ALONE = (
    "Made by longshot. This file stands alone: nothing in it is loaded from, or sent, "
    "anywhere."
)


def masthead(
    title: str, lede: str = "", figures: Iterable[tuple[str, str]] = ()
) -> Iterator[str]:
    """Give the head of a page: its title, a line below it, and numbers that sum it up.

    Parameters
    ----------
    title, lede
        As plain text.
    figures
        Pairs of what a number is and the number.
    """
    yield f'<header class="masthead"><div><h1>{escape(title)}</h1>'
    if lede:
        yield f'<p class="lede">{escape(lede)}</p>'
    yield "</div>"
    numbers = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in figures
    )
    if numbers:
        yield f'<dl class="figures">{numbers}</dl>'
    yield "</header>"


def footer(pieces: Iterable[str] = ()) -> Iterator[str]:
    """Give the foot of a page; the pieces are HTML already."""
    yield "<footer>"
    yield from pieces
    yield f"<p>{STANDS_ALONE}</p></footer>"


def folded(title: str, pieces: Iterable[str]) -> Iterator[str]:
    """Give what is shown once a person asks for it; the pieces are HTML already."""
    yield f"<details><summary>{escape(title)}</summary>"
    yield from pieces
    yield "</details>"


def bullets(lines: Iterable[str]) -> Iterator[str]:
    """Give a list; the lines are HTML already."""
    yield "<ul>"
    yield from (f"<li>{line}</li>" for line in lines)
    yield "</ul>"


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
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="{style}"><caption>{escape(caption)}</caption>'
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


def definitions(terms: Iterable[tuple[str, str]] | Mapping[str, str]) -> Iterator[str]:
    """Give terms with what they mean."""
    pairs = terms.items() if isinstance(terms, Mapping) else terms
    yield "<dl>"
    yield from (f"<dt>{escape(t)}</dt><dd>{escape(d)}</dd>" for t, d in pairs)
    yield "</dl>"


def note(line: str) -> str:
    """Give what a person must know before trusting the rest."""
    return f'<p class="note">{escape(line)}</p>'


def notes(lines: Iterable[str]) -> Iterator[str]:
    """Give a note for each line, as a sentence."""
    yield from (note(f"{line}.") for line in lines)
