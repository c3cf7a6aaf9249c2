"""Mistakes told in one line, without a traceback, and the exit codes.

0: done. 1: a person's mistake, or documents that had to be set aside. 2: wrong usage.
130: stopped by Ctrl-C.
"""

import functools
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec

import typer

from longshot.cli.output.consoles import say
from longshot.errors import LongshotError, LongshotWarning

P = ParamSpec("P")

EXIT_MISTAKE = 1
EXIT_STOPPED = 130


@contextmanager
def _saying_warnings() -> Iterator[None]:
    """Print a :class:`LongshotWarning` as one line on stderr, without code."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", LongshotWarning)
        shown = warnings.showwarning

        def say_or_show(
            message: Warning | str, category: type[Warning], *place: Any, **rest: Any
        ) -> None:
            if issubclass(category, LongshotWarning):
                say("[yellow]note:[/] {}", message)
            else:
                shown(message, category, *place, **rest)

        warnings.showwarning = say_or_show
        yield


def telling_mistakes(command: Callable[P, None]) -> Callable[P, None]:
    """Print a :class:`LongshotError` as one line on stderr and exit 1."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with _saying_warnings():
                command(*args, **kwargs)
        except LongshotError as error:
            say("[bold red]error:[/] {}", str(error))
            raise typer.Exit(EXIT_MISTAKE) from None
        except KeyboardInterrupt:
            say("stopped; no result was written")
            raise typer.Exit(EXIT_STOPPED) from None
        except BrokenPipeError:
            # Whoever read our output has seen enough: https://docs.python.org/3/library/
            # signal.html#note-on-sigpipe
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return told
