from hypothesis import given
from hypothesis import strategies as st

from longshot.report.pages.wording import percent, times_likelier


@given(st.floats(0, 1))
def test_only_all_is_written_as_100_and_only_nothing_as_0_percent(share: float) -> None:
    assert (share == 1) == (percent(share) == "100%")
    assert (share == 0) == (percent(share) == "0%")


@given(st.floats(-50, 50))
def test_what_speaks_against_a_label_makes_it_less_likely(contribution: float) -> None:
    told = times_likelier(contribution)

    assert told.endswith("× less likely" if contribution < 0 else "× likelier")
    assert told.split("×")[0] == times_likelier(-contribution).split("×")[0]
