"""The pile as a mixture: one direction and one share for each class."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax
from scipy.stats import vonmises_fisher

from longshot.classify.scorers import mixture
from longshot.classify.scorers.mixture import (
    Mixture,
    class_balanced_weights,
    likeliest_concentration,
    neighbours_say,
    usual_cosine,
)
from longshot.similarity import unit
from tests.classify.combination.vectors import around, documents_of

TRUTH = np.repeat([0, 1], [180, 20])
CENTRES = np.eye(2, 12) - 0.5
NOTHING = np.zeros((2, 12), dtype=np.float32)


def pile(centres: np.ndarray = CENTRES, noise: float = 0.25) -> np.ndarray:
    """Give directions from where both classes count alike."""
    rows = around(centres, TRUTH, noise=noise, seed=0)
    return unit(rows - centres.mean(axis=0), np.float32)


def hinted(margin: float) -> np.ndarray:
    margins = np.random.default_rng(1).normal(margin, size=len(TRUTH))
    return np.asarray(np.eye(2)[TRUTH] * margins[:, None])


def test_unequal_classes_are_kept_unequal() -> None:
    rows, alone = pile(), hinted(1.0)

    fitted = Mixture.fit(rows, alone, NOTHING)

    decided = fitted.log_posterior(rows, alone).argmax(axis=1)
    assert 20 == pytest.approx((decided == 1).sum(), abs=4)
    # five more documents are expected of each class beforehand
    expected = np.log([185 / 210, 25 / 210])
    assert expected == pytest.approx(fitted.log_shares, abs=0.3)


def test_a_mixture_sets_right_what_documents_seemed_to_be() -> None:
    rows, alone = pile(), hinted(1.0)

    fitted = Mixture.fit(rows, alone, NOTHING)

    right = [
        (scores.argmax(axis=1) == TRUTH).mean()
        for scores in (alone, fitted.log_posterior(rows, alone))
    ]
    assert right[0] < 0.9
    assert right[1] > 0.97


def test_a_round_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each class's direction is the sum of its documents and its examples."""
    rows = np.eye(3, dtype=np.float32)
    alone = np.log([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    known = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]], dtype=np.float32)

    monkeypatch.setattr(mixture, "_ROUNDS", 1)

    fitted = Mixture.fit(rows, alone, known)

    sums = np.array([[0.9, 1.2, 0.5], [0.1, 0.8, 2.5]])
    directions = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    lengths = np.linalg.norm(fitted.means, axis=1)
    assert directions == pytest.approx(unit(fitted.means), abs=1e-5)
    assert lengths[0] == pytest.approx(lengths[1])
    assert np.log([6.6 / 13, 6.4 / 13]) == pytest.approx(fitted.log_shares)


@given(st.integers(0, 2**32 - 1))
def test_a_posterior_is_bayes_rule(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, alone = unit(random.normal(size=(5, 4))), random.normal(size=(5, 3))
    mixture = Mixture(random.normal(size=(3, 4)), log_softmax(random.normal(size=3)))

    found = np.exp(mixture.log_posterior(rows, alone))

    likelihoods = np.exp(rows @ mixture.means.T) * np.exp(mixture.log_shares)
    products = softmax(alone, axis=1) * likelihoods
    assert products / products.sum(axis=1, keepdims=True) == pytest.approx(found)


def test_the_usual_cosine_by_hand() -> None:
    """Of three pairs, cosines 0.6, 0 and 0.8: their squares are 1 together.

    Three that were centred have cosines of -1/2 on the mean, squares of 3/4 together;
    one pair of 0.13 stands beside them.
    """
    rows = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])

    expected = np.sqrt((1 - 3 / 4 + 0.13**2) / 4)
    assert expected == pytest.approx(usual_cosine(rows))
    assert 0.13 == usual_cosine(rows[:1])


@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_a_few_centred_documents_have_the_usual_cosine_of_many(
    seed: int, n: int
) -> None:
    """Roughly, without what the centring does: two would be said to be opposite."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(n, 64))

    found = usual_cosine(unit(rows - rows.mean(axis=0)))

    many = random.normal(size=(200, 64))
    expected = usual_cosine(unit(many - many.mean(axis=0)))
    assert expected == pytest.approx(found, abs=0.2)


@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 5))
def test_the_usual_cosine_is_that_of_all_pairs(seed: int, n: int, dim: int) -> None:
    rows = unit(np.random.default_rng(seed).normal(size=(n, dim)))
    pairs = [float(rows[a] @ rows[b]) for a in range(n) for b in range(a)]

    squares = max(np.sum(np.square(pairs)) - n / (n - 1) / 2, 0.0)
    expected = np.sqrt((squares + 0.13**2) / (len(pairs) + 1))
    assert expected == pytest.approx(usual_cosine(rows), abs=1e-6)


def test_directions_that_all_documents_lack_change_nothing() -> None:
    rows, alone = pile(), hinted(1.0)
    wide = np.hstack([rows, np.zeros((len(rows), 50), dtype=np.float32)])
    nothing = np.zeros((2, 62), dtype=np.float32)

    expected = Mixture.fit(rows, alone, NOTHING)
    found = Mixture.fit(wide, alone, nothing)

    assert expected.means == pytest.approx(found.means[:, :12], rel=1e-3, abs=1e-3)


@given(st.integers(0, 2**32 - 1), st.floats(2.0, 60.0))
def test_the_likeliest_concentration_is_about_that_of_draws(
    seed: int, concentration: float
) -> None:
    """Of directions drawn from a von Mises-Fisher distribution, by SciPy."""
    dim = 20
    draws = vonmises_fisher(np.eye(dim)[0], concentration).rvs(500, random_state=seed)

    length = float(np.linalg.norm(draws.mean(axis=0)))

    assert concentration == pytest.approx(
        likeliest_concentration(length, float(dim)), rel=0.15, abs=1.5
    )


def test_clusters_that_lie_close_are_told_apart_more_sharply() -> None:
    lengths = [
        float(np.linalg.norm(Mixture.fit(pile(noise=n), hinted(1.0), NOTHING).means[0]))
        for n in (0.1, 0.25, 0.5)
    ]
    assert lengths == sorted(lengths, reverse=True)


def test_neighbours_say_the_mean_of_what_is_said_of_the_nearest() -> None:
    """Ten of one kind and twelve of another: each has ten neighbours of its own."""
    rows = np.repeat(np.eye(2, dtype=np.float32), [11, 12], axis=0)
    posterior = np.random.default_rng(0).dirichlet([1.0, 1.0], size=23)

    found = neighbours_say(rows, posterior)

    others = (posterior[:11].sum(axis=0) - posterior[:11]) / 10
    assert others == pytest.approx(found[:11])


def test_classes_of_a_pile_count_nearly_alike() -> None:
    """One in ten is of the small class, which counts three times as much as that."""
    documents = documents_of(around(4 * CENTRES, TRUTH, noise=0.3, seed=2))
    known = around(4 * CENTRES, np.array([0, 1]), noise=0.3, seed=3)

    weights = class_balanced_weights(documents.last, known)

    of_class = np.array([weights[TRUTH == one].sum() for one in (0, 1)])
    assert (weights > 0).all()
    assert 0.3 < of_class[1] / of_class.sum() < 0.5


def test_weights_of_a_pile_do_not_depend_on_its_order() -> None:
    documents = documents_of(around(4 * CENTRES, TRUTH, noise=0.3, seed=2))
    known = around(4 * CENTRES, np.array([0, 1]), noise=0.3, seed=3)
    order = np.random.default_rng(0).permutation(len(TRUTH))

    expected = class_balanced_weights(documents.last, known)[order]

    found = class_balanced_weights(documents.take(order).last, known)
    assert expected == pytest.approx(found, rel=1e-3)
