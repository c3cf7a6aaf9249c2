"""Where words go: results to stdout, everything else to stderr."""

import re
import sys

import typer
from rich.console import Console
from rich.markup import escape

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def say(message: str, *values: object) -> None:
    """Print a line to stderr; `message` may hold markup, the values are only text."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    shown = (escape(printable(str(value))) for value in values)
    console.print(message.format(*shown))


def counted(n: int, what: str) -> str:
    """Give a number with its noun, in the plural where it must be.

    Examples
    --------
    >>> counted(1, "window"), counted(1200, "token")
    ('1 window', '1,200 tokens')
    """
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def put(text: str, *, encoding: str | None = None) -> None:
    """Print a result to stdout.

    Parameters
    ----------
    text
        With its line ends.
    encoding
        Of what programs will read; that of the terminal by default. A character
        that it lacks becomes ``?``.
    """
    encoding = encoding or sys.stdout.encoding or "utf-8"
    typer.echo(text.encode(encoding, errors="replace"), nl=False)


def printable(text: str) -> str:
    r"""Put U+FFFD for what would command a terminal, or could not be shown at all.

    A document may hold escape sequences, NUL bytes and lone surrogates.

    Examples
    --------
    >>> printable("\x1b[2Jrent")
    '\ufffd[2Jrent'
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def on_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return Console().is_terminal
