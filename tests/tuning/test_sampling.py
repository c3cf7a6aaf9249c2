from collections import Counter

import pytest

from longshot.tuning.sampling import draw_windows
from longshot.tuning.windows import WindowedDocument


def document(name: str, class_index: int, n_windows: int) -> WindowedDocument:
    return WindowedDocument(
        texts=tuple(f"{name}{place}" for place in range(n_windows)),
        tokens_per_window=(8,) * n_windows,
        class_index=class_index,
    )


DOCUMENTS = [document("a", 0, 6), document("b", 0, 2), document("c", 1, 1)]


def test_every_batch_holds_every_class_alike() -> None:
    drawn = draw_windows(DOCUMENTS, n_batches=5, batch_windows=4, seed=0)
    batches = [drawn[start : start + 4] for start in range(0, len(drawn), 4)]
    assert len(batches) == 5
    for batch in batches:
        assert Counter(one for _, one in batch) == {0: 2, 1: 2}


def test_documents_come_in_turn_and_their_windows_all_before_one_comes_again() -> None:
    drawn = draw_windows(DOCUMENTS, n_batches=6, batch_windows=4, seed=0)
    of_first_class = [text for text, one in drawn if one == 0]
    assert len(of_first_class) == 12
    counts = Counter(of_first_class)
    assert {name: counts[name] for name in counts if name[0] == "a"} == dict.fromkeys(
        (f"a{place}" for place in range(6)), 1
    )
    assert (counts["b0"], counts["b1"]) == (3, 3)


@pytest.mark.parametrize("batch_windows", [4, 6, 32])
def test_where_classes_are_many_they_come_in_turn_two_windows_each(
    batch_windows: int,
) -> None:
    documents = [document(f"d{one}-", one, 3) for one in range(12)]
    drawn = draw_windows(documents, n_batches=12, batch_windows=batch_windows, seed=3)
    for start in range(0, len(drawn), batch_windows):
        batch = Counter(one for _, one in drawn[start : start + batch_windows])
        assert min(batch.values()) >= 2
    assert len({one for _, one in drawn}) == 12


def test_the_seed_decides_what_is_drawn() -> None:
    settings = {"n_batches": 9, "batch_windows": 4}
    first = draw_windows(DOCUMENTS, seed=0, **settings)
    assert draw_windows(DOCUMENTS, seed=0, **settings) == first
    assert draw_windows(DOCUMENTS, seed=1, **settings) != first
