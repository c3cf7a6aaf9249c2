import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from longshot.classify.combination.weighing import Feature, fit_weights
from longshot.classify.scorers.example_scoring import separation

FEATURES = (
    Feature("body", "document", "examples", 1.5),
    Feature("title", "title", "examples", 0.5),
    Feature("spans", "document", "names", 0.7),
)


def scores(*signal: float) -> tuple[np.ndarray, np.ndarray]:
    """Give scores whose features know the class as well as `signal` says."""
    random = np.random.default_rng(0)
    classes = np.arange(60) % 3
    known = np.eye(3)[classes][:, None] * np.array(signal)[:, None]
    return known + random.normal(size=(60, len(signal), 3)), classes


def test_without_examples_the_weights_are_the_priors() -> None:
    weights = fit_weights(np.zeros((0, 3, 3)), np.zeros(0, dtype=np.int64), FEATURES)

    assert [1.5, 0.5, 0.7] == weights.tolist()


def test_what_knows_the_class_rises_and_what_is_noise_falls() -> None:
    weights = fit_weights(*scores(0.0, 6.0, 0.0), FEATURES)

    rises = weights / [1.5, 0.5, 0.7]
    assert rises[1] > 1 > rises[2]
    assert rises[1] > 2 * rises[0]
    assert (weights >= 0).all()


def test_names_that_mislead_are_distrusted() -> None:
    weights = fit_weights(*scores(1.0, 1.0, -3.0), FEATURES)

    assert weights[2] < 0.05
    assert weights[0] > 0.2


def test_the_order_of_the_examples_does_not_matter() -> None:
    values, classes = scores(1.0, 2.0, 0.5)
    order = np.random.default_rng(1).permutation(60)

    expected = fit_weights(values, classes, FEATURES)
    shuffled = fit_weights(values[order], classes[order], FEATURES)

    assert expected == pytest.approx(shuffled, rel=1e-3)


@given(st.integers(0, 2**32), st.integers(2, 4), st.integers(1, 5))
def test_separation_is_that_of_all_pairs(seed: int, n_classes: int, shots: int) -> None:
    random = np.random.default_rng(seed)
    classes = np.repeat(np.arange(n_classes), shots)
    rows = random.normal(size=(len(classes), 3))
    found, n_pairs = separation(rows, np.eye(n_classes)[classes])

    pairs = [
        (classes[a] == classes[b], float(rows[a] @ rows[b]))
        for a, b in itertools.combinations(range(len(rows)), 2)
    ]
    within = [cosine for is_same, cosine in pairs if is_same]
    across = [cosine for is_same, cosine in pairs if not is_same]
    assert len(within) == n_pairs
    expected = np.mean(within) - np.mean(across) if within else 0.0
    assert expected == pytest.approx(found, abs=1e-9)
