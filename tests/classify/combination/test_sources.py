"""What a source is worth before any example, and what examples change of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from sklearn.metrics import log_loss

from longshot.classify.combination.pile import SOURCES
from longshot.classify.combination.sources import (
    LOG_WEIGHTS,
    Priors,
    Source,
    fitted_priors,
    updated,
)
from longshot.classify.features.views import ALL_VIEWS
from longshot.classify.scorers.names import NAME_VIEWS

KINDS = ("examples", "examples", "names")
LOGS = np.log([1.5, 0.5, 0.7])
CLASSES = np.arange(60) % 3


def drawn(*signal: float) -> np.ndarray:
    """Draw scores whose sources know the class as well as `signal` says."""
    random = np.random.default_rng(0)
    known = np.eye(3)[CLASSES][:, None] * np.array(signal)[:, None]
    return np.asarray(known + random.normal(size=(60, len(signal), 3)))


def surprise(weights: np.ndarray, scores: np.ndarray, classes: np.ndarray) -> float:
    """Give the surprise at the classes, as scikit-learn measures it."""
    odds = np.exp(np.einsum("efc,f->ec", scores, weights))
    shares = odds / odds.sum(axis=1, keepdims=True)
    return float(log_loss(classes, shares, normalize=False, labels=[0, 1, 2]))


def test_the_logarithm_of_a_weight_is_linear_in_what_is_observed() -> None:
    priors = Priors(
        observables=("one", "shots"),
        coefficients={"a": np.array([1.0, 0.5]), "b": np.array([0.0, -2.0])},
        precision=1.0,
    )
    observed = [{"one": 1.0, "shots": 2.0}, {"shots": 3.0, "one": 1.0, "more": 9.0}]

    found = priors.log_weights(["a", "b"], observed)

    assert [2.0, -6.0] == found.tolist()


def test_a_weight_stays_within_bounds() -> None:
    priors = Priors(("one",), {"a": np.array([99.0]), "b": np.array([-99.0])}, 1.0)

    found = priors.log_weights(["b", "a"], [{"one": 1.0}] * 2)

    assert list(LOG_WEIGHTS) == found.tolist()


def test_the_fitted_priors_know_every_source() -> None:
    alone, pile = fitted_priors("alone"), fitted_priors("pile")

    expected = {
        *(str(Source("names", view)) for view in NAME_VIEWS),
        *(str(Source("examples", view)) for view in ALL_VIEWS),
    }
    assert expected <= set(alone.coefficients)
    assert set(SOURCES) == set(pile.coefficients)
    for priors in (alone, pile):
        assert priors.precision > 0
        shapes = {row.shape for row in priors.coefficients.values()}
        assert {(len(priors.observables),)} == shapes


def test_without_examples_nothing_changes() -> None:
    nothing = np.zeros((0, 3, 5)), np.zeros(0, dtype=np.int64)

    assert np.exp(LOGS) == pytest.approx(updated(LOGS, KINDS, *nothing, 1.0))


def test_what_knows_the_class_rises_beyond_what_is_noise() -> None:
    weights = updated(LOGS, KINDS, drawn(0.0, 6.0, 0.0), CLASSES, 1.0)

    rises = weights / np.exp(LOGS)
    assert rises[1] > 1
    assert rises[1] > 2 * rises[0]
    assert rises[1] > 2 * rises[2]


def test_names_that_mislead_are_distrusted() -> None:
    weights = updated(LOGS, KINDS, drawn(1.0, 1.0, -3.0), CLASSES, 1.0)

    assert weights[2] < 0.05
    assert weights[0] > 0.2


def test_what_names_say_in_one_view_is_believed_in_the_others() -> None:
    """The last source says nothing of the examples; it moves as its kind does."""
    scores = drawn(2.0, 6.0, 0.0)
    scores[:, :, 2] = 0.0
    logs = np.log([0.1, 0.1, 0.1])

    kinds = [["examples", "names", of_last] for of_last in ("names", "examples")]
    as_name, as_example = (updated(logs, one, scores, CLASSES, 1.0) for one in kinds)

    assert as_name[2] > as_example[2] > 0.1


def test_a_class_alone_tells_nothing() -> None:
    """Whatever favours it would seem right."""
    scores = drawn(1.0, 6.0, -3.0)
    of_one = scores[CLASSES == CLASSES[0]]

    found = updated(LOGS, KINDS, of_one, CLASSES[CLASSES == CLASSES[0]], 1.0)

    assert np.exp(LOGS) == pytest.approx(found)


def test_what_is_said_of_classes_without_examples_does_not_count() -> None:
    scores = drawn(1.0, 2.0, 0.5)
    more = np.concatenate([scores, 9 + scores[..., :1]], axis=2)

    expected = updated(LOGS, KINDS, scores, CLASSES, 1.0)

    assert expected == pytest.approx(updated(LOGS, KINDS, more, CLASSES, 1.0))


@settings(max_examples=20)
@given(st.permutations(range(60)))
def test_the_order_of_the_examples_never_matters(order: list[int]) -> None:
    scores = drawn(1.0, 2.0, 0.5)

    expected = updated(LOGS, KINDS, scores, CLASSES, 1.0)
    shuffled = updated(LOGS, KINDS, scores[order], CLASSES[order], 1.0)

    assert expected == pytest.approx(shuffled, rel=1e-3)


@settings(max_examples=20)
@given(st.permutations(range(3)))
def test_the_order_of_classes_and_of_sources_never_matters(order: list[int]) -> None:
    scores = drawn(1.0, 2.0, 0.5)

    expected = updated(LOGS, KINDS, scores, CLASSES, 1.0)
    classes = np.argsort(order)[CLASSES]
    other = updated(LOGS, KINDS, scores[..., order], classes, 1.0)
    kinds = [KINDS[place] for place in order]
    turned = updated(LOGS[order], kinds, scores[:, order], CLASSES, 1.0)

    assert expected == pytest.approx(other, rel=1e-3)
    assert expected[order] == pytest.approx(turned, rel=1e-3)


def test_the_tighter_the_prior_the_less_the_weights_move() -> None:
    scores = drawn(1.0, 4.0, -1.0)
    moved = [
        np.abs(np.log(updated(LOGS, KINDS, scores, CLASSES, precision)) - LOGS).sum()
        for precision in (0.1, 1.0, 10.0, 1e6)
    ]

    assert sorted(moved, reverse=True) == moved
    assert moved[-1] < 1e-3


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 2.0, 20.0]))
def test_examples_become_likelier_never_less(seed: int, precision: float) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(size=(12, 3, 3))
    # Each class counts the same: as many of each, so that each example does, too.
    classes = random.permutation(np.repeat([0, 1, 2], 4))

    weights = updated(LOGS, KINDS, scores, classes, precision)

    after, before = (surprise(w, scores, classes) for w in (weights, np.exp(LOGS)))
    assert after <= before + 1e-6


def test_the_weights_are_where_the_loss_is_flat() -> None:
    """Against a numerical derivative of the loss written out anew.

    One source alone moves by three terms of one precision, that act as a third of it.
    """
    scores, precision = drawn(1.5), 4.0

    (found,) = updated(np.zeros(1), ["examples"], scores, CLASSES, precision)

    def loss(log_weight: np.ndarray) -> float:
        of_prior = precision / 3 * log_weight[0] ** 2 / 2
        return surprise(np.exp(log_weight), scores, CLASSES) + float(of_prior)

    slope = approx_fprime(np.log([found]), loss, 1e-6)
    assert 0.0 == pytest.approx(float(slope[0]), abs=0.01)
