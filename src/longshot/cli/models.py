"""``longshot models``: which models can be used here."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from longshot.cli.output.failures import telling_mistakes

if TYPE_CHECKING:
    from longshot.encoders import Model


@telling_mistakes
def models() -> None:
    """List the models on this machine: the bundled one, and those fetched before."""
    from longshot.encoders import usable_models

    print_models(usable_models())


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
