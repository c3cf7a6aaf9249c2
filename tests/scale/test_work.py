"""Documents become the same pieces of work in every run, and nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot import DocumentEmbedder
from longshot.reading.tables.columns import Columns
from longshot.records import Document, SetAside
from longshot.scale.place import Place
from longshot.scale.sources import Source, found_sources
from longshot.scale.work import (
    LONG_CHARACTERS,
    Work,
    blocks_of,
    unpacked,
    work_of,
)
from tests.fakes import FakeEncoder
from tests.scale.conftest import documents_of, text_of, write_parquet

COLUMNS = Columns(text="text", id="id")
EMBEDDER = DocumentEmbedder(encoder=FakeEncoder(), cache=None)


def work_in(path: Path | str, **given: object) -> list[Work]:
    sources = found_sources(str(path), COLUMNS)
    return [
        one
        for source in sources
        for one in work_of(source, COLUMNS, EMBEDDER, **given)  # type: ignore[arg-type]
    ]


def test_short_documents_go_together_and_long_ones_are_cut(tmp_path: Path) -> None:
    rows = documents_of(5)
    rows.insert(2, {"id": "book", "text": text_of("lease", 1, 60_000)})
    path = write_parquet(tmp_path / "pile.parquet", rows, group_rows=100)
    first, *blocks, last = work_in(path)
    assert [one.id for one in first.documents] == ["d0", "d1"]
    assert [one.id for one in last.documents] == ["d2", "d3", "d4"]
    assert [one.block for one in blocks] == list(range(len(blocks)))
    assert [one.is_last for one in blocks] == [False] * (len(blocks) - 1) + [True]
    names = [first.key, *(one.key for one in blocks), last.key]
    assert names == sorted(names)
    windows = [job.window.index for one in blocks for job in one.jobs]
    assert windows == list(range(len(windows)))


def test_what_is_done_is_left_out_and_the_rest_keeps_its_names(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "pile.parquet", documents_of(40), group_rows=9)
    everything = [one.key for one in work_in(path, most_characters=600)]
    done = set(everything[::2])
    left = [one.key for one in work_in(path, most_characters=600, done=done)]
    assert left == everything[1::2]
    assert len(set(everything)) == len(everything)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=40), st.integers(100, 900))
def test_every_document_stands_in_one_piece_of_work(
    lengths: list[int], most: int
) -> None:
    outcomes = [
        Document(id=str(i), text="a" * n)
        if n
        else SetAside(id=str(i), source="", reason="")
        for i, n in enumerate(lengths)
    ]

    class Given(Source):
        def outcomes(self, columns: Columns) -> Iterator[Document | SetAside]:
            yield from outcomes

    source = Given(number=0, place=Place("."), files=(), is_alone=True)
    found = list(work_of(source, COLUMNS, EMBEDDER, most_characters=most))
    ids = [one.id for work in found for one in work.documents]
    aside = [one.id for work in found for one in work.set_aside]
    assert ids == [str(i) for i, n in enumerate(lengths) if n]
    assert aside == [str(i) for i, n in enumerate(lengths) if not n]
    assert len({work.name for work in found}) == len(found)


def test_a_long_document_without_tokens_is_one_piece_of_work() -> None:
    document = Document(id="blank", text="  " * LONG_CHARACTERS)
    (work,) = blocks_of("name", document, EMBEDDER)
    assert work.block is None
    assert work.documents == (document,)


def test_work_can_be_sent_to_another_process() -> None:
    document = Document(id="book", text=text_of("lease", 1, 60_000))
    for work in blocks_of("name", document, EMBEDDER):
        sent = unpacked(work.packed())
        assert replace(sent, jobs=()).key == work.key
        assert [job.ids.tolist() for job in sent.jobs] == [
            job.ids.tolist() for job in work.jobs
        ]


def test_ids_are_those_of_one_machine(tmp_path: Path) -> None:
    write_parquet(tmp_path / "b.parquet", documents_of(3), group_rows=2)
    (tmp_path / "a.txt").write_text("a lease")
    (tmp_path / "c.csv").write_text("text\nrent\n")
    alone = work_in(tmp_path / "b.parquet")
    assert [one.id for work in alone for one in work.documents] == ["d0", "d1", "d2"]
    together = work_in(tmp_path)
    assert [one.id for work in together for one in work.documents] == [
        "a.txt",
        "b.parquet#d0",
        "b.parquet#d1",
        "b.parquet#d2",
        "c.csv#1",
    ]
    only = work_in(f"{tmp_path}/*.parquet")
    assert only[0].documents[0].id == "b.parquet#d0"


def test_a_file_that_breaks_is_set_aside(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "pile.parquet", documents_of(3))
    (source,) = found_sources(str(path), COLUMNS)
    path.write_bytes(b"PAR1 and nothing else")
    (work,) = work_of(source, COLUMNS, EMBEDDER)
    (aside,) = work.set_aside
    assert aside.reason.startswith("cannot be read")


@pytest.mark.parametrize("value", [None, 3.5])
def test_a_row_without_text_is_set_aside(tmp_path: Path, value: object) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "pile.parquet"
    parquet.write_table(pa.table({"id": ["a"], "text": [value]}), path)
    (work,) = work_in(path)
    assert work.set_aside[0].reason == 'holds no text in its column "text"'
