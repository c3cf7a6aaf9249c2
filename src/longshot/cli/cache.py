"""``longshot cache``: what is kept to save time, and how to be rid of it."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import telling_mistakes
from longshot.machine.locations import languages_folder, projects_folder

app = typer.Typer(
    name="cache",
    help="Show, prune or clear what is kept to save time: document vectors and "
    "converted models. Clearing costs only time.",
    no_args_is_help=True,
)


@app.command()
@telling_mistakes
def show() -> None:
    """Show where the cache is and what it holds."""
    from longshot.encoders.openvino.store import models_folder
    from longshot.encoders.static.store import word_vectors_folder
    from longshot.encoding.cache import VectorCache

    cache = VectorCache()
    totals = cache.totals()
    typer.echo(f"vectors of documents: {cache.path}")
    typer.echo(
        f"  {counted(totals.n_documents, 'document')}, {totals.n_unfinished:,} of them "
        f"unfinished; {_megabytes(totals.size_bytes)} of {_megabytes(cache.max_bytes)}"
    )
    typer.echo(f"converted models: {models_folder()}")
    typer.echo(f"  {_held(models_folder(), 'model')}")
    typer.echo(f"word vectors: {word_vectors_folder()}")
    typer.echo(f"  {_held(word_vectors_folder(), 'file')}")
    typer.echo(f"what tells languages: {languages_folder()}")
    typer.echo(f"  {_megabytes(_size(languages_folder()))}")
    typer.echo(f"features of projects: {projects_folder()}")
    typer.echo(f"  {_held(projects_folder(), 'project')}")


@app.command()
@telling_mistakes
def prune(
    megabytes: Annotated[
        int, typer.Argument(min=0, help="How much the vectors may take.")
    ],
) -> None:
    """Drop the least recently used vectors until the rest fits MEGABYTES."""
    from longshot.encoding.cache import VectorCache

    cache = VectorCache()
    cache.prune(megabytes * 1_000_000)
    say("{} of vectors are left", _megabytes(cache.totals().size_bytes))


@app.command()
@telling_mistakes
def clear() -> None:
    """Remove all vectors, converted models, and what was read for projects."""
    from longshot.encoders.openvino.store import models_folder, remove_all
    from longshot.encoding.cache import VectorCache

    VectorCache().prune(0)
    remove_all(models_folder())
    for folder in (languages_folder(), projects_folder()):
        shutil.rmtree(folder, ignore_errors=True)
    say("the cache is empty")


def _held(folder: Path, what: str) -> str:
    """Tell what a folder holds: what is whole, what is not, and what both take."""
    from longshot.machine.unfinished import is_unfinished

    entries = [path for path in folder.glob("*") if path.is_dir()]
    unfinished = [path for path in entries if is_unfinished(path)]
    shown = (
        f"{counted(len(entries) - len(unfinished), what)}; {_megabytes(_size(folder))}"
    )
    if not unfinished:
        return shown
    return (
        f"{shown}, {_megabytes(sum(map(_size, unfinished)))} of them unfinished: "
        "either in the making, or left by a killed process (the next run removes "
        "those)"
    )


def _size(folder: Path) -> int:
    """Add up the files in a folder, some of which another process may take away."""
    n_bytes = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            n_bytes += path.stat().st_size if path.is_file() else 0
    return n_bytes


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.1f} MB"
