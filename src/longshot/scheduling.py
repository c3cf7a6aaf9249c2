"""The order in which windows are encoded.

Windows enter in reading order and leave, with what the encoder gave for them, in
reading order. In between they are gathered up to a bounded number of tokens and batched
by exact length, longest first: nothing is padded, and memory does not grow with the
input.

Batches run in threads, as many as the encoder works on at once, while the next windows
are read and tokenised here. A window that is read twice is encoded once where both are
under way, and one that comes with its means is passed through.
"""

from collections import defaultdict, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float16, Int

from longshot.encoders import Encoder
from longshot.pooling import max_over_tokens
from longshot.records import Window

GATHERED_TOKENS = 1 << 15


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EncodingJob:
    """One window to be encoded.

    Attributes
    ----------
    document_index
        Which document it is of, in reading order.
    window
        The window.
    ids
        Its tokens within their frame of special ones.
    weights
        The weighted sums of its tokens that are asked for: of the whole window, then of
        its spans. None asks for the maximum.
    n_before
        Special and prefix tokens before its own.
    """

    document_index: int
    window: Window
    ids: Int[np.ndarray, " framed_token"]
    weights: Float[np.ndarray, "span framed_token"] | None
    n_before: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EncodedWindow:
    """One window with what the encoder gave for its spans.

    Attributes
    ----------
    document_index
        Which document it is of, in reading order.
    window, layer_means
        The window, and its pooled tokens in each layer.
    span_vectors
        The mean token of each of its spans in the last of the layers.
    is_new
        Whether it was encoded in this run, and not found in a cache.
    """

    document_index: int
    window: Window
    layer_means: Float[np.ndarray, "layer dim"]
    span_vectors: Float16[np.ndarray, "span dim"]
    is_new: bool = True


Means = Float[np.ndarray, "window layer span dim"]


def encode_jobs(
    jobs: Iterable[EncodingJob | EncodedWindow],
    encoder: Encoder,
    layers: Sequence[int],
    *,
    gathered_tokens: int = GATHERED_TOKENS,
    batch_tokens: int | None = None,
) -> Generator[EncodedWindow, None, None]:
    """Encode windows, by exact length, and give them back in reading order.

    Parameters
    ----------
    jobs
        In reading order; those encoded already are passed through.
    encoder, layers
        What encodes them, and the hidden states that are wanted (from 0).
    gathered_tokens
        How many tokens are read ahead to find windows of one length; up to twice as
        many are under way at once.
    batch_tokens
        How many tokens the encoder gets in one call, but for a window longer than that;
        what suits it best, by default.
    """
    batch_tokens = batch_tokens or encoder.capacity.batch_tokens
    pool = ThreadPoolExecutor(encoder.capacity.n_batches, "longshot-encoder")
    try:
        under_way: deque[_Gathered] = deque()
        for gathered in _gather(jobs, gathered_tokens):
            started = _Gathered(gathered, under_way)
            started.start(pool, encoder, layers, batch_tokens)
            under_way.append(started)
            if len(under_way) > 1:
                yield from under_way.popleft().finish()
        for started in under_way:
            yield from started.finish()
    finally:  # also where the caller stops early, or a batch failed
        pool.shutdown(wait=True, cancel_futures=True)


class _Gathered:
    """Windows that are encoded together: the result of each is a row of a batch."""

    def __init__(
        self,
        jobs: Sequence[EncodingJob | EncodedWindow],
        earlier: Iterable["_Gathered"],
    ) -> None:
        self.jobs = jobs
        self.rows: dict[bytes, tuple[Future[Means], int]] = {}
        self._earlier = list(earlier)

    def start(
        self,
        pool: ThreadPoolExecutor,
        encoder: Encoder,
        layers: Sequence[int],
        batch_tokens: int,
    ) -> None:
        """Hand each distinct window to the encoder, once."""
        self._last_layer = layers.index(max(layers))
        for batch in _batches(self._distinct(), batch_tokens):
            future = pool.submit(
                _encode_batch, [job for _, job in batch], encoder, layers
            )
            for row, (key, _) in enumerate(batch):
                self.rows[key] = future, row
        self._earlier.clear()

    def finish(self) -> Iterator[EncodedWindow]:
        """Give the windows in reading order, each as soon as its batch is done."""
        for job in self.jobs:
            if isinstance(job, EncodedWindow):
                yield job
                continue
            future, row = self.rows[_content(job)]
            means = future.result()[row]
            yield EncodedWindow(
                document_index=job.document_index,
                window=job.window,
                layer_means=means[:, 0].copy(),
                span_vectors=means[self._last_layer, 1:].astype(np.float16),
            )

    def _distinct(self) -> dict[bytes, EncodingJob]:
        distinct: dict[bytes, EncodingJob] = {}
        for job in self.jobs:
            if isinstance(job, EncodedWindow):
                continue
            key = _content(job)
            for gathered in self._earlier:
                if key in gathered.rows:
                    self.rows[key] = gathered.rows[key]
            if key not in self.rows:
                distinct.setdefault(key, job)
        return distinct


def _content(job: EncodingJob) -> bytes:
    """Give what two windows must share to share their result."""
    weights = b"max" if job.weights is None else job.weights.tobytes()
    return job.ids.tobytes() + weights


def _gather(
    jobs: Iterable[EncodingJob | EncodedWindow], n_tokens: int
) -> Iterator[list[EncodingJob | EncodedWindow]]:
    gathered: list[EncodingJob | EncodedWindow] = []
    n_gathered = 0
    for job in jobs:
        gathered.append(job)
        n_gathered += job.window.n_tokens
        if n_gathered >= n_tokens:
            yield gathered
            gathered, n_gathered = [], 0
    if gathered:
        yield gathered


def _batches(
    jobs: dict[bytes, EncodingJob], n_tokens: int
) -> Iterator[list[tuple[bytes, EncodingJob]]]:
    """Give the jobs in batches of one length, longest first."""
    by_length: dict[int, list[tuple[bytes, EncodingJob]]] = defaultdict(list)
    for key, job in jobs.items():
        by_length[len(job.ids)].append((key, job))
    for length in sorted(by_length, reverse=True):
        same = by_length[length]
        size = max(1, n_tokens // length)
        for start in range(0, len(same), size):
            yield same[start : start + size]


def _encode_batch(
    jobs: Sequence[EncodingJob], encoder: Encoder, layers: Sequence[int]
) -> Means:
    ids = np.stack([job.ids for job in jobs])
    weights = [job.weights for job in jobs if job.weights is not None]
    if weights:
        return encoder.means(ids, np.stack(weights), layers)
    greatest = max_over_tokens(
        encoder.states(ids, layers),
        n_before=jobs[0].n_before,
        n_tokens=jobs[0].window.n_tokens,
    )
    return greatest[:, :, None]
