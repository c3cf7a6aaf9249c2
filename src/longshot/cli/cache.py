"""``longshot cache``: what is kept to save time, and how to be rid of it."""

from typing import Annotated

import typer

from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes

app = typer.Typer(
    name="cache",
    help="Show, prune or clear what is kept to save time: vectors of documents, and "
    "converted models. Clearing costs time and nothing else.",
    no_args_is_help=True,
)


@app.command()
@telling_mistakes
def show() -> None:
    """Show where the cache lies, and what it holds."""
    from longshot.cache import VectorCache
    from longshot.encoders.openvino.store import models_folder

    cache = VectorCache()
    totals = cache.totals()
    models = [path for path in models_folder().glob("*") if path.is_dir()]
    typer.echo(f"vectors of documents: {cache.path}")
    typer.echo(
        f"  {counted(totals.n_documents, 'document')}, {totals.n_unfinished:,} of them "
        f"unfinished; {_megabytes(totals.size_bytes)} of {_megabytes(cache.max_bytes)}"
    )
    typer.echo(f"converted models: {models_folder()}")
    n_bytes = sum(file.stat().st_size for path in models for file in path.iterdir())
    typer.echo(f"  {counted(len(models), 'model')}; {_megabytes(n_bytes)}")


@app.command()
@telling_mistakes
def prune(
    megabytes: Annotated[
        int, typer.Argument(min=0, help="What the vectors may take afterwards.")
    ],
) -> None:
    """Drop the vectors that were used least, until the rest takes MEGABYTES."""
    from longshot.cache import VectorCache

    cache = VectorCache()
    cache.prune(megabytes * 1_000_000)
    say("{} of vectors are left", _megabytes(cache.totals().size_bytes))


@app.command()
@telling_mistakes
def clear() -> None:
    """Remove all vectors and converted models."""
    from longshot.cache import VectorCache
    from longshot.encoders.openvino.store import models_folder, remove_all

    VectorCache().prune(0)
    remove_all(models_folder())
    say("the cache is empty")


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
