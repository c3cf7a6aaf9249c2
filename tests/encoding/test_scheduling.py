import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float, Int

from longshot.encoders import Capacity
from longshot.encoders.base import PADDING_ID
from longshot.encoding.scheduling import EncodingJob, encode_jobs
from longshot.errors import ModelOutputError
from longshot.records import Window
from tests.fakes import FakeEncoder

LAYERS = (1, 3)
lengths = st.lists(st.integers(1, 9), max_size=40)


class WatchedEncoder(FakeEncoder):
    """Remembers the shape of each batch."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, ...]] = []

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Note the shape and encode."""
        self.batches.append(ids.shape)
        return super().states(ids, layers)


def make_job(index: int, n_tokens: int, *, greatest: bool = False) -> EncodingJob:
    ids = np.arange(n_tokens) + 100 * index
    window = Window(
        index=0, start=0, end=n_tokens, n_tokens=n_tokens, n_new_tokens=n_tokens
    )
    weights = np.full((1, n_tokens), 1 / n_tokens, dtype=np.float32)
    return EncodingJob(
        document_index=index,
        window=window,
        ids=ids,
        weights=None if greatest else weights,
        n_before=0,
    )


def make_jobs(sizes: list[int], *, greatest: bool = False) -> Iterator[EncodingJob]:
    return (make_job(i, n, greatest=greatest) for i, n in enumerate(sizes))


@settings(deadline=None, max_examples=40)
@given(lengths)
def test_results_come_in_reading_order_and_belong_to_their_window(
    sizes: list[int],
) -> None:
    encoder = FakeEncoder()
    encoded = list(
        encode_jobs(
            make_jobs(sizes), encoder, LAYERS, gathered_tokens=30, batch_tokens=12
        )
    )
    assert [done.document_index for done in encoded] == list(range(len(sizes)))
    for done, job in zip(encoded, make_jobs(sizes), strict=True):
        expected = encoder.states(job.ids[None], LAYERS)[0].mean(axis=1)
        assert np.allclose(expected, done.layer_means, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(lengths)
def test_greatest_values_belong_to_their_window(sizes: list[int]) -> None:
    encoder = FakeEncoder()
    jobs = make_jobs(sizes, greatest=True)
    encoded = encode_jobs(jobs, encoder, LAYERS, gathered_tokens=30)
    for done, job in zip(encoded, make_jobs(sizes), strict=True):
        expected = encoder.states(job.ids[None], LAYERS)[0].max(axis=1)
        assert np.array_equal(expected, done.layer_means)


@settings(deadline=None, max_examples=40)
@given(lengths)
def test_batches_hold_bounded_tokens_and_every_window_once(sizes: list[int]) -> None:
    """Arrays have no ragged rows: a batch is of one length, so nothing is padded."""
    encoder = WatchedEncoder()
    jobs = make_jobs(sizes)
    list(encode_jobs(jobs, encoder, LAYERS, gathered_tokens=60, batch_tokens=12))
    assert all(n * length <= 12 for n, length in encoder.batches)
    assert sum(n * length for n, length in encoder.batches) == sum(sizes)


def test_windows_of_one_length_run_together_longest_first() -> None:
    encoder = WatchedEncoder()
    list(encode_jobs(make_jobs([3, 5, 3, 5, 3]), encoder, LAYERS))
    assert encoder.batches == [(2, 5), (3, 3)]


def test_batch_starts_as_soon_as_it_is_full() -> None:
    """The encoder works while the next windows are read."""
    encoded_first = threading.Event()

    class Telling(FakeEncoder):
        def states(self, *given: object) -> Float[np.ndarray, "w l t d"]:
            encoded_first.set()
            return super().states(*given)  # type: ignore[arg-type]

    def reading() -> Iterator[EncodingJob]:
        yield make_job(0, 6)
        yield make_job(1, 6)
        assert encoded_first.wait(timeout=20)
        yield make_job(2, 6)

    encoded = list(encode_jobs(reading(), Telling(), LAYERS, batch_tokens=12))
    assert [done.document_index for done in encoded] == [0, 1, 2]


def test_window_longer_than_a_batch_runs_alone() -> None:
    encoder = WatchedEncoder()
    list(encode_jobs(make_jobs([40, 40]), encoder, LAYERS, batch_tokens=12))
    assert encoder.batches == [(1, 40), (1, 40)]


def test_reading_ahead_is_bounded() -> None:
    n_read = 0

    def endless() -> Iterator[EncodingJob]:
        nonlocal n_read
        while True:
            n_read += 1
            yield make_job(n_read, 5)

    encoded = encode_jobs(endless(), FakeEncoder(), LAYERS, gathered_tokens=50)
    for n_given in range(1, 200):
        next(encoded)
        assert n_given <= n_read <= n_given + 20


def test_nothing_in_gives_nothing() -> None:
    assert [] == list(encode_jobs(iter([]), FakeEncoder(), LAYERS))


class ParallelEncoder(WatchedEncoder):
    """Works on several batches at once, the later ones faster."""

    capacity = Capacity(n_batches=3, batch_tokens=5)

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Take longer for longer windows."""
        time.sleep(0.001 * ids.shape[1])
        return super().means(ids, weights, layers)


def test_batches_side_by_side_still_come_in_reading_order() -> None:
    sizes = [5, 1, 4, 2, 5, 3, 1]
    one_by_one = encode_jobs(make_jobs(sizes), FakeEncoder(), LAYERS)
    at_once = encode_jobs(
        make_jobs(sizes), ParallelEncoder(), LAYERS, gathered_tokens=6
    )
    for expected, actual in zip(one_by_one, at_once, strict=True):
        assert expected.document_index == actual.document_index
        assert np.array_equal(expected.layer_means, actual.layer_means)


class PaddedEncoder(WatchedEncoder):
    """Asks for windows of few lengths; what is padded must weigh nothing."""

    capacity = Capacity(n_batches=2, batch_tokens=32, pad_to_multiple_of=4)
    max_framed_tokens = 10

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Look at the padding, and encode."""
        padded = np.broadcast_to((ids == PADDING_ID)[:, None], weights.shape)
        assert not weights[padded].any()
        assert (np.diff(ids == PADDING_ID, axis=1) >= 0).all()
        return super().means(ids, weights, layers)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 10), max_size=40))
def test_padded_windows_give_what_exact_ones_give(sizes: list[int]) -> None:
    encoder = PaddedEncoder()
    exact = encode_jobs(make_jobs(sizes), FakeEncoder(), LAYERS)
    padded = encode_jobs(make_jobs(sizes), encoder, LAYERS)
    for expected, actual in zip(exact, padded, strict=True):
        assert expected.document_index == actual.document_index
        assert np.allclose(expected.layer_means, actual.layer_means, atol=1e-6)
        assert expected.span_vectors.shape == actual.span_vectors.shape
    assert {length for _, length in encoder.batches} <= {4, 8, 10}


def test_windows_of_several_lengths_share_a_batch_that_is_padded() -> None:
    encoder = PaddedEncoder()
    list(encode_jobs(make_jobs([5, 8, 6, 7]), encoder, LAYERS))
    assert encoder.batches == [(4, 8)]


def test_maxima_are_taken_of_windows_of_one_length() -> None:
    encoder = PaddedEncoder()
    jobs = make_jobs([5, 8, 5], greatest=True)
    list(encode_jobs(jobs, encoder, LAYERS))
    assert sorted(encoder.batches) == [(1, 8), (2, 5)]


def test_window_read_twice_is_encoded_once() -> None:
    """Also where the second one is gathered while the first is under way."""
    encoder = WatchedEncoder()
    jobs = [make_job(0, 4), make_job(0, 4), make_job(1, 4), make_job(0, 4)]
    encoded = list(encode_jobs(jobs, encoder, LAYERS, gathered_tokens=8))
    assert sum(n for n, _ in encoder.batches) == 2
    assert np.array_equal(encoded[0].layer_means, encoded[3].layer_means)


def test_window_that_comes_with_its_means_is_passed_through() -> None:
    encoder = WatchedEncoder()
    [known] = encode_jobs([make_job(0, 4)], FakeEncoder(), LAYERS)
    passed = list(encode_jobs([make_job(1, 2), known], encoder, LAYERS))
    assert encoder.batches == [(1, 2)]
    assert passed[1] is known


def test_failing_batch_is_told_and_ends_the_threads() -> None:
    class Failing(FakeEncoder):
        def states(self, *_: object) -> Float[np.ndarray, "w l t d"]:
            raise ModelOutputError("NaN")

    with pytest.raises(ModelOutputError, match="NaN"):
        list(encode_jobs(make_jobs([3, 4]), Failing(), LAYERS))
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("longshot-encoder")]
