"""Where words go: results to stdout, everything else to stderr."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

# Controls; ends of lines and paragraphs, which would forge a row; lone surrogates; and
# what turns the direction of the text after it (Unicode annex 9, section 2).
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


_bars: list[Progress] = []
"""Those that are drawn now: a line must go above them, not behind."""


@contextmanager
def drawing(bar: Progress) -> Iterator[None]:
    """Draw a bar, with the lines that are said meanwhile above it.

    One that is drawn already is not until this one is done.
    """
    outer = [one for one in _bars if one.live.is_started]
    for one in outer:
        one.stop()
    _bars.append(bar)
    try:
        with bar:
            yield
    finally:
        _bars.remove(bar)
        for one in outer:
            one.start()


def say(message: str, *values: object) -> None:
    """Print a line to stderr; `message` may hold markup, the values are only text."""
    console = _bars[-1].console if _bars else Console(stderr=True)
    shown = (escape(printable(str(value))) for value in values)
    console.print(message.format(*shown), soft_wrap=True, highlight=False)


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
    if _bars and on_terminal():
        _bars[-1].stop()  # the result takes its place
    encoding = encoding or sys.stdout.encoding or "utf-8"
    typer.echo(text.encode(encoding, errors="replace"), nl=False)


def printable(text: str) -> str:
    r"""Put U+FFFD for what would command a terminal, or could not be shown on a line.

    A document, the name of a file or a label may hold escape sequences, ends of lines,
    NUL bytes, lone surrogates, and signs that turn the direction of writing.

    Examples
    --------
    >>> printable("\x1b[2Jrent")
    '\ufffd[2Jrent'
    >>> printable("a.txt\nerror: all is lost")
    'a.txt\ufffderror: all is lost'
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def on_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return Console().is_terminal
