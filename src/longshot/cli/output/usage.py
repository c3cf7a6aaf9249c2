"""Wrong usage told in one line, as all mistakes are: an option that does not exist.

Typer draws a box of five lines, which says neither what came nor what to do.
"""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

from typer.core import TyperGroup

from longshot.cli.output.consoles import say


class OneLineGroup(TyperGroup):
    """Commands that tell wrong usage in one line on stderr, and exit with 2."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line that is given, or that of the process."""
        run = partial(
            super().main,
            args,
            prog_name,
            complete_var,
            standalone_mode=False,
            windows_expand_args=windows_expand_args,
            **extra,
        )
        if not standalone_mode:
            return run()
        try:
            code = run()
        except Exception as error:
            # Typer changed the home of its errors (0.29): only what they offer is told.
            if not hasattr(error, "format_message") or not hasattr(error, "exit_code"):
                raise
            _tell(error)
            sys.exit(error.exit_code)
        sys.exit(code if isinstance(code, int) else 0)


def _tell(error: Any) -> None:
    told = error.format_message().strip()
    if not told:  # a group without a command has shown its help
        return
    context: Any = getattr(error, "ctx", None)
    told = told[0].lower() + told[1:].rstrip(".?").replace("Value error, ", "")
    # pydantic's words for a number that is none: "Input should be a valid integer,
    # unable to parse string as an integer"
    told = told.replace("Input should be", "it must be").partition(", unable to")[0]
    takes_more = context is not None and context.command.params
    if told.startswith("got unexpected extra argument") and takes_more:
        told = f"{told}; name one folder in place of several files, and put quotes "
        told += "around a path with spaces"
    end = "?" if "Did you mean" in told else "."
    path = context.command_path if context is not None else "longshot"
    say("[bold red]error:[/] {}{} See: {} --help", told, end, path)
