"""The dynamic programme against every division there is."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.packets.chain import (
    ChainScores,
    Marginals,
    best_division,
    marginals,
    nearby_boundaries,
)


def drawn(n_units: int, n_classes: int, seed: int, spread: float = 2.0) -> ChainScores:
    random = np.random.default_rng(seed)
    return ChainScores(
        boundary=random.normal(-1.0, spread, n_units),
        first=random.normal(0.0, spread, (n_units, n_classes)),
        inner=random.normal(0.0, spread, (n_units, n_classes)),
        same=float(random.normal()),
    )


def weight(scores: ChainScores, begins: list[bool], labels: list[int]) -> float:
    """Weigh one division, term by term."""
    n_classes = scores.first.shape[1]
    total = scores.first[0, labels[0]] - np.log(n_classes)
    for unit in range(1, len(labels)):
        if not begins[unit]:
            total += scores.inner[unit, labels[unit]]
            continue
        shares = np.zeros(n_classes)
        shares[labels[unit - 1]] = scores.same
        shares = np.exp(shares) / np.exp(shares).sum()
        total += scores.boundary[unit] + scores.first[unit, labels[unit]]
        total += np.log(shares[labels[unit]])
    return float(total)


def divisions(
    scores: ChainScores,
) -> Iterator[tuple[float, list[bool], list[int]]]:
    """Give every division with its weight."""
    n_units, n_classes = scores.first.shape
    for rest in product([False, True], repeat=n_units - 1):
        begins = [True, *rest]
        for of_documents in product(range(n_classes), repeat=sum(begins)):
            places = np.cumsum(begins) - 1
            labels = [of_documents[place] for place in places]
            yield weight(scores, begins, labels), begins, labels


def by_brute_force(scores: ChainScores) -> Marginals:
    """Add up all divisions."""
    first = np.zeros(scores.first.shape)
    inner, same = first.copy(), np.zeros(len(first))
    for log_weight, begins, labels in divisions(scores):
        share = np.exp(log_weight)
        for unit, label in enumerate(labels):
            (first if begins[unit] else inner)[unit, label] += share
            same[unit] += share * (
                unit > 0 and begins[unit] and label == labels[unit - 1]
            )
    total = first[0].sum()
    return Marginals(
        first=first / total,
        inner=inner / total,
        same=same / total,
        log_total=float(np.log(total)),
    )


@given(st.integers(1, 5), st.integers(2, 3), st.integers(0, 10_000))
def test_the_best_division_is_the_best_of_all(
    n_units: int, n_classes: int, seed: int
) -> None:
    scores = drawn(n_units, n_classes, seed)
    _, begins, labels = max(divisions(scores), key=lambda one: one[0])
    found = best_division(scores)
    assert found.begins.tolist() == begins
    assert found.labels.tolist() == labels


@given(st.integers(1, 5), st.integers(2, 3), st.integers(0, 10_000))
def test_marginals_are_shares_of_all_divisions(
    n_units: int, n_classes: int, seed: int
) -> None:
    scores = drawn(n_units, n_classes, seed)
    expected, found = by_brute_force(scores), marginals(scores)
    np.testing.assert_allclose(found.first, expected.first, atol=1e-9)
    np.testing.assert_allclose(found.inner, expected.inner, atol=1e-9)
    np.testing.assert_allclose(found.same, expected.same, atol=1e-9)
    assert found.log_total == pytest.approx(expected.log_total)


@pytest.mark.parametrize("spread", [0.0, 300.0])
def test_a_long_file_neither_overflows_nor_loses_a_unit(spread: float) -> None:
    found = marginals(drawn(2_000, 12, 0, spread))
    np.testing.assert_allclose(found.labels.sum(axis=1), 1.0, atol=1e-6)
    assert np.isfinite(found.log_total)


def test_a_document_goes_on_where_nothing_speaks_for_another() -> None:
    nothing = np.zeros((6, 3))
    scores = ChainScores(boundary=np.full(6, -4.0), first=nothing, inner=nothing)
    assert best_division(scores).begins.tolist() == [True] + [False] * 5


def test_two_documents_of_one_label_are_two_where_a_beginning_is_sure() -> None:
    of_label = np.tile([3.0, -3.0], (4, 1))
    boundary = np.array([0.0, -5.0, 9.0, -5.0])
    scores = ChainScores(boundary=boundary, first=of_label, inner=of_label)
    found = best_division(scores)
    assert found.begins.tolist() == [True, False, True, False]
    assert found.labels.tolist() == [0, 0, 0, 0]


def earned(chances: list[float], chosen: list[int], price: float) -> float:
    """Weigh a choice of boundaries, one after the other."""
    total, before = 0.0, -9
    for unit, following in zip(chosen, [*chosen[1:], len(chances) + 9], strict=False):
        near = chances[unit]
        if unit - before > 2 and unit > 1:
            near += chances[unit - 1] / 2
        if following - unit > 1 and unit + 1 < len(chances):
            near += chances[unit + 1] / 2
        total, before = total + min(near, 1.0) - price, unit
    return total


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.1, 0.9))
def test_the_boundaries_that_are_chosen_earn_most(
    chances: list[float], price: float
) -> None:
    units = range(1, len(chances))
    every = (
        [unit for unit, is_in in zip(units, one, strict=True) if is_in]
        for one in product([False, True], repeat=len(units))
    )
    found = np.flatnonzero(nearby_boundaries(np.array(chances), price))[1:].tolist()
    best = max(earned(chances, chosen, price) for chosen in every)
    assert earned(chances, found, price) == pytest.approx(best)


def test_a_boundary_is_told_where_only_its_place_is_not_clear() -> None:
    chances = np.array([1.0, 0.0, 0.3, 0.35, 0.3, 0.0, 0.0, 0.1])
    assert np.flatnonzero(nearby_boundaries(chances, 0.4)).tolist() == [0, 3]
