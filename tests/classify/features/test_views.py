import numpy as np
import pytest

from longshot.classify.features.views import ALL_VIEWS, distinct_views, is_head_all
from tests.classify.combination.vectors import documents_of

ROWS = np.eye(3, dtype=np.float32)


def test_a_head_that_reads_as_the_whole_is_not_all_of_it() -> None:
    """What counts is whether there is more to read, not how alike it is."""
    longer = documents_of(ROWS, head=ROWS)

    assert not is_head_all(longer).any()
    assert is_head_all(documents_of(ROWS)).all()


@pytest.mark.parametrize(
    ("n_longer", "expected"), [(2, ALL_VIEWS), (1, ("body", "title_words"))]
)
def test_most_documents_decide_whether_heads_are_views(
    n_longer: int, expected: tuple[str, ...]
) -> None:
    short, longer = documents_of(ROWS), documents_of(ROWS, head=ROWS)
    some = type(short).concat(
        [longer.take(np.arange(n_longer)), short.take(np.arange(3 - n_longer))]
    )

    assert expected == distinct_views(some)
