import numpy as np
import pytest

from longshot.encoding.under_way import RowCollector


@pytest.mark.parametrize("n", [1, 255, 256, 257, 1_000])
def test_rows_that_come_one_by_one_are_joined_in_their_order(n: int) -> None:
    rows = [np.full((1 + i % 3, 2, 4), i, dtype=np.float16) for i in range(n)]
    collector = RowCollector()
    for one in rows:
        collector.add(one)

    joined = collector.array()

    assert np.array_equal(np.concatenate(rows), joined)
    assert np.float16 == joined.dtype
