"""Tables as other libraries write them, and what is read from them."""

import csv
import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from longshot.reading import read_documents
from longshot.records import Document, SetAside


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    """Write a table as its ending says, with the libraries that people use for it."""
    ending = path.name.removesuffix(".gz").rpartition(".")[2]
    buffer = io.BytesIO()
    if ending == "parquet":
        parquet.write_table(pa.Table.from_pylist(rows), buffer)
    elif ending == "jsonl":
        buffer.write("".join(json.dumps(row) + "\n" for row in rows).encode())
    else:
        text = io.StringIO(newline="")
        delimiter = "\t" if ending == "tsv" else ","
        writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
        buffer.write(text.getvalue().encode())
    data = buffer.getvalue()
    path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
    return path


def read(path: Path | str) -> tuple[list[Document], list[SetAside]]:
    set_aside: list[SetAside] = []
    return list(read_documents(path, on_set_aside=set_aside.append)), set_aside


def texts(path: Path) -> list[str]:
    return [document.text for document in read_documents(path)]


def reasons(path: Path) -> list[tuple[str, str]]:
    return [(item.id, item.reason) for item in read(path)[1]]
