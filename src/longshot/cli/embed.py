"""``longshot embed``: documents in, vectors out."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.options import (
    ClusterOptions,
    Documents,
    IdColumn,
    TextColumn,
    with_embedder,
    with_options,
)
from longshot.cli.output.consoles import say
from longshot.cli.output.failures import telling_mistakes
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.embedder import DocumentEmbedder
    from longshot.scale.run import Cluster


@telling_mistakes
@with_embedder
@with_options
def embed(
    documents: Documents,
    *,
    out: Annotated[
        Path,
        typer.Option(
            help="Write the vectors to this .parquet, .npz or .npy file; with "
            "--cluster, to a folder."
        ),
    ],
    windows: Annotated[
        bool, typer.Option("--windows", help="Give one vector per window.")
    ] = False,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
    cluster: ClusterOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Turn DOCUMENTS into vectors.

    Example: longshot embed pile/ --out vectors.parquet
    """
    from longshot.cli.input.places import check_apart
    from longshot.cli.output.progress import count_characters, progress_bar
    from longshot.cli.output.summary import summary_at_end
    from longshot.reading import read_documents
    from longshot.report.files import check_writable
    from longshot.report.vectors import check_vectors_ending, write_vectors

    columns = {"text_column": text_column, "id_column": id_column}
    if (chosen := cluster.chosen(out)) is not None:
        _embed_on_cluster(documents, *chosen, windows, columns, embedder)
        return
    check_vectors_ending(out)
    check_writable(out)
    check_apart({"--out": out}, {"DOCUMENTS": documents})
    with summary_at_end(out) as summary:
        started = time.perf_counter()
        n_characters = count_characters(documents, columns)
        read = read_documents(documents, on_set_aside=summary.set_aside, **columns)
        with progress_bar("embedding", n_characters) as on_window:
            vectors = embedder.vectors(
                summary.noting(read),
                on_set_aside=summary.set_aside,
                on_window=on_window,
            )
            made = {**embedder.recipe.to_dict(), "fingerprint": embedder.fingerprint}
            write_vectors(out, summary.counting(vectors), recipe=made, windows=windows)
        summary.read(seconds=time.perf_counter() - started)
        say("vectors are in {}", out)


def _embed_on_cluster(
    documents: str,
    cluster: "Cluster",
    out: str,
    windows: bool,
    columns: dict[str, str],
    embedder: "DocumentEmbedder",
) -> None:
    from longshot.cli.options.cluster import tell_end
    from longshot.scale import embed_files

    if windows:
        raise SettingError(
            "--windows cannot be used with --cluster, which gives one vector per "
            "document. Leave it out."
        )
    told = embed_files(documents, out, embedder, **columns, cluster=cluster)
    tell_end(told, out, "vectors")
