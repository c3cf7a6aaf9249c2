import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.audit.bets import best_bets, log_growth, log_payoffs

SHARES = st.floats(0.01, 0.99)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give what is expected to be wrong, the truth, and the size of each stratum."""
    n = draw(st.integers(1, 4))
    sizes = np.array(draw(st.lists(st.integers(1, 50), min_size=n, max_size=n)))
    wrong = np.array(draw(st.lists(SHARES, min_size=n, max_size=n)))
    right = np.array(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    return wrong, right, sizes / sizes.sum()


def mean_payoff(
    wrong: np.ndarray, right: np.ndarray, weights: np.ndarray, share: float
) -> float:
    """Sum over all outcomes of a round, each with its probability."""
    at = np.array([share])
    bets = best_bets(wrong, weights, at)
    mean = 0.0
    for outcome in itertools.product([False, True], repeat=len(weights)):
        drawn = np.array(outcome)
        chance = np.where(drawn, right, 1.0 - right).prod()
        mean += chance * np.exp(log_payoffs(bets, drawn, weights, at)[0])
    return float(mean)


@given(rounds(), st.floats(0.0, 0.2))
@settings(max_examples=60, deadline=None)
def test_a_round_gains_nothing_where_the_hypothesis_holds(
    one: tuple[np.ndarray, np.ndarray, np.ndarray], above: float
) -> None:
    """Whatever was expected, and however the right ones are spread over strata."""
    wrong, right, weights = one
    share = min(float(weights @ right) + above, 1.0)

    assert mean_payoff(wrong, right, weights, share) <= 1.0 + 1e-9


def test_one_stratum_is_bet_on_as_kelly_would() -> None:
    """Right multiplies by p / m, and wrong by (1 - p) / (1 - m)."""
    bets = best_bets(np.array([0.1]), np.ones(1), np.array([0.6]))
    for right, expected in ((True, 0.9 / 0.6), (False, 0.1 / 0.4)):
        found = log_payoffs(bets, np.array([right]), np.ones(1), np.array([0.6]))
        assert np.exp(found[0]) == pytest.approx(expected, rel=1e-5)


@given(rounds(), SHARES)
@settings(max_examples=40, deadline=None)
def test_no_other_bets_grow_faster(
    one: tuple[np.ndarray, np.ndarray, np.ndarray], share: float
) -> None:
    wrong, factors, weights = one
    at = np.array([share])
    best = log_growth(wrong, weights, at)[0]
    other = best_bets(wrong, weights, at) * (0.5 + factors)
    outcomes = itertools.product([False, True], repeat=len(weights))
    mean = sum(
        np.where(drawn, 1.0 - wrong, wrong).prod()
        * log_payoffs(other, np.array(drawn), weights, at)[0]
        for drawn in outcomes
    )

    assert mean <= best + 1e-4


def test_nothing_is_bet_where_the_hypothesis_is_what_is_expected() -> None:
    growth = log_growth(np.array([0.1]), np.ones(1), np.array([0.9, 0.95]))

    np.testing.assert_allclose(growth, 0.0, atol=1e-6)
