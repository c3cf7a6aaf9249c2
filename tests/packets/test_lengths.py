"""How long documents are, against scipy's distributions."""

import numpy as np
import pytest
from scipy import stats

from longshot.packets.lengths import Lengths

EXAMPLES = np.array([900, 1_500, 3_000, 800])


def test_a_length_is_weighed_as_by_students_t_against_the_exponential() -> None:
    lengths, asked = Lengths.of(EXAMPLES), np.array([30.0, 1_000.0, 90_000.0])
    student = stats.t(lengths.degrees, loc=lengths.centre, scale=lengths.spread)
    expected = (
        student.logpdf(np.log(asked))
        - np.log(asked)
        - stats.expon(scale=EXAMPLES.mean()).logpdf(asked)
    )
    np.testing.assert_allclose(lengths.log_likelier(asked), expected)


def test_lengths_do_not_depend_on_the_order_of_examples() -> None:
    assert Lengths.of(EXAMPLES) == Lengths.of(EXAMPLES[::-1])


def test_examples_of_one_length_tell_more_than_one_of_many() -> None:
    alike, unlike = np.full(8, 1_000), np.geomspace(100, 10_000, 8).astype(int)
    narrow, wide = Lengths.of(alike), Lengths.of(unlike)
    assert narrow.spread < Lengths.of(alike[:1]).spread < wide.spread


@pytest.mark.parametrize("n_tokens", [[1], [1, 1, 1], [2_000_000]])
def test_any_examples_tell_something_finite(n_tokens: list[int]) -> None:
    asked = np.array([1.0, 100.0, 1e7])
    for _, lengths in Lengths.of(np.array(n_tokens)).in_a_file():
        assert np.isfinite(lengths.log_likelier(asked)).all()


def test_the_chances_of_what_lengths_may_be_in_a_file_add_up_to_one() -> None:
    chances = [np.exp(log) for log, _ in Lengths.of(EXAMPLES).in_a_file()]
    assert sum(chances) == pytest.approx(1.0)
