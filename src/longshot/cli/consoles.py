"""Where words go: results to stdout, everything else to stderr."""

from rich.console import Console
from rich.markup import escape


def say(message: str, *values: object) -> None:
    """Print a line to stderr; `message` may hold markup, the values are only text."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(message.format(*(escape(str(value)) for value in values)))


def on_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return Console().is_terminal
