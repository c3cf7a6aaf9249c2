import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.audit import AuditSample, audit_result, draw_sample
from longshot.audit.result import Answer
from longshot.errors import SettingError


def all_right(n: int) -> list[Answer | None]:
    return ["right"] * n


def told(is_right: np.ndarray) -> list[Answer | None]:
    return ["right" if one else "wrong" for one in is_right]


def arranged(sizes: list[int], right: tuple[int, ...]) -> Iterator[AuditSample]:
    """Give every order in which right and wrong ones of each stratum can come.

    The first documents of a stratum are the right ones; all orders are as likely.
    """
    starts = np.cumsum([0, *sizes[:-1]])
    ways = [
        list(itertools.combinations(range(size), n))
        for size, n in zip(sizes, right, strict=True)
    ]
    strata = np.repeat(np.arange(len(sizes)), sizes)
    for places in itertools.product(*ways):
        orders = []
        for start, size, chosen in zip(starts, sizes, places, strict=True):
            ones = iter(range(len(chosen)))
            others = iter(range(len(chosen), size))
            orders.append(
                [start + next(ones if i in chosen else others) for i in range(size)]
            )
        rows = [
            order[i] for i in range(max(sizes)) for order in orders if i < len(order)
        ]
        yield AuditSample(
            strata=strata,
            expected_wrong=np.array([0.3, 0.02, 0.1][: len(sizes)]),
            rows=np.array(rows),
            seed=0,
        )


@pytest.mark.parametrize("sizes", [[5], [2, 3], [2, 1, 2]])
@pytest.mark.parametrize("level", [0.5, 0.8])
def test_limits_hold_as_often_as_they_say_by_enumeration(
    sizes: list[int], level: float
) -> None:
    """For every truth, over all orders: the limit is too high after any round."""
    for right in itertools.product(*[range(size + 1) for size in sizes]):
        failures = []
        for sample in arranged(sizes, right):
            truth = np.concatenate(
                [np.arange(size) < n for size, n in zip(sizes, right, strict=True)]
            )
            answers = told(truth[sample.rows])
            ends = np.cumsum([len(rows) for rows in sample.rounds])
            found = [
                audit_result(sample, answers[:n], level=level).n_right_at_least
                for n in ends
            ]
            failures.append(max(found) > sum(right))

        assert np.mean(failures) <= 1.0 - level + 1e-12


def test_all_checked_is_certain() -> None:
    truth = np.arange(60) % 7 > 0
    sample = draw_sample(np.full(60, 0.9), 60, seed=1)

    found = audit_result(sample, told(truth[sample.rows]))

    assert truth.sum() == found.n_right_at_least
    assert found.estimate == pytest.approx(truth.mean())


@given(st.integers(1, 30), st.integers(1, 400), st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_limit_rises_while_all_are_right(n: int, n_documents: int, seed: int) -> None:
    confidences = np.random.default_rng(seed).random(n_documents)
    sample = draw_sample(confidences, n, seed=seed)
    limits = [
        audit_result(sample, ["right"] * k).limit
        for k in range(0, len(sample.rows) + 1, 3)
    ]

    assert limits == sorted(limits)
    assert limits[0] == 0.0


@given(st.lists(st.booleans(), min_size=20, max_size=20), st.integers(0, 19))
@settings(max_examples=10, deadline=None)
def test_a_wrong_answer_never_raises_the_limit(right: list[bool], place: int) -> None:
    """Everything found before it being equal, and it being the last one."""
    sample = draw_sample(np.linspace(0.5, 1.0, 80), 20, seed=3)
    answers = told(np.array(right))[: place + 1]

    limits = [
        audit_result(sample, [*answers[:-1], last]).limit
        for last in ("right", "unsure", "wrong")
    ]

    assert limits[0] >= limits[1] >= limits[2]


def test_limits_of_smaller_levels_are_higher() -> None:
    sample = draw_sample(np.linspace(0.5, 1.0, 300), 60, seed=3)
    answers: list[Answer | None] = ["right", "right", "right", "wrong"] * 15
    limits = [
        audit_result(sample, answers[: len(sample.rows)], level=level).limit
        for level in (0.5, 0.8, 0.95, 0.99)
    ]

    assert limits == sorted(limits, reverse=True)
    assert len(set(limits)) == 4


def test_limit_lies_near_that_of_a_binomial_where_all_are_right() -> None:
    """Nothing can be surer than Clopper and Pearson's limit with one stratum."""
    sample = draw_sample(np.full(100_000, 0.999), 100, seed=0)
    found = audit_result(sample, ["right"] * len(sample.rows))

    exact = 0.05 ** (1 / len(sample.rows))
    assert exact - 0.01 < found.limit <= exact


def test_unsure_and_passed_over_count_as_wrong() -> None:
    sample = draw_sample(np.linspace(0.6, 0.99, 200), 40, seed=0)
    n = len(sample.rows)
    wrong = audit_result(sample, [*all_right(n - 2), "wrong", "right"])
    unsure = audit_result(sample, [*all_right(n - 2), "unsure", "right"])
    passed = audit_result(sample, [*all_right(n - 2), None, "right"])

    assert wrong.limit == unsure.limit == passed.limit
    assert (1, 0) == (unsure.n_unsure, unsure.n_wrong)
    assert 1 == passed.n_unsure


def test_open_rows_at_the_end_are_not_answers() -> None:
    sample = draw_sample(np.linspace(0.6, 0.99, 200), 40, seed=0)
    some = audit_result(sample, ["right"] * 20)

    assert some == audit_result(sample, [*all_right(20), None, None])
    assert (20, 0, 0) == (some.n_right, some.n_wrong, some.n_unsure)


def test_answers_of_a_broken_round_wait() -> None:
    sample = draw_sample(np.linspace(0.6, 0.99, 200), 40, seed=0)
    size = len(sample.rounds[0])
    assert size > 1

    before = audit_result(sample, all_right(3 * size))
    after = audit_result(sample, [*all_right(3 * size), "wrong"])

    assert (3 * size, before.n_right_at_least) == (
        after.n_counted,
        after.n_right_at_least,
    )


def test_nothing_is_known_before_the_first_answer() -> None:
    found = audit_result(draw_sample(np.full(9, 0.9), 3, seed=0), [])

    assert (0.0, None, False) == (found.limit, found.estimate, found.reaches(0.5))


def test_a_sample_may_be_extended_because_of_what_was_found() -> None:
    """The limit of the first answers is the same in the longer sample."""
    sample = draw_sample(np.linspace(0.6, 0.99, 200), 40, seed=0)
    longer = sample.extended(100)
    n = len(sample.rows)

    assert sample.rows.tolist() == longer.rows[:n].tolist()
    assert (
        audit_result(sample, ["right"] * n).limit
        == audit_result(longer, ["right"] * n).limit
    )


def test_mistakes_are_told() -> None:
    sample = draw_sample(np.full(9, 0.9), 3, seed=0)

    with pytest.raises(SettingError, match="answers must be 3 at most"):
        audit_result(sample, ["right"] * 4)
    with pytest.raises(SettingError, match="level must be above 0 and below 1"):
        audit_result(sample, [], level=95.0)
