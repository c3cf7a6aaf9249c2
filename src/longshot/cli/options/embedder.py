"""The options that an embedder is made from.

The recipe's options are made from :class:`Recipe` itself: a command takes one parameter
``embedder``, and the person sees one option for each field of its recipe, with its
default, and two for what computes and keeps the vectors.
"""

import functools
import inspect
from dataclasses import fields
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    get_type_hints,
)

import typer

from longshot.cli.options.groups import Command, showing
from longshot.encoders import Engine
from longshot.errors import SettingError
from longshot.recipe import Recipe

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder

_PANEL = "Recipe: what decides a vector"

_RECIPE_HELP = {
    "model": "minilm, mpnet, a model's folder, or its id on the Hugging Face hub.",
    "layers": "Hidden states to average: 0 is the input embeddings; negative numbers "
    "count from the last layer. Write --layers=-4,-3,-2,-1.",
    "token_pooling": "How to combine the tokens of a window into one vector.",
    "window_tokens": "Tokens per window, not counting special tokens.",
    "overlap_tokens": "Tokens that the next window repeats.",
    "window_pooling": "Weight windows by their number of tokens, or equally.",
    "precision": "Precision of the model's arithmetic; auto measures once on this "
    "processor and takes the fastest that keeps the vectors.",
    "prefix": 'Text that the model expects before each window ("passage: " for E5).',
}

_ENGINE_OPTIONS = [
    inspect.Parameter(
        "engine",
        inspect.Parameter.KEYWORD_ONLY,
        default="auto",
        annotation=Annotated[
            Engine, typer.Option(help="What computes the vectors; auto chooses.")
        ],
    ),
    inspect.Parameter(
        "cache",
        inspect.Parameter.KEYWORD_ONLY,
        default=True,
        annotation=Annotated[
            bool,
            typer.Option(
                help="Keep vectors on disk, so that nothing is encoded twice."
            ),
        ],
    ),
]


def with_embedder(command: Command) -> Command:
    """Give a command that takes ``embedder`` the options that it is made from.

    They are one option for each of a recipe's fields, the engine, and the cache.
    """
    default = Recipe()
    types = get_type_hints(Recipe)

    @functools.wraps(command)
    def with_recipe(**options: Any) -> None:
        settings = {field.name: options.pop(field.name) for field in fields(Recipe)}
        engine, cache = options.pop("engine"), options.pop("cache")
        command(**options, embedder=_embedder(settings, engine, cache))

    own = [
        parameter
        for parameter in inspect.signature(command).parameters.values()
        if parameter.name != "embedder"
    ]
    made = [_option(field.name, types[field.name], default) for field in fields(Recipe)]
    return showing(with_recipe, [*own, *made, *_ENGINE_OPTIONS])


def _embedder(
    settings: dict[str, Any], engine: Engine, cache: bool
) -> "DocumentEmbedder":
    layers = _parse_layers(settings.pop("layers"))
    recipe = Recipe(**settings, layers=layers)
    from longshot.embedder import DocumentEmbedder

    return DocumentEmbedder(recipe, engine=engine, cache="user" if cache else None)


def _option(name: str, kind: Any, default: Recipe) -> inspect.Parameter:
    value = getattr(default, name)
    if name == "layers":
        kind, value = str, ",".join(map(str, value))
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=value,
        annotation=Annotated[
            kind, typer.Option(help=_RECIPE_HELP[name], rich_help_panel=_PANEL)
        ],
    )


def _parse_layers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(layer) for layer in text.split(","))
    except ValueError:
        raise SettingError(
            f"layers must be whole numbers separated by commas; got {text!r}. Write, "
            "for instance, --layers=-4,-3,-2,-1."
        ) from None
