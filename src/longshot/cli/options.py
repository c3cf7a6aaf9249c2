"""Options that several commands share, each stated once.

The recipe's options are made from :class:`Recipe` itself: a command takes one parameter
``recipe``, and the person sees one option for each of its fields, with its default.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, ParamSpec, cast, get_args, get_type_hints

import typer

from longshot.errors import SettingError
from longshot.recipe import Precision, Recipe

P = ParamSpec("P")

_PANEL = "Recipe: what decides a vector"

_RECIPE_HELP = {
    "model": "minilm, a model's folder, or its id on the Hugging Face hub.",
    "layers": "Hidden states to average: 0 is the input embeddings; negative ones "
    "count from the last. Write --layers=-4,-3,-2,-1.",
    "token_pooling": "How the tokens of a window become one vector.",
    "window_tokens": "Tokens of a window, without special ones.",
    "overlap_tokens": "How many of them the next window reads again.",
    "window_pooling": "Windows weigh by their tokens, or all the same.",
    "precision": "Of the model's arithmetic; auto takes the fastest one that keeps the "
    "accuracy.",
    "prefix": 'Text that the model wants before each window ("passage: " for E5).',
}

TextColumn = Annotated[
    str, typer.Option(help="The column of a table that holds the text.")
]
LabelColumn = Annotated[
    str, typer.Option(help="The column of a table that holds the label.")
]
IdColumn = Annotated[str, typer.Option(help="The column of a table that holds the id.")]
Examples = Annotated[
    str,
    typer.Argument(
        metavar="EXAMPLES",
        help="Labelled documents: a folder with one sub-folder per label, or a table "
        "(csv, tsv, jsonl, parquet) with the columns text and label.",
        show_default=False,
    ),
]
Documents = Annotated[
    str,
    typer.Argument(
        metavar="DOCUMENTS",
        help="A document, a folder, a table with the column text, or - for jsonl on "
        "standard input.",
        show_default=False,
    ),
]
Out = Annotated[Path | None, typer.Option(help="The file to write.")]


def with_recipe(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes ``recipe`` one option for each of a recipe's fields."""
    default = Recipe()
    types = get_type_hints(Recipe)

    @functools.wraps(command)
    def with_options(**options: Any) -> None:
        settings = {field.name: options.pop(field.name) for field in fields(Recipe)}
        layers = _parse_layers(settings.pop("layers"))
        settings["precision"] = _precision(settings["precision"], settings["model"])
        command(**options, recipe=Recipe(**settings, layers=layers))

    own = [
        parameter
        for parameter in inspect.signature(command, eval_str=True).parameters.values()
        if parameter.name != "recipe"
    ]
    made = [_option(field.name, types[field.name], default) for field in fields(Recipe)]
    with_options.__signature__ = inspect.Signature([*own, *made])  # type: ignore[attr-defined]
    return with_options


def _option(name: str, kind: Any, default: Recipe) -> inspect.Parameter:
    value = getattr(default, name)
    if name == "layers":
        kind, value = str, ",".join(map(str, value))
    if name == "precision":
        kind = Literal["auto", *get_args(kind)]
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=value,
        annotation=Annotated[
            kind, typer.Option(help=_RECIPE_HELP[name], rich_help_panel=_PANEL)
        ],
    )


def _precision(name: str, model: str) -> Precision:
    """Find out what ``auto`` means for this model, on this processor."""
    if name == "auto":
        from longshot.encoders.precision import fastest_precision

        return fastest_precision(model)
    return cast(Precision, name)


def _parse_layers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(layer) for layer in text.split(","))
    except ValueError:
        raise SettingError(
            f"layers must be whole numbers with commas between; got {text!r}. "
            "Write, for instance, --layers=-4,-3,-2,-1."
        ) from None
