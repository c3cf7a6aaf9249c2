"""What a worker does with documents that fail, and with windows that come back."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from longshot import DocumentEmbedder
from longshot.encoding.stored_vectors import stored_windows
from longshot.records import Document, OnSetAside, SetAside
from longshot.scale.kept import GivenWindows
from longshot.scale.manifest import Entry, Manifest, long_documents
from longshot.scale.parts import read_windows, table_bytes, windows_table
from longshot.scale.place import Place
from longshot.scale.work import blocks_of
from longshot.scale.workers import encoded_block, tried
from tests.scale.conftest import text_of


def test_where_a_batch_fails_its_documents_are_tried_one_by_one() -> None:
    documents = [Document(id=name, text=name) for name in ("a", "bad", "empty", "c")]

    def make(some: Sequence[Document], on_set_aside: OnSetAside) -> list[str]:
        for one in some:
            if one.id == "empty":
                on_set_aside(SetAside(id=one.id, source="", reason="holds no token"))
            if one.id == "bad":
                raise RuntimeError("the model gave up\nat layer 3")
        return [one.id for one in some if one.id != "empty"]

    aside: list[SetAside] = []
    assert tried(documents, make, aside.append) == ["a", "c"]
    assert [(one.id, one.reason) for one in aside] == [
        ("bad", "failed (RuntimeError: the model gave up)"),
        ("empty", "holds no token"),
    ]


def test_windows_of_blocks_are_those_of_the_whole_document(
    embedder: DocumentEmbedder,
) -> None:
    document = Document(
        id="book \ud800", text=text_of("lease", 1, 60_000), notes=("a guess",)
    )
    blocks = list(blocks_of("name", document, embedder))
    assert len(blocks) > 1
    windows = [w for block in blocks for w in encoded_block(block, embedder)]
    ((back, stored),) = read_windows(windows_table([(document, windows)]))
    assert (back.text, back.notes, back.id) == (document.text, ("a guess",), "book ?")
    kept = GivenWindows()
    kept.hold(embedder.fingerprint, [(back, stored)])
    (wanted,) = embedder.vectors([document])
    (found,) = embedder.with_cache(kept).vectors([back])
    np.testing.assert_array_equal(found.document, wanted.document)
    np.testing.assert_array_equal(found.span_vectors, wanted.span_vectors)
    assert found.windows == wanted.windows


def test_windows_that_were_altered_are_refused(embedder: DocumentEmbedder) -> None:
    document = Document(id="a", text="the rent is due")
    (vectors,) = embedder.vectors([document])
    content = windows_table([(document, stored_windows(vectors))])
    at = content.index(vectors.layer_means.astype("<f4").tobytes()[:8])
    broken = content[:at] + b"\0\0\0\0\0\0\0\0" + content[at + 8 :]
    with pytest.raises((ValueError, OSError)):
        read_windows(broken)


def test_a_column_has_one_type_also_where_all_its_cells_are_empty() -> None:
    import pyarrow as pa
    from pyarrow import parquet

    def schema_of(label: str | None) -> object:
        row = {"id": "a", "label": label, "confidence": 0.5, "n_tokens": 3}
        content = table_bytes([row], list(row))
        return parquet.read_schema(pa.BufferReader(content))

    assert schema_of(None) == schema_of("lease")


def test_a_long_document_is_whole_when_its_last_block_and_all_before_are_there() -> (
    None
):
    def entry(name: str, block: int, *, is_last: bool = False) -> Entry:
        return Entry(key=f"{name}.{block:06d}", block=block, is_last=is_last)

    entries = [
        *(entry("whole", block, is_last=block == 2) for block in range(3)),
        entry("no-last", 0),
        *(entry("gap", block, is_last=block == 2) for block in (0, 2)),
        Entry(key="short", n_documents=3),
    ]
    assert list(long_documents(entries)) == [("whole", 3)]


def test_entries_are_read_back(tmp_path: Path) -> None:
    manifest = Manifest(Place(str(tmp_path)), "labels")
    entries = [
        Entry(key="a", n_documents=2, files=("labels/a.parquet",)),
        Entry(key="b.000001", block=1, is_last=False),
    ]
    for one in entries:
        manifest.write(one)
    assert manifest.entries() == entries
    assert entries[1].name == "b"
