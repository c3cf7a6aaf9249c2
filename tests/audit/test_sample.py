import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshot.audit import AuditSample, draw_sample, planned_limit
from longshot.errors import SettingError

CONFIDENCES = st.lists(st.floats(0, 1), min_size=1, max_size=120).map(np.array)


@given(CONFIDENCES, st.integers(1, 150), st.integers(0, 5))
@settings(max_examples=20, deadline=None)
def test_whole_rounds_of_different_documents(
    confidences: np.ndarray, n: int, seed: int
) -> None:
    sample = draw_sample(confidences, n, seed=seed)

    assert 1 <= len(sample.rows) <= min(n, len(confidences))
    assert len(set(sample.rows.tolist())) == len(sample.rows)
    assert sample.sizes.sum() == len(confidences)
    assert set(range(len(sample.sizes))) == set(sample.strata[sample.rows].tolist())
    for rows in sample.rounds:
        assert len(set(sample.strata[rows].tolist())) == len(rows)
    np.testing.assert_array_equal(np.concatenate(sample.rounds), sample.rows)


def test_all_documents_where_as_many_are_asked_for() -> None:
    sample = draw_sample(np.linspace(0.2, 1.0, 37), 500, seed=0)

    assert list(range(37)) == sorted(sample.rows.tolist())


def test_strata_hold_documents_of_like_confidence() -> None:
    confidences = np.random.default_rng(0).beta(5, 1, 500)
    sample = draw_sample(confidences, 100, seed=0)
    assert len(sample.sizes) > 1

    order = sample.strata[np.argsort(confidences, kind="stable")]
    assert (np.diff(order) >= 0).all()


def test_doubtful_documents_are_drawn_more_often() -> None:
    confidences = 1.0 - np.random.default_rng(0).beta(0.3, 3, 1000)
    sample = draw_sample(confidences, 100, seed=0)

    sizes = sample.sizes
    assert sizes[0] < 0.8 * sizes[-1]  # one of each is drawn in a round
    assert sample.expected_wrong[0] > sample.expected_wrong[-1]


def test_every_document_of_a_stratum_is_as_likely() -> None:
    strata = np.zeros(20, dtype=np.int64)
    drawn = np.zeros(20)
    for seed in range(2000):
        sample = AuditSample(
            strata=strata,
            expected_wrong=np.array([0.2]),
            rows=np.empty(0, dtype=np.int64),
            seed=seed,
        )
        drawn[sample.extended(5).rows] += 1

    # a binomial of mean 500 and standard deviation 19.4
    assert np.abs(drawn - 500).max() < 4 * 19.4


def test_one_seed_one_sample() -> None:
    confidences = np.random.default_rng(0).random(200)
    first, again, other = (draw_sample(confidences, 30, seed=s).rows for s in (1, 1, 2))

    assert first.tolist() == again.tolist() != other.tolist()


def test_more_answers_promise_a_higher_limit() -> None:
    confidences = np.random.default_rng(0).beta(9, 1, 1000)
    promised = [
        planned_limit(draw_sample(confidences, n, seed=0)) for n in (20, 50, 100, 200)
    ]

    assert promised == sorted(set(promised))
    assert promised[-1] < confidences.mean()


def test_through_json_and_back() -> None:
    sample = draw_sample(np.random.default_rng(0).random(50), 12, seed=4)
    again = AuditSample.from_dict(json.loads(json.dumps(sample.as_dict())))

    assert again.as_dict() == sample.as_dict()
    assert again.extended(20).rows.tolist() == sample.extended(20).rows.tolist()


@pytest.mark.parametrize(
    ("confidences", "n", "level", "message"),
    [
        ([], 3, 0.95, "there are none"),
        ([0.5, 1.5], 3, 0.95, "got 1.5 in row 1"),
        ([0.5, float("nan")], 3, 0.95, "got nan in row 1"),
        ([0.5], 0, 0.95, "n must be at least 1; got 0"),
        ([0.5], 1, 1.0, "level must be above 0 and below 1"),
    ],
)
def test_mistakes_are_told(
    confidences: list[float], n: int, level: float, message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        draw_sample(np.array(confidences, dtype=np.float64), n, seed=0, level=level)
