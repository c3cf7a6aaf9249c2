"""Vectors to parquet, npz or npy, with their recipe in the file.

Parquet is written as the vectors come, in bounded memory; npz and npy hold one array
and are written at the end. Arrays are never pickled.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from longshot.errors import OutputError
from longshot.records import Vectors
from longshot.report.files import by_ending, encodable, whole_file

ROWS_AT_ONCE = 1024
RECIPE_KEY = "longshot.recipe"

_Row = dict[str, Any]


def write_vectors(
    path: Path,
    vectors: Iterable[Vectors],
    *,
    recipe: dict[str, Any],
    windows: bool = False,
) -> None:
    """Write one row per document, or per window.

    Parameters
    ----------
    path
        Its ending decides: ``.parquet``, ``.npz``, or ``.npy`` (the bare matrix, whose
        ids and recipe go to a ``.json`` beside it).
    vectors
        In the order of the rows.
    recipe
        What made them; kept in the file's metadata under ``longshot.recipe``.
    windows
        Whether each window gets a row of its own.

    Raises
    ------
    SettingError
        If the ending is another.
    OutputError
        If the file cannot be written, or no vector came; then nothing is left of it.
    """
    write = check_vectors_ending(path)
    rows = _window_rows(vectors) if windows else _document_rows(vectors)
    first = next(rows, None)
    if first is None:
        raise OutputError(
            f"a file of vectors must hold at least one; there is none for {path}. "
            "Give a document with text."
        )
    write(path, chain([first], rows), json.dumps(recipe))


def check_vectors_ending(path: Path) -> Callable[[Path, Iterator[_Row], str], None]:
    """Find the writer for a file's ending.

    Raises
    ------
    SettingError
        If there is none.
    """
    return by_ending(path, _WRITERS, what="a file of vectors")


def _document_rows(vectors: Iterable[Vectors]) -> Iterator[_Row]:
    for one in vectors:
        yield {
            "id": encodable(one.document_id),
            "n_tokens": one.n_tokens,
            "n_windows": len(one.windows),
            "coverage": one.coverage,
            "vector": one.document,
        }


def _window_rows(vectors: Iterable[Vectors]) -> Iterator[_Row]:
    for one in vectors:
        for window, vector in zip(one.windows, one.window_vectors, strict=True):
            yield {
                "id": encodable(one.document_id),
                "window": window.index,
                "start": window.start,
                "end": window.end,
                "n_tokens": window.n_tokens,
                "vector": vector,
            }


def _write_parquet(path: Path, rows: Iterator[_Row], recipe: str) -> None:
    from pyarrow import parquet

    with whole_file(path) as file:
        writer = None
        try:
            while pieces := list(islice(rows, ROWS_AT_ONCE)):
                table = _arrow_table(pieces, recipe)
                writer = writer or parquet.ParquetWriter(file, table.schema)
                writer.write_table(table)
        finally:
            if writer is not None:
                writer.close()


def _arrow_table(rows: list[_Row], recipe: str) -> Any:
    import pyarrow as pa

    columns = {
        name: [row[name] for row in rows] for name in rows[0] if name != "vector"
    }
    matrix = np.stack([row["vector"] for row in rows])
    vectors = pa.FixedSizeListArray.from_arrays(
        pa.array(matrix.ravel()), matrix.shape[1]
    )
    table = pa.table({**columns, "vector": vectors})
    return table.replace_schema_metadata({RECIPE_KEY: recipe})


def _write_npz(path: Path, rows: Iterator[_Row], recipe: str) -> None:
    kept = list(rows)
    arrays: Any = {name: np.array([row[name] for row in kept]) for name in kept[0]}
    with whole_file(path) as file:
        np.savez(file, **arrays, recipe=np.array(recipe))


def _write_npy(path: Path, rows: Iterator[_Row], recipe: str) -> None:
    kept = list(rows)
    keys = [{n: row[n] for n in row if n != "vector"} for row in kept]
    beside = {RECIPE_KEY: json.loads(recipe), "rows": keys}
    with whole_file(path) as file, whole_file(path.with_suffix(".json")) as other:
        np.save(file, np.stack([row["vector"] for row in kept]), allow_pickle=False)
        file.flush()
        other.write(json.dumps(beside, ensure_ascii=False).encode())


_WRITERS: dict[str, Callable[[Path, Iterator[_Row], str], None]] = {
    ".parquet": _write_parquet,
    ".npz": _write_npz,
    ".npy": _write_npy,
}
