"""``longshot serve``: the page to label on, and the server that programs call."""

from dataclasses import fields
from inspect import Parameter
from typing import Annotated, Any, get_type_hints

import typer

from longshot.cli.options.groups import Command, showing
from longshot.cli.output.consoles import say
from longshot.cli.output.failures import telling_mistakes
from longshot.server.settings import ServerSettings

_LIMITS = "Limits"

_HELP = {
    "model": "What reads texts that belong to no project.",
    "precision": "Precision of the model's arithmetic.",
    "cache": "Keep vectors on disk, so that nothing is encoded twice.",
    "host": "Where to listen; beyond this computer only with keys.",
    "port": "The port to listen on; 0 for any that is free.",
    "keys_file": "The API keys, as `longshot keys add` writes them.",
    "state": "The folder for jobs under way and uploaded files.",
    "most_body_bytes": "Bytes of one request.",
    "most_upload_bytes": "Bytes of the files uploaded in one request.",
    "most_document_characters": "Characters of one text.",
    "most_texts": "Texts in one request.",
    "most_seconds": "Seconds until a request is given up.",
    "most_waiting": "Requests under way at once; more are told when to come again.",
    "most_parsing_bytes": "Memory to read one uploaded file.",
    "most_parsing_seconds": "Time to read one uploaded file.",
    "kept_classifiers": "Fitted classifiers kept for requests with the same examples.",
}


def _with_settings(command: Command) -> Command:
    """Give a command that takes ``settings`` one option for each of its fields."""
    types = get_type_hints(ServerSettings)

    def with_options(projects: list[str] | None, **options: Any) -> None:
        command(ServerSettings(projects=tuple(projects or ()), **options))

    with_options.__doc__ = command.__doc__
    with_options.__name__ = command.__name__
    projects = Parameter(
        "projects",
        Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[PROJECT]...",
                help="Folders that longshot init made, or addresses of databases.",
                show_default=False,
            ),
        ],
    )
    made = [
        Parameter(
            one.name,
            Parameter.KEYWORD_ONLY,
            default=one.default,
            annotation=Annotated[
                types[one.name],
                typer.Option(
                    help=_HELP[one.name],
                    rich_help_panel=_LIMITS
                    if one.name.startswith(("most_", "kept_"))
                    else None,
                ),
            ],
        )
        for one in fields(ServerSettings)
        if one.name != "projects"
    ]
    return showing(with_options, [projects, *made])


def _serve(settings: ServerSettings) -> None:
    """Serve the page to label PROJECT on, and what programs call.

    Example: longshot serve invoices/
    """
    app = _app(settings)
    from longshot.server.serving import serve

    serve(
        app,
        settings,
        lambda address: say("serving on {}; end with Ctrl-C", address),
    )


def _app(settings: ServerSettings) -> Any:
    from longshot.errors import MissingExtraError

    try:
        from longshot.server.app import make_app
    except ModuleNotFoundError as error:
        library = (error.name or "fastapi").partition(".")[0]
        raise MissingExtraError.naming(library, extra="server") from error
    return make_app(settings)


_serve.__name__ = "serve"
serve = telling_mistakes(_with_settings(_serve))
