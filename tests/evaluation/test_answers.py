from longshot.evaluation.answers import compared, how_sure, more_labels
from longshot.evaluation.comparison import Comparison
from longshot.evaluation.forecast import Forecast
from longshot.evaluation.intervals import Figure


def _figure(value: float, half: float) -> Figure:
    return Figure(value=value, low=value - half, high=value + half)


def _forecast(half: float) -> Forecast:
    return Forecast(
        shots=(16, 32),
        accuracy=(_figure(0.93, half), _figure(0.94, half)),
        gain=(_figure(0.02, 0.01), _figure(0.01, 0.01)),
    )


def test_more_labels_are_answered_in_one_sentence() -> None:
    assert (
        "16 examples per class (96 labels in all) would give about 93 % (91 to 95); "
        "doubling again about 1 point more (92 % to 96 %)."
    ) == more_labels([], 6, _forecast(0.02))


def test_what_cannot_be_told_is_not() -> None:
    assert "is uncertain" in more_labels([], 6, _forecast(0.2))
    assert "measure at 3 or more" in more_labels([], 6, None)


def test_a_wide_interval_is_called_so() -> None:
    assert "too rough" in how_sure(_figure(0.6, 0.2), 12)
    assert "precise" in how_sure(_figure(0.9, 0.01), 4000)


def test_a_difference_counts_only_where_interval_and_test_agree() -> None:
    for difference, chance in (
        (_figure(0.05, 0.06), 0.01),
        (_figure(0.05, 0.01), 0.2),
    ):
        one = Comparison(
            learner="a",
            other="b",
            shots=1,
            difference=difference,
            p_value=chance,
            n_splits=20,
        )
        assert "No clear difference" in compared(one)


def test_a_great_difference_on_few_splits_is_not_taken_for_none() -> None:
    one = Comparison(
        learner="a",
        other="b",
        shots=1,
        difference=_figure(0.47, 0.02),
        p_value=0.066,
        n_splits=5,
    )

    assert (
        "5 splits are too few to tell whether a is better than b (+47.0 points, +45.0 "
        "to +49.0): with so few, chance alone often gives the same sign on all of "
        "them. Use at least 6 (--splits)." == compared(one)
    )


def test_worse_is_said() -> None:
    one = Comparison(
        learner="a",
        other="b",
        shots=1,
        difference=_figure(-0.05, 0.01),
        p_value=0.001,
        n_splits=20,
    )

    assert "a is worse than b by 5.0 points (4.0 to 6.0; p = 0.001)." == compared(one)
