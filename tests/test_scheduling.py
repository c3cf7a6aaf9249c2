from collections.abc import Iterator, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float, Int

from longshot.records import Window
from longshot.scheduling import EncodingJob, encode_jobs
from longshot.tokens import Tokens
from longshot.windows import TokenWindow
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
    ids = np.arange(n_tokens) + 10 * index
    window = Window(
        index=0, start=0, end=n_tokens, n_tokens=n_tokens, n_new_tokens=n_tokens
    )
    weights = np.full((1, n_tokens), 1 / n_tokens, dtype=np.float32)
    return EncodingJob(
        document_index=index,
        token_window=TokenWindow(
            window=window, tokens=Tokens(ids=ids, starts=ids, ends=ids + 1)
        ),
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
    assert [job.document_index for job, _ in encoded] == list(range(len(sizes)))
    for job, means in encoded:
        expected = encoder.states(job.ids[None], LAYERS)[0].mean(axis=1)
        assert np.allclose(expected, means[:, 0], atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(lengths)
def test_greatest_values_belong_to_their_window(sizes: list[int]) -> None:
    encoder = FakeEncoder()
    jobs = make_jobs(sizes, greatest=True)
    for job, values in encode_jobs(jobs, encoder, LAYERS, gathered_tokens=30):
        expected = encoder.states(job.ids[None], LAYERS)[0].max(axis=1)
        assert np.array_equal(expected, values[:, 0])


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
        assert n_given <= n_read < n_given + 10


def test_nothing_in_gives_nothing() -> None:
    assert [] == list(encode_jobs(iter([]), FakeEncoder(), LAYERS))
