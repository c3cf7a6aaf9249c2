"""The dynamic programme against every division there is."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshot.packets import chain
from longshot.packets import lengths as lengths_module
from longshot.packets.chain import (
    ChainScores,
    Marginals,
    marginals,
    nearby_boundaries,
)
from longshot.packets.lengths import Lengths

LENGTHS = Lengths.of(np.array([300, 500]))


def drawn(
    n_units: int,
    n_classes: int,
    seed: int,
    spread: float = 2.0,
    lengths: Lengths | None = None,
) -> ChainScores:
    random = np.random.default_rng(seed)
    return ChainScores(
        boundary=random.normal(-1.0, spread, n_units),
        first=random.normal(0.0, spread, (n_units, n_classes)),
        inner=random.normal(0.0, spread, (n_units, n_classes)),
        n_tokens=random.integers(50, 300, n_units),
        same=float(random.normal()),
        lengths=lengths,
    )


def of_units(n_units: int, boundary: np.ndarray, of_labels: np.ndarray) -> ChainScores:
    """Give scores in which no length speaks."""
    return ChainScores(
        boundary=boundary,
        first=of_labels,
        inner=of_labels,
        n_tokens=np.full(n_units, 100),
    )


def weight(scores: ChainScores, begins: list[bool], labels: list[int]) -> float:
    """Weigh one division, term by term, but for its lengths."""
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


def weight_of_lengths(
    scores: ChainScores, begins: list[bool], most_units: int
) -> float:
    """Weigh the lengths of one division, over all that they may be in a file."""
    if scores.lengths is None:
        return 0.0
    firsts = np.flatnonzero(begins)
    ends = np.minimum(np.append(firsts[1:], len(begins)), firsts + most_units)
    n_tokens = np.array(
        [scores.n_tokens[of:to].sum() for of, to in zip(firsts, ends, strict=True)]
    )
    logs = [
        log + lengths.log_likelier(n_tokens.astype(float)).sum()
        for log, lengths in scores.lengths.in_a_file()
    ]
    return float(np.log(np.exp(logs).sum()))


def divisions(
    scores: ChainScores, most_units: int
) -> Iterator[tuple[float, list[bool]]]:
    """Give every division with its weight."""
    n_units, n_classes = scores.first.shape
    for rest in product([False, True], repeat=n_units - 1):
        begins = [True, *rest]
        of_lengths = weight_of_lengths(scores, begins, most_units)
        for of_documents in product(range(n_classes), repeat=sum(begins)):
            places = np.cumsum(begins) - 1
            labels = [of_documents[place] for place in places]
            yield of_lengths + weight(scores, begins, labels), begins


def by_brute_force(scores: ChainScores, most_units: int) -> Marginals:
    """Add up all divisions."""
    found = np.zeros(len(scores.first))
    for log_weight, begins in divisions(scores, most_units):
        found += np.exp(log_weight) * np.array(begins)
    return Marginals(begins=found / found[0], log_total=float(np.log(found[0])))


@given(
    st.integers(1, 4),
    st.integers(2, 3),
    st.integers(0, 10_000),
    st.sampled_from([None, LENGTHS]),
    st.sampled_from([1, 2, 512]),
)
def test_marginals_are_shares_of_all_divisions(
    n_units: int, n_classes: int, seed: int, lengths: Lengths | None, most_units: int
) -> None:
    scores = drawn(n_units, n_classes, seed, lengths=lengths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "_MOST_UNITS", most_units)
        found = marginals(scores)
    expected = by_brute_force(scores, most_units)
    np.testing.assert_allclose(found.begins, expected.begins, atol=1e-9)
    assert found.log_total == pytest.approx(expected.log_total)


@pytest.mark.parametrize("lengths", [None, LENGTHS])
@pytest.mark.parametrize("spread", [0.0, 300.0])
def test_a_long_file_neither_overflows_nor_loses_a_unit(
    spread: float, lengths: Lengths | None
) -> None:
    found = marginals(drawn(2_000, 12, 0, spread, lengths))
    assert found.begins[0] == pytest.approx(1.0, abs=1e-6)
    assert (found.begins <= 1.0).all()
    assert np.isfinite(found.log_total)


def test_a_document_goes_on_where_nothing_speaks_for_another() -> None:
    scores = of_units(6, np.full(6, -4.0), np.zeros((6, 3)))
    assert (marginals(scores).begins[1:] < 0.5).all()


def test_two_documents_of_one_label_are_two_where_a_beginning_is_sure() -> None:
    of_labels = np.tile([3.0, -3.0], (4, 1))
    found = marginals(of_units(4, np.array([0.0, -5.0, 9.0, -5.0]), of_labels))
    assert np.flatnonzero(found.begins > 0.5).tolist() == [0, 2]


def test_a_file_is_divided_into_documents_as_long_as_the_examples() -> None:
    """Of six pages of 100 tokens each may begin one; examples have 300 tokens."""
    boundary = np.full(6, -1.0)
    scores = of_units(6, boundary, np.zeros((6, 2)))
    told = replace(scores, lengths=Lengths.of(np.full(8, 300)))
    assert np.ptp(marginals(scores).begins[1:]) < 1e-9
    assert marginals(told).begins[1:].argmax() + 1 == 3


def test_lengths_of_another_scale_than_the_examples_are_seen_in_the_file() -> None:
    """Sure beginnings are four times as far apart as the examples are long."""
    boundary = np.full(64, -3.0)
    boundary[::8] = 6.0
    scores = of_units(64, boundary, np.zeros((64, 2)))
    told = replace(scores, lengths=Lengths.of(np.full(8, 200)))
    found = np.delete(marginals(told).begins, np.arange(0, 64, 8)).sum()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lengths_module, "_FACTORS", {1.0: 1.0})
        strict = np.delete(marginals(told).begins, np.arange(0, 64, 8)).sum()
    assert found < strict / 2


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
