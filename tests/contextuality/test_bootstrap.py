import numpy as np

from longshot.contextuality import bootstrap
from longshot.contextuality.measures import max_explainable_variance


def test_draws_have_the_size_of_the_sample_and_come_again() -> None:
    drawn = bootstrap.draws(7, 50, seed=1)
    assert (drawn.sum(axis=1) == 7).all()
    np.testing.assert_array_equal(drawn, bootstrap.draws(7, 50, seed=1))


def test_pair_means_are_means_over_drawn_pairs_of_different_uses() -> None:
    random = np.random.default_rng(0)
    similarities = random.normal(size=(5, 5))
    pairs = ~np.eye(5, dtype=bool)
    drawn = bootstrap.draws(5, 20, seed=0)
    found = bootstrap.pair_means(similarities, pairs, drawn)
    for counts, mean in zip(drawn.astype(int), found, strict=True):
        uses = np.repeat(np.arange(5), counts)
        values = [similarities[i, j] for i in uses for j in uses if i != j]
        np.testing.assert_allclose(mean, np.mean(values) if values else np.nan)


def test_explainable_variance_of_a_sample_is_that_of_its_rows() -> None:
    for n_uses, dim in ((30, 6), (12, 50)):
        vectors = np.random.default_rng(0).normal(size=(n_uses, dim))
        drawn = bootstrap.draws(n_uses, 20, seed=0)
        found = bootstrap.explainable_variances(vectors, drawn)
        expected = [
            max_explainable_variance(np.repeat(vectors, counts.astype(int), axis=0))
            for counts in drawn
        ]
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_explainable_variance_of_many_directions_is_near_enough() -> None:
    vectors = np.random.default_rng(0).normal(loc=1.0, size=(200, 100))
    drawn = bootstrap.draws(200, 20, seed=0)
    found = bootstrap.explainable_variances(vectors, drawn)
    expected = [
        max_explainable_variance(np.repeat(vectors, counts.astype(int), axis=0))
        for counts in drawn
    ]
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_interval_holds_the_middle_95_percent_of_the_numbers() -> None:
    low, high = bootstrap.interval(np.append(np.arange(1001.0), np.nan))
    assert (low, high) == (25.0, 975.0)
    assert np.isnan(bootstrap.interval(np.array([np.nan]))).all()


def test_mean_of_a_sample() -> None:
    values = np.array([1.0, 2.0, 6.0])
    drawn = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 3.0]])
    assert bootstrap.means(values, drawn).tolist() == [3.0, 6.0]
