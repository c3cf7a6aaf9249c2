"""What is written: Parquet files of one schema each, whatever cells are empty."""

import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from longshot.encoding.vector_file import Piece, StoredWindow
from longshot.reading.sources.references import CHECKED, PREDICTED
from longshot.records import Document, SetAside, Vectors
from longshot.report.files import encodable
from longshot.report.tables import Row
from longshot.report.vectors import RECIPE_KEY
from longshot.scale.place import Place

LABELS = "labels"

_WHOLE_NUMBERS = frozenset(
    "n_tokens n_windows passage_start passage_end second_passage_start "
    "second_passage_end new_class".split()
)
_NUMBERS = frozenset(
    "confidence second_confidence coverage example_similarity score contribution "
    "second_behind_by".split()
)
_PIECE = ("windows", "spans", "means", "span_vectors")


def table_bytes(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """Give rows as a Parquet file; a column has one type in every part."""
    return parquet_bytes(typed_table(rows, columns))


def typed_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Any:
    """Give rows as a table of Arrow's; cells that a row lacks are empty."""
    import pyarrow as pa

    def kind(name: str) -> Any:
        if name == "vector":
            return pa.list_(pa.float32())
        if name in _WHOLE_NUMBERS:
            return pa.int64()
        return pa.float64() if name in _NUMBERS else pa.string()

    return pa.table(
        {
            name: pa.array([_cell(row.get(name)) for row in rows], kind(name))
            for name in columns
        }
    )


def vectors_table(rows: Sequence[dict[str, Any]], recipe: dict[str, Any]) -> bytes:
    """Give documents' vectors as a Parquet file, with their recipe in it."""
    import pyarrow as pa

    matrix = np.stack([row["vector"] for row in rows]).astype(np.float32)
    names = [name for name in rows[0] if name != "vector"]
    table = pa.table(
        {
            **{name: [_cell(row[name]) for row in rows] for name in names},
            "vector": pa.FixedSizeListArray.from_arrays(
                pa.array(matrix.ravel()), matrix.shape[1]
            ),
        }
    )
    return parquet_bytes(
        table.replace_schema_metadata({RECIPE_KEY: json.dumps(recipe)})
    )


def vector_row(vectors: Vectors) -> dict[str, Any]:
    """Give a document's vector as a row."""
    return {
        "id": vectors.document_id,
        "n_tokens": vectors.n_tokens,
        "n_windows": len(vectors.windows),
        "coverage": vectors.coverage,
        "vector": vectors.document,
    }


def failed_row(one: SetAside) -> Row:
    """Give what was set aside as a row."""
    return {"id": one.id, "source": one.source, "reason": one.reason}


def windows_table(
    documents: Sequence[tuple[Document, Sequence[StoredWindow]]],
) -> bytes:
    """Give windows with their vectors as a Parquet file, one row for a document."""
    import pyarrow as pa

    rows = []
    for document, windows in documents:
        piece = Piece.pack(windows)
        rows.append(
            {
                "id": encodable(document.id),
                "text": document.text.encode("utf-8", "surrogatepass"),
                "source": encodable(document.source),
                "notes": json.dumps(document.notes),
                "text_share": document.text_share,
                "n_layers": piece.n_layers,
                "checksum": piece.checksum,
                **{name: getattr(piece, name) for name in _PIECE},
            }
        )
    kinds = {
        "text_share": pa.float64(),
        "n_layers": pa.int64(),
        "checksum": pa.int64(),
        **dict.fromkeys(("text", *_PIECE), pa.large_binary()),
    }
    names = ("id", "text", "source", "notes", *list(kinds)[:3], *_PIECE)
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    return parquet_bytes(pa.Table.from_pylist(rows, schema))


def read_windows(content: bytes) -> list[tuple[Document, list[StoredWindow]]]:
    """Read what :func:`windows_table` gave.

    Raises
    ------
    ValueError
        If a piece is not what was written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    found = []
    for row in parquet.read_table(pa.BufferReader(content)).to_pylist():
        windows, spans, means, vectors = (row[name] for name in _PIECE)
        piece = Piece(row["n_layers"], windows, spans, means, vectors, row["checksum"])
        if not piece.is_whole:
            raise ValueError(f"the windows of {row['id']} are not those written")
        document = Document(
            id=row["id"],
            text=row["text"].decode("utf-8", "surrogatepass"),
            source=row["source"],
            notes=tuple(json.loads(row["notes"])),
            text_share=row["text_share"],
        )
        found.append((document, piece.unpack()))
    return found


def labels_in(out: str) -> Iterator[tuple[str, str | None, bool]]:
    """Read a run's labels again, part by part.

    Parameters
    ----------
    out
        The folder of its results.

    Returns
    -------
    Iterator
        Each document's id, the label that was decided, and whether a person's stands in
        its place.
    """
    from pyarrow import parquet

    place = Place(out)
    columns = ["id", PREDICTED["label"], CHECKED]
    for name in place.names(LABELS):
        path = posixpath.join(place.path, LABELS, name)
        with place.files.open_input_file(path) as opened:
            table = parquet.read_table(opened, columns=columns)
        for id_, label, checked in zip(*table.to_pydict().values(), strict=True):
            yield id_, label, checked is not None


def parquet_bytes(table: Any) -> bytes:
    """Give a table as the bytes of a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _cell(value: Any) -> Any:
    return encodable(value) if isinstance(value, str) else value
