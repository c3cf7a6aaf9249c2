"""From a Ray dataset to a Ray dataset."""

from typing import Any

import numpy as np
import pytest

from longshot import DocumentEmbedder
from longshot.classify import Classifier
from longshot.records import Document
from longshot.scale import classify_dataset, embed_dataset
from tests.scale.conftest import documents_of

pytestmark = [
    pytest.mark.usefixtures("cluster"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]


def dataset_of(rows: list[dict[str, str]]) -> Any:
    import ray

    return ray.data.from_items(rows)


def test_each_document_gets_its_vector_whatever_its_length(
    embedder: DocumentEmbedder,
) -> None:
    rows = documents_of(6, n_long=1)
    rows += [rows[-1], {"id": "blank", "text": " "}]
    found = embed_dataset(dataset_of(rows), embedder).take_all()
    assert sorted(one["id"] for one in found) == sorted(row["id"] for row in rows)
    vectors = embedder.embed(row["text"] for row in rows[:7])
    ids = [row["id"] for row in rows[:7]]
    wanted = dict(zip(ids, vectors, strict=True))
    for one in found:
        if one["id"] == "blank":
            assert one["reason"] == "holds no token that the model can read"
        else:
            np.testing.assert_allclose(one["vector"], wanted[one["id"]], atol=1e-6)


def test_each_document_gets_its_label(classifier: Classifier) -> None:
    rows = documents_of(6, n_long=1)
    found = {
        one["id"]: one
        for one in classify_dataset(dataset_of(rows), classifier).take_all()
    }
    documents = [Document(id=row["id"], text=row["text"]) for row in rows]
    for one in classifier.classify_stream(documents):
        assert found[one.document_id]["label"] == one.label
