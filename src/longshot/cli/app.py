"""The command ``longshot`` and its sub-commands."""

from typing import Annotated

import typer

from longshot import __version__
from longshot.cli import (
    audit,
    cache,
    check,
    classify,
    contextual,
    demo,
    embed,
    evaluate,
    models,
    packets,
    serving,
    similar,
    suggest,
    train_static,
)
from longshot.cli.output.usage import OneLineGroup
from longshot.cli.project import exchanging, labelling, starting, telling

app = typer.Typer(
    name="longshot",
    help="Label a few. Sort the pile.\n\nLabels documents of any length from a handful "
    "of labelled ones, on an ordinary computer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    cls=OneLineGroup,
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


for command in (
    classify.classify,
    packets.split,
    embed.embed,
    evaluate.evaluate,
    suggest.suggest,
    check.check,
    audit.audit,
    similar.similar,
    contextual.contextual,
    train_static.train_static,
    serving.serve.serve,
    demo.demo,
    starting.init,
    starting.add,
    labelling.label,
    labelling.forget,
    labelling.skip,
    labelling.ignore,
    labelling.undo,
    telling.status,
    telling.history,
    exchanging.export,
):
    app.command()(command)
app.add_typer(serving.keys.app)
app.command("import")(exchanging.import_)
app.add_typer(models.app)
app.add_typer(cache.app)
