from hypothesis import given
from hypothesis import strategies as st

from longshot.report.pages.wording import percent


@given(st.floats(0, 1))
def test_only_all_is_written_as_100_and_only_nothing_as_0_percent(share: float) -> None:
    assert (share == 1) == (percent(share) == "100%")
    assert (share == 0) == (percent(share) == "0%")
