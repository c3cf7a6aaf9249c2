import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.audit import Shift, corrected_confidences, shift_of_odds, sign_off
from longshot.errors import SettingError

CONFIDENCES = st.lists(st.floats(0, 1), min_size=1, max_size=60).map(np.array)


@given(CONFIDENCES, st.floats(0.05, 1.0))
@settings(max_examples=100, deadline=None)
def test_the_largest_set_that_reaches_the_target(
    confidences: np.ndarray, target: float
) -> None:
    found = sign_off(confidences, target)
    surest = np.sort(confidences)[::-1]

    assert found.n_alone == len(found.rows)
    if found.n_alone:
        assert surest[: found.n_alone].mean() >= target - 1e-9
        assert found.least_confidence == surest[found.n_alone - 1]
    for n in range(found.n_alone + 1, len(surest) + 1):
        assert surest[:n].mean() < target


def test_a_pile_of_equal_confidences_is_left_alone_whole() -> None:
    assert 7 == sign_off(np.full(7, 0.95), 0.95).n_alone


def test_before_an_audit_no_limits_are_given() -> None:
    found = sign_off(np.array([0.9, 0.99]))

    assert (None, None, 0) == (found.low, found.high, found.n_checked)


def test_an_audit_that_finds_more_mistakes_leaves_fewer_alone() -> None:
    confidences = np.linspace(0.5, 1.0, 400)
    before = sign_off(confidences, 0.9)
    good, bad = (
        sign_off(
            confidences,
            0.9,
            shift=shift_of_odds(np.array([0.25]), np.array([100]), np.array([wrong])),
        )
        for wrong in (10, 45)
    )

    assert bad.n_alone < before.n_alone < good.n_alone
    assert bad.low is not None
    assert bad.high is not None
    assert bad.low < bad.n_alone < bad.high
    assert 100 == bad.n_checked


def test_a_shift_of_nothing_changes_nothing() -> None:
    confidences = np.linspace(0.5, 0.99, 400)
    shift = Shift(log_factor=0.0, spread=0.3, n_checked=10)

    assert (
        sign_off(confidences, 0.9).n_alone
        == sign_off(confidences, 0.9, shift=shift).n_alone
    )


@given(CONFIDENCES, st.data())
@settings(max_examples=50, deadline=None)
def test_corrected_confidences_keep_their_order(
    confidences: np.ndarray, data: st.DataObject
) -> None:
    places = st.integers(0, len(confidences) - 1)
    rows = data.draw(st.lists(places, unique=True, max_size=10))
    right = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    found, shift = corrected_confidences(confidences, rows, right)

    order = np.argsort(confidences, kind="stable")
    assert (np.diff(found[order]) >= -1e-12).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert len(rows) == shift.n_checked


def test_a_large_sample_corrects_to_what_it_shows() -> None:
    """With one confidence for all, the observed share."""
    found, _ = corrected_confidences(
        np.full(5000, 0.9), range(4000), [i % 4 > 0 for i in range(4000)]
    )

    assert found[0] == pytest.approx(0.75, abs=0.005)


def test_mistakes_are_told() -> None:
    with pytest.raises(SettingError, match=r"target must be above 0 .* got 95\.0"):
        sign_off(np.array([0.5]), 95.0)
    with pytest.raises(SettingError, match="there are none"):
        sign_off(np.array([]))
