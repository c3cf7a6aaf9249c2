"""Examples that are scored by what is learned without them."""

import numpy as np
import pytest

from longshot.classify.combination.held_out import (
    hold_out,
    n_folds,
    optimiser_rounds,
)
from longshot.classify.features.views import CorpusStatistics
from longshot.classify.scorers.examples import Examples, ExampleScorer
from tests.classify.combination.vectors import around, documents_of


def shown(counts: list[int]) -> Examples:
    classes = np.repeat(np.arange(len(counts)), counts)
    centres = np.random.default_rng(0).normal(size=(len(counts), 6))
    rows = around(centres, classes, noise=0.5, seed=1)
    return Examples(documents_of(rows), classes, len(counts))


def test_each_example_is_scored_by_what_never_saw_it() -> None:
    """Against regressions that are learned again from the others alone."""
    examples = shown([4, 4, 4])
    statistics = CorpusStatistics.of(examples.features)
    scorer = ExampleScorer.of("body", examples, None, statistics)
    by_name = np.random.default_rng(0).normal(size=(12, 2, 3))

    held_out = hold_out(examples, by_name, {"body": scorer})

    assert (12, 3, 3) == held_out.scores.shape
    assert (held_out.scores[:, :2] == by_name).all()
    _, rounds = optimiser_rounds(examples)
    for fold in held_out.folds:
        assert set(range(12)) == {*fold.kept, *fold.left_out}
        again = scorer.learn(fold.kept, rounds).logits(scorer.rows[fold.left_out])
        found = held_out.scores[fold.left_out, 2]
        assert again == pytest.approx(found, abs=1e-5)


def test_another_label_of_a_left_out_example_changes_nothing_for_it() -> None:
    examples = shown([4, 4, 4])
    statistics = CorpusStatistics.of(examples.features)
    scorer = ExampleScorer.of("body", examples, None, statistics)
    held_out = hold_out(examples, np.zeros((12, 0, 3)), {"body": scorer})
    fold = held_out.folds[0]
    scorer.targets[fold.left_out] = scorer.targets[fold.left_out][:, ::-1]

    again = scorer.learn(fold.kept, optimiser_rounds(examples)[1])

    expected = fold.learned["body"].logits(scorer.rows)
    assert np.array_equal(expected, again.logits(scorer.rows))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([1, 1], 2), ([2, 2], 2), ([3, 3, 1], 3), ([9, 9], 4), ([9] * 50, 2)],
)
def test_there_are_as_many_folds_as_the_median_class_has_examples(
    counts: list[int], expected: int
) -> None:
    assert expected == n_folds(shown(counts))
