import numpy as np
import pytest
from jaxtyping import Float

from longshot.tuning.measuring import HeldOutMeasure, Probe, spread
from longshot.tuning.windows import TuningSet, WindowedDocument

N_WINDOWS = 4


def documents(n: int, class_index: int) -> tuple[WindowedDocument, ...]:
    return tuple(
        WindowedDocument(
            texts=tuple(f"{class_index}-{one}-{place}" for place in range(N_WINDOWS)),
            tokens_per_window=(8,) * N_WINDOWS,
            class_index=class_index,
        )
        for one in range(n)
    )


MATERIAL = TuningSet(
    classes=("law", "talk"),
    trained=documents(6, 0) + documents(6, 1),
    held_out=documents(3, 0) + documents(3, 1),
)


def telling(texts: list[str]) -> Float[np.ndarray, "window dim"]:
    """Give vectors that differ by class alone."""
    return np.array([[1.0, float(text[0]), 0.5] for text in texts])


def silent(texts: list[str]) -> Float[np.ndarray, "window dim"]:
    """Give vectors that say nothing of the class."""
    random = np.random.default_rng(0)
    return random.normal(size=(len(texts), 3))


def test_vectors_that_tell_the_classes_apart_are_measured_as_such() -> None:
    probe = Probe.of(MATERIAL, most_windows=100)
    good, bad = probe.measure(telling, 25), probe.measure(silent, 0)
    assert (good.step, good.accuracy) == (25, 1.0)
    assert good.surprise < 0.1 < 0.5 < bad.surprise
    assert good.is_better_than(bad)
    assert not bad.is_better_than(good)


def test_fewer_right_is_no_progress_however_sure() -> None:
    before = HeldOutMeasure(step=0, accuracy=0.9, surprise=0.4)
    assert not HeldOutMeasure(step=25, accuracy=0.8, surprise=0.1).is_better_than(
        before
    )


@pytest.mark.parametrize(("most", "each"), [(1, 1), (40, 2), (10_000, 4)])
def test_a_measure_reads_about_as_many_windows_as_it_may(most: int, each: int) -> None:
    read: list[str] = []

    def encode(texts: list[str]) -> Float[np.ndarray, "window dim"]:
        read.extend(texts)
        return telling(texts)

    Probe.of(MATERIAL, most_windows=most).measure(encode, 0)
    assert len(read) == each * 18


def test_places_are_distinct_and_begin_with_the_first() -> None:
    for n in range(1, 40):
        places = spread(n, 8)
        assert len(set(places)) == len(places) == min(n, 8)
        assert (places[0], places[-1] < n) == (0, True)
