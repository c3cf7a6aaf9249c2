import numpy as np

from longshot.embedder import DocumentEmbedder
from longshot.encoding.stored_vectors import StoredVectors
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder


def test_vectors_come_back_from_the_disk() -> None:
    recipe = Recipe(model="fake", window_tokens=4)
    embedder = DocumentEmbedder(recipe, encoder=FakeEncoder())
    texts = ["rent is due", "the boiler leaks and the roof leaks", "a"]
    in_memory, on_disk = StoredVectors(), StoredVectors(max_bytes=0)
    for vectors in embedder.vectors(texts):
        in_memory.add(vectors)
        on_disk.add(vectors)

    for expected, read in zip(in_memory, on_disk, strict=True):
        assert expected.document_id == read.document_id
        assert expected.windows == read.windows
        assert np.array_equal(expected.layer_means, read.layer_means)
        assert np.array_equal(expected.span_vectors, read.span_vectors)
        assert np.array_equal(expected.document, read.document)
