"""Features: joined, taken, sampled, saved; one by one as all together."""

import tracemalloc
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import (
    FeatureExtractor,
    Layout,
    TextFeatures,
)
from longshot.classify.features.views import CorpusStatistics
from longshot.embedder import DocumentEmbedder
from longshot.errors import SavedClassifierError
from longshot.recipe import Recipe
from longshot.records import Vectors, Window
from tests.fakes import FakeEncoder

TEXTS = [f"the {noun} of number {number}" for number, noun in enumerate("abcdefgh" * 5)]


def embedder() -> DocumentEmbedder:
    return DocumentEmbedder(
        Recipe(model="fake", window_tokens=4), encoder=FakeEncoder()
    )


def features(texts: list[str]) -> DocumentFeatures:
    found = TextFeatures(embedder()).of(texts)
    told = (found.content_hashes % 100).astype(np.float32)
    return replace(found, entailment={"bad": told, "good": 1 - told})


def assert_same(one: DocumentFeatures, other: DocumentFeatures) -> None:
    expected, found = one.arrays(), other.arrays()
    assert expected.keys() == found.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(values, found[name], name)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, len(TEXTS) - 1), max_size=8))
def test_what_is_taken_and_joined_is_what_stood_there(rows: list[int]) -> None:
    whole = features(TEXTS)
    parts = [whole.take(np.array([row], dtype=np.int64)) for row in rows]

    taken = whole.take(np.array(rows, dtype=np.int64))

    assert_same(taken, DocumentFeatures.concat([taken.take(np.arange(0)), *parts]))


@settings(max_examples=10, deadline=None)
@given(st.integers(1, len(TEXTS) + 1))
def test_blocks_joined_are_the_whole(n_documents: int) -> None:
    whole = features(TEXTS)

    blocks = list(whole.blocks(n_documents))

    assert [n_documents] * (len(blocks) - 1) == [len(one) for one in blocks[:-1]]
    assert_same(whole, DocumentFeatures.concat(blocks))


def test_saving_and_loading_is_the_identity(tmp_path: Path) -> None:
    whole = features(TEXTS)

    whole.save(tmp_path / "features.safetensors")

    assert_same(whole, DocumentFeatures.load(tmp_path / "features.safetensors"))


def test_another_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("the only copy")

    with pytest.raises(SavedClassifierError, match="a file of saved features"):
        DocumentFeatures.load(tmp_path / "thesis.txt")


def test_tokens_are_counted_by_document_and_by_span() -> None:
    whole = features(["one two three", "one two three four five six"])

    assert [3, 6] == whole.n_tokens.tolist()
    assert [3, 6] == [tokens.sum() for tokens in whole.span_tokens]
    assert list(map(len, whole.spans)) == list(map(len, whole.span_tokens))


def test_a_sample_does_not_depend_on_the_order_and_meets_every_kind() -> None:
    order = np.random.default_rng(0).permutation(len(TEXTS))
    whole, shuffled = features(TEXTS), features([TEXTS[row] for row in order])

    assert_same(whole.sample(10), shuffled.sample(10))
    draws = features([f"text {number}" for number in range(200)]).sample(100).draws()
    assert 0.4 < draws.mean() < 0.6


def test_spans_beyond_a_bound_lie_in_a_file() -> None:
    one = embedder()
    in_memory, on_disk = (
        FeatureExtractor(Layout.of(one), max_bytes) for max_bytes in (1 << 20, 100)
    )
    for vectors, text in zip(one.vectors(TEXTS), TEXTS, strict=True):
        in_memory.add(vectors, text)
        on_disk.add(vectors, text)

    assert_same(in_memory.features(), on_disk.features())


def test_features_are_in_memory_once_while_they_are_collected() -> None:
    """A mailbox of 20,000 mails held its features twice, 160 MB more."""
    layout = Layout(np.arange(3), "tokens", 512)
    vectors = Vectors(
        document_id="1",
        windows=(Window(index=0, start=0, end=4, n_tokens=1, n_new_tokens=1),),
        layer_means=np.ones((1, 3, 512), dtype=np.float32),
        document=np.ones(512, dtype=np.float32),
        span_vectors=np.empty((0, 512), dtype=np.float16),
    )
    extractor = FeatureExtractor(layout, max_span_bytes=0)
    tracemalloc.start()
    for _ in range(2_000):
        extractor.add(vectors, "rent")
    found = extractor.features()
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    arrays = (found.vectors, found.layers, found.head)
    assert most_bytes < 1.6 * sum(array.nbytes for array in arrays)


def test_statistics_of_parts_are_those_of_the_whole() -> None:
    whole = features(TEXTS)
    parts = [whole.take(np.arange(len(TEXTS))[i::3]) for i in range(3)]

    merged = CorpusStatistics.merge([CorpusStatistics.of(part) for part in parts])

    expected = CorpusStatistics.of(whole)
    for name in (one.name for one in fields(CorpusStatistics)):
        values, found = getattr(expected, name), getattr(merged, name)
        if name == "entailment":
            assert values.keys() == found.keys()
            values, found = list(values.values()), list(found.values())
        np.testing.assert_allclose(values, found, rtol=1e-5, atol=1e-6)


def test_labels_that_a_part_was_not_asked_about_are_not_numbers_in_the_whole() -> None:
    """A new example joins those that were asked; it alone is asked then."""
    old, new = features(TEXTS[:2]), TextFeatures(embedder()).of(TEXTS[2:3])

    joined = DocumentFeatures.concat([old, new])

    expected = [*old.entailment["bad"], np.nan]
    np.testing.assert_array_equal(expected, joined.entailment["bad"])
