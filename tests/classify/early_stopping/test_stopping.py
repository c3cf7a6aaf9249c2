"""What reading on is expected to gain."""

import numpy as np
import pytest

from longshot.classify.early_stopping.stopping import (
    MOST_FORGONE,
    MOST_PER_TOKEN,
    PAGE_TOKENS,
    Shift,
    StoppingRule,
    beginning,
    expected_gain,
    price_of,
)
from longshot.classify.features.document_features import DocumentFeatures
from longshot.classify.features.extraction import Layout, extract
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


def test_a_gain_is_held_against_what_is_left_to_read() -> None:
    """The same gain is worth a short rest, and not a long one."""

    def score(documents: DocumentFeatures) -> np.ndarray:
        return np.array([[0.0, 0.5]] * len(documents))

    rule = StoppingRule(score, (Shift(1, 1.0, 20),))
    [document] = DocumentEmbedder(Recipe(model="fake"), encoder=FakeEncoder()).vectors(
        ["one"]
    )
    layout = Layout(np.arange(2), "tokens", len(document.document))
    documents = extract([(document, "one")] * 3, layout)
    n_read, n_unread = np.array([100, 10_000, 100_000]), np.array([10, 1000, 10_000])
    [gain] = np.unique(
        expected_gain(score(documents), np.full(3, 1 / 11), rule.shifts[0])
    )

    goes_on = rule.goes_on(documents, np.ones(3, dtype=int), n_read, n_unread)

    assert 10 * MOST_PER_TOKEN < gain < 0.005
    assert [True, False, False] == goes_on.tolist()


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


def test_examples_forgo_no_more_than_was_promised() -> None:
    """Long documents: at half a point for a page, they would forgo four points."""
    random = np.random.default_rng(0)
    forgone = random.uniform(0.0, 0.08, size=(3, 40))
    n_unread = np.array([[9000.0], [8500.0], [7500.0]]) * np.ones(40)

    def lost(price: float) -> float:
        """Follow each example until it stops, or is read to its end."""
        total = 0.0
        for gains, left in zip(forgone.T, n_unread.T, strict=True):
            total += next(
                (g for g, n in zip(gains, left, strict=True) if g <= price * n), 0.0
            )
        return total / 40

    price = price_of(forgone, n_unread)

    assert lost(MOST_PER_TOKEN) > 0.03
    assert 0.8 * MOST_FORGONE < lost(price) <= MOST_FORGONE


def test_a_page_costs_half_a_point_at_most() -> None:
    forgone, n_unread = np.full((1, 9), 1e-4), np.full((1, 9), 100.0)

    assert price_of(forgone, n_unread) == 0.005 / PAGE_TOKENS


def test_examples_that_were_never_held_out_set_no_price() -> None:
    unknown = np.array([[np.nan, np.nan, 0.03]])

    only_one = price_of(unknown[:, 2:], np.full((1, 1), 5000.0))

    assert price_of(unknown, np.full((1, 3), 5000.0)) == only_one < MOST_PER_TOKEN
    assert price_of(unknown[:, :2], np.full((1, 2), 5000.0)) == MOST_PER_TOKEN
