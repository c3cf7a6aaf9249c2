"""A cluster of two processors on this machine, started once for these tests."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshot import DocumentEmbedder
from longshot.classify import Classifier
from tests.fakes import FakeEncoder

TOPICS = {
    "lease": "rent tenant landlord premises deposit keys",
    "recipe": "flour butter sugar oven bake dough",
}


@pytest.fixture(scope="session")
def cluster() -> Iterator[None]:
    """Start Ray, or say why not."""
    pytest.importorskip("ray", reason="longshot[cluster] is not installed")
    import ray

    if ray.is_initialized():  # for other tests of this process
        yield
        return
    # Workers that give way to all others take minutes on a busy machine.
    os.environ["RAY_worker_niceness"] = "0"
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        logging_level=logging.ERROR,
        log_to_driver=False,
        object_store_memory=200_000_000,
    )
    yield
    ray.shutdown()


@pytest.fixture
def embedder() -> DocumentEmbedder:
    return DocumentEmbedder(encoder=FakeEncoder(), cache=None)


@pytest.fixture
def classifier(embedder: DocumentEmbedder) -> Classifier:
    """Learned from two documents of each topic."""
    texts = [text_of(topic, one) for topic in TOPICS for one in (100, 101)]
    labels = [topic for topic in TOPICS for _ in range(2)]
    return Classifier(embedder=embedder, verbose=False).fit(texts, labels)


def text_of(topic: str, number: int, n_words: int = 40) -> str:
    """Write a document about a topic; each number gives another."""
    words = TOPICS[topic].split()
    several = (words[(number * 7 + i * i) % len(words)] for i in range(n_words))
    return " ".join([f"Paper{number}.", *several])


def documents_of(n: int, n_long: int = 0) -> list[dict[str, str]]:
    """Give rows of documents, the last ones very long."""
    topics = list(TOPICS)
    rows = [
        {"id": f"d{i}", "text": text_of(topics[i % 2], i)} for i in range(n - n_long)
    ]
    return rows + [
        {"id": f"long{i}", "text": text_of(topics[i % 2], i, 60_000)}
        for i in range(n_long)
    ]


def write_parquet(path: Path, rows: list[dict[str, str]], group_rows: int = 16) -> Path:
    """Write rows as a Parquet file of several row groups."""
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=group_rows)
    return path


def rows_in(folder: Path) -> list[dict[str, object]]:
    """Read all parts of a result."""
    from pyarrow import parquet

    found = []
    for path in sorted(folder.rglob("*.parquet")):
        found += parquet.read_table(path).to_pylist()
    return found
