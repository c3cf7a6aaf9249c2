"""Units' vectors put together are those of a document that was read whole."""

import numpy as np
import pytest

from longshot import DocumentEmbedder, Recipe
from longshot.packets.vectors import joined_vectors
from longshot.recipe import WindowPooling
from tests.fakes import FakeEncoder

WORDS = [f"word{number} " for number in range(23)]


def embedder(pooling: WindowPooling = "tokens") -> DocumentEmbedder:
    recipe = Recipe(window_tokens=4, window_pooling=pooling, layers=(-2, -1))
    return DocumentEmbedder(recipe, encoder=FakeEncoder())


@pytest.mark.parametrize("pooling", ["tokens", "windows"])
def test_units_that_end_with_windows_are_the_whole(pooling: WindowPooling) -> None:
    reads = embedder(pooling)
    units = ["".join(WORDS[:8]), "".join(WORDS[8:12]), "".join(WORDS[12:])]
    (whole,) = reads.vectors(["".join(units)])
    parts = list(reads.vectors(units))
    found = joined_vectors(parts, units, document_id="0", window_pooling=pooling)
    assert found.windows == whole.windows
    assert [one.index for one in found.windows] == list(range(6))
    np.testing.assert_allclose(found.layer_means, whole.layer_means, atol=1e-6)
    np.testing.assert_allclose(found.document, whole.document, atol=1e-6)
    np.testing.assert_array_equal(found.span_vectors, whole.span_vectors)
    assert found.n_tokens == whole.n_tokens == 23


def test_one_unit_alone_stays_what_it_is() -> None:
    reads, text = embedder(), "".join(WORDS)
    (whole,) = reads.vectors([text])
    found = joined_vectors([whole], [text], document_id="0")
    assert found.windows == whole.windows
    np.testing.assert_allclose(found.document, whole.document, atol=1e-6)


def test_spans_point_at_the_characters_that_they_were_read_from() -> None:
    reads, units = embedder(), ["  one two ", "\n\nthree four five six seven"]
    found = joined_vectors(list(reads.vectors(units)), units)
    text = "".join(units)
    shown = [text[span.start : span.end] for one in found.windows for span in one.spans]
    assert shown == ["one two", "three four five six", "seven"]
