"""What reading on is expected to gain."""

import numpy as np
import pytest

from longshot.classify.early_stopping.stopping import Shift, beginning, expected_gain
from longshot.embedder import DocumentEmbedder
from longshot.recipe import Recipe
from tests.fakes import FakeEncoder


def test_the_gain_is_what_drawing_the_rest_at_random_gives() -> None:
    """Two classes; the margin's end is drawn from Student's t, and the better taken."""
    shift, margin, unread = Shift(1, 1.5, 12), 0.8, 0.6
    random = np.random.default_rng(0)
    drawn = random.standard_t(12, size=400_000)
    ends = margin + shift.deviation * np.sqrt(unread) * drawn
    stays, best = 1 / (1 + np.exp(-ends)), 1 / (1 + np.exp(-np.abs(ends)))

    [gain] = expected_gain(np.array([[0.0, margin]]), np.array([unread]), shift)

    assert pytest.approx((best - stays).mean(), rel=0.03) == gain


def test_nothing_is_gained_where_nothing_is_left() -> None:
    gains = expected_gain(np.array([[0.0, 0.1]]), np.array([0.0]), Shift(1, 9.0, 9))

    assert [0.0] == gains.tolist()


def test_few_examples_are_trusted_less() -> None:
    few, many = (Shift.of(1, np.ones(n)).deviation for n in (8, 800))

    assert 1.0 < many < 1.1 < 2.0 < few


def test_a_beginning_is_what_reading_no_further_gives() -> None:
    embedder = DocumentEmbedder(
        Recipe(model="fake", window_tokens=4, overlap_tokens=1), encoder=FakeEncoder()
    )
    text = "one two three four five six seven eight nine ten eleven"

    [whole], [expected] = (
        list(embedder.vectors([text], most_windows=most)) for most in (None, 2)
    )

    part = beginning(whole, 2)
    assert expected.windows == part.windows
    assert expected.n_unread == part.n_unread == 4
    assert expected.coverage == part.coverage == 7 / 11
    assert np.array_equal(expected.layer_means, part.layer_means)
    assert np.array_equal(expected.document, part.document)
    assert np.array_equal(expected.span_vectors, part.span_vectors)
