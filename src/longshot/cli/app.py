"""The command ``longshot`` and its sub-commands, each imported when it is asked for."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command, get_group

from longshot import __version__
from longshot.cli.output.usage import OneLineGroup

_COMMANDS = {
    "classify": "classify:classify",
    "split": "packets:split",
    "embed": "embed:embed",
    "evaluate": "evaluate:evaluate",
    "suggest": "suggest:suggest",
    "check": "check:check",
    "audit": "audit:audit",
    "similar": "similar:similar",
    "contextual": "contextual:contextual",
    "train-static": "train_static:train_static",
    "serve": "serving.serve:serve",
    "demo": "demo:demo",
    "init": "project.starting:init",
    "add": "project.starting:add",
    "label": "project.labelling:label",
    "forget": "project.labelling:forget",
    "skip": "project.labelling:skip",
    "ignore": "project.labelling:ignore",
    "undo": "project.labelling:undo",
    "status": "project.telling:status",
    "history": "project.telling:history",
    "export": "project.exchanging:export",
    "import": "project.exchanging:import_",
    "keys": "serving.keys:app",
    "models": "models:app",
    "cache": "cache:app",
}
"""The module of each command below this package, and what it is called there."""


class _ImportedCommands(OneLineGroup):
    """Imports a command when it is asked for, so that a start imports no other."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name all commands, in the order in which ``--help`` shows them."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give a command; where there is none of that name, None."""
        wanted = [cmd_name] if cmd_name in _COMMANDS else _COMMANDS
        for name in wanted:  # all of them, to suggest what may have been meant
            if name not in self.commands:
                self.commands[name] = _imported(name)
        return self.commands.get(cmd_name)


def _imported(name: str) -> Any:
    module, _, attribute = _COMMANDS[name].partition(":")
    found = getattr(import_module(f"longshot.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


app = typer.Typer(
    name="longshot",
    help="Label a few. Sort the pile.\n\nLabels documents of any length from a handful "
    "of labelled ones, on an ordinary computer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    cls=_ImportedCommands,
)


def _print_version(wanted: bool) -> bool:
    if wanted:
        typer.echo(f"longshot {__version__}")
        raise typer.Exit
    return wanted


@app.callback()
def _longshot(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and stop.",
        ),
    ] = False,
) -> None:
    """Hold what is common to all commands."""
