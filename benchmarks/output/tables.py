"""Tables as every benchmark prints them: Markdown, each row as soon as it is known."""

from collections.abc import Iterable, Sequence


def print_header(*columns: str) -> None:
    """Print a table's first two lines."""
    print("\n".join(header(*columns)), flush=True)


def print_row(*cells: object) -> None:
    """Print a row."""
    print(row(*cells), flush=True)


def header(*columns: str) -> list[str]:
    """Give a table's first two lines."""
    return [row(*columns), "|---" * len(columns) + "|"]


def row(*cells: object) -> str:
    """Give a row."""
    return f"| {' | '.join(map(str, cells))} |"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a whole table."""
    return "\n".join([*header(*columns), *(row(*cells) for cells in rows)])
