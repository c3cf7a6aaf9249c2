"""For Spark: the function that ``DataFrame.mapInPandas`` takes.

Spark calls it with an iterator of pandas tables for each partition, so that a model is
loaded once for each Python worker and partition. Spark itself is not imported.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from longshot.records import Document, SetAside
from longshot.scale.engine import use_threads
from longshot.scale.parts import vector_row
from longshot.scale.workers import tried

SPARK_SCHEMA = (
    "id string, n_tokens bigint, n_windows bigint, coverage double, "
    "vector array<float>, reason string"
)
"""Of the tables that :func:`embed_in_pandas`'s function gives."""

_COLUMNS = ("id", "n_tokens", "n_windows", "coverage", "vector", "reason")


def embed_in_pandas(
    recipe: Recipe | None = None, *, threads: int = 1
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Give a function for ``DataFrame.mapInPandas``.

    Parameters
    ----------
    recipe
        What decides a vector.
    threads
        Processors of each of Spark's Python workers: ``spark.task.cpus``.

    Returns
    -------
    Callable
        Takes tables with ``id`` and ``text``, and gives tables of
        :data:`SPARK_SCHEMA`: a row for each document, with ``reason`` where it failed.

    Examples
    --------
    >>> from longshot.scale.spark import SPARK_SCHEMA, embed_in_pandas
    >>> def embedded(spark_table):
    ...     return spark_table.mapInPandas(embed_in_pandas(), SPARK_SCHEMA)
    """
    # Of functions that a module holds, unlike of those within others, only the name is
    # sent to Spark's workers.
    return partial(_embedded, recipe=recipe or Recipe(), threads=threads)


def _embedded(tables: Iterator[Any], recipe: Recipe, threads: int) -> Iterator[Any]:
    import pandas as pd

    use_threads(threads)
    embedder = _embedder(recipe)
    for table in tables:
        pairs = zip(table["id"], table["text"], strict=True)
        documents = [Document(id=str(one), text=str(text)) for one, text in pairs]
        aside: list[SetAside] = []
        found = tried(
            documents,
            lambda some, on_set_aside: [
                vector_row(one)
                for one in embedder.vectors(some, on_set_aside=on_set_aside)
            ],
            aside.append,
        )
        rows = [{**row, "vector": row["vector"].tolist()} for row in found]
        rows += [{"id": one.id, "reason": one.reason} for one in aside]
        yield pd.DataFrame({name: [row.get(name) for row in rows] for name in _COLUMNS})


@lru_cache(maxsize=1)
def _embedder(recipe: Recipe) -> DocumentEmbedder:
    return DocumentEmbedder(recipe, cache=None)
