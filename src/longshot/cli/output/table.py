"""A table for people, on stdout.

A column is as wide as its widest cell, so that nothing is cut in a pipe; on a terminal
the passages give way, and only they.
"""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from longshot.cli.output.consoles import printable, put

LEAST_PASSAGE_CHARACTERS = 20


def print_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Collection[int] = (),
    passages: Collection[int] = (),
) -> None:
    """Print a table, with the columns of numbers to the right."""
    table = Table(box=None, pad_edge=False)
    widest = [max(map(cell_len, column)) for column in zip(header, *rows, strict=True)]
    least = [
        min(width, LEAST_PASSAGE_CHARACTERS) if index in passages else width
        for index, width in enumerate(widest)
    ]
    for index, name in enumerate(header):
        table.add_column(
            Text(printable(name)),
            justify="right" if index in numbers else "left",
            min_width=least[index],
            overflow="ellipsis",
            style="dim" if index in passages else "",
        )
    for row in rows:
        table.add_row(*(Text(printable(cell), no_wrap=True) for cell in row))
    gaps = 2 * len(header)
    _print_between(table, least=sum(least) + gaps, most=sum(widest) + gaps)


def _print_between(table: Table, *, least: int, most: int) -> None:
    """Print as wide as the terminal is, but not narrower than can be read."""
    console = Console()
    console.width = max(console.width, least) if console.is_terminal else most
    with console.capture() as captured:
        console.print(table)
    lines = captured.get().splitlines()
    put("".join(line.rstrip() + "\n" for line in lines))
