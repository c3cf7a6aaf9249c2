"""The order in which windows are encoded.

Windows enter in reading order and leave, with what the encoder gave for them, in
reading order. In between they are gathered up to a bounded number of tokens and batched
by length, so that memory does not grow with the input. A processor gets windows of one
exact length, and nothing is padded. A GPU gets few large batches: its windows are
padded to the next of a few lengths, and what is padded enters no mean.

Batches run in threads, as many as the encoder works on at once, while the next windows
are read and tokenised here: a batch starts as soon as it is full, and what is left of
each length when enough was gathered. A window that is read twice is encoded once where
both are under way, and one that comes with its means is passed through.
"""

import sys
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import ceil

import numpy as np
from jaxtyping import Float, Float16, Int

from longshot.encoders import Encoder
from longshot.encoders.base import PADDING_ID
from longshot.pooling import max_over_tokens
from longshot.records import Window

GATHERED_TOKENS = 1 << 15
_BATCHES = 4
_PADDED_BATCHES = 16
"""Of a GPU's, for which a batch that is not full is lost time; 17 % faster than 4."""


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
    gathered_tokens: int | None = None,
    batch_tokens: int | None = None,
) -> Generator[EncodedWindow, None, None]:
    """Encode windows, by length, and give them back in reading order.

    Parameters
    ----------
    jobs
        In reading order; those encoded already are passed through.
    encoder, layers
        What encodes them, and the hidden states that are wanted (from 0).
    gathered_tokens
        How many tokens are read ahead to find windows of one length; up to twice as
        many are under way at once. Enough for some batches, by default.
    batch_tokens
        How many tokens the encoder gets in one call, but for a window longer than that;
        what suits it best, by default.
    """
    batch_tokens = batch_tokens or encoder.capacity.batch_tokens
    n_batches = _PADDED_BATCHES if encoder.capacity.pad_to_multiple_of > 1 else _BATCHES
    gathered_tokens = gathered_tokens or max(GATHERED_TOKENS, n_batches * batch_tokens)
    pool = ThreadPoolExecutor(encoder.capacity.n_batches, "longshot-encoder")
    encode = partial(_encode_batch, encoder=encoder, layers=layers)
    start = partial(pool.submit, encode)
    try:
        under_way: deque[_Gathered] = deque()
        for few in _gather(jobs, gathered_tokens):
            gathered = _Gathered(
                under_way,
                start,
                layers,
                batch_tokens=batch_tokens,
                pad_to_multiple_of=encoder.capacity.pad_to_multiple_of,
                longest=encoder.max_framed_tokens or sys.maxsize,
            )
            gathered.read(few)
            under_way.append(gathered)
            if len(under_way) > 1:
                yield from under_way.popleft().finish()
        for gathered in under_way:
            yield from gathered.finish()
    finally:  # also where the caller stops early, or a batch failed
        pool.shutdown(wait=True, cancel_futures=True)


class _Gathered:
    """Windows that are encoded together: the result of each is a row of a batch."""

    def __init__(
        self,
        earlier: Iterable["_Gathered"],
        start: Callable[[Sequence[EncodingJob], int], Future[Means]],
        layers: Sequence[int],
        *,
        batch_tokens: int,
        pad_to_multiple_of: int,
        longest: int,
    ) -> None:
        self.jobs: list[EncodingJob | EncodedWindow] = []
        self.rows: dict[bytes, tuple[Future[Means], int]] = {}
        self._earlier = list(earlier)
        self._start = start
        self._batch_tokens = batch_tokens
        self._step, self._longest = pad_to_multiple_of, longest
        self._last_layer = layers.index(max(layers))
        self._waiting: dict[int, dict[bytes, EncodingJob]] = defaultdict(dict)

    def read(self, jobs: Iterable[EncodingJob | EncodedWindow]) -> None:
        """Hand each distinct window to the encoder, once, as soon as a batch is full.

        What fills no batch starts at the end, longest first, so that the shortest work
        is what the others wait for.
        """
        for job in jobs:
            self.jobs.append(job)
            if isinstance(job, EncodingJob):
                self._take(job)
        for length in sorted(self._waiting, reverse=True):
            self._start_batch(length)
        self._earlier.clear()

    def _take(self, job: EncodingJob) -> None:
        # Within a run, the same tokens have the same weights.
        key, length = job.ids.tobytes(), self._padded(job)
        for gathered in self._earlier:
            if key in gathered.rows:
                self.rows[key] = gathered.rows[key]
        if key in self.rows:
            return
        same = self._waiting[length]
        same.setdefault(key, job)
        if (len(same) + 1) * length > self._batch_tokens:
            self._start_batch(length)

    def _padded(self, job: EncodingJob) -> int:
        """Give the length to which a window is padded; maxima are taken unpadded."""
        n_tokens = len(job.ids)
        step = 1 if job.weights is None else self._step
        return min(ceil(n_tokens / step) * step, max(n_tokens, self._longest))

    def _start_batch(self, length: int) -> None:
        batch = self._waiting.pop(length)
        future = self._start(list(batch.values()), length)
        for row, key in enumerate(batch):
            self.rows[key] = future, row

    def finish(self) -> Iterator[EncodedWindow]:
        """Give the windows in reading order, each as soon as its batch is done."""
        for job in self.jobs:
            if isinstance(job, EncodedWindow):
                yield job
                continue
            future, row = self.rows[job.ids.tobytes()]
            means = future.result()[row]
            n_rows = 1 if job.weights is None else len(job.weights)
            yield EncodedWindow(
                document_index=job.document_index,
                window=job.window,
                layer_means=means[:, 0].copy(),
                span_vectors=means[self._last_layer, 1:n_rows].astype(np.float16),
            )


def _gather(
    jobs: Iterable[EncodingJob | EncodedWindow], n_tokens: int
) -> Iterator[Iterator[EncodingJob | EncodedWindow]]:
    """Give the jobs in runs, each read while it is taken."""
    rest = iter(jobs)
    for first in rest:
        yield _up_to(n_tokens, chain([first], rest))


def _up_to(
    n_tokens: int, jobs: Iterable[EncodingJob | EncodedWindow]
) -> Iterator[EncodingJob | EncodedWindow]:
    n_read = 0
    for job in jobs:
        yield job
        n_read += job.window.n_tokens
        if n_read >= n_tokens:
            return


def _encode_batch(
    jobs: Sequence[EncodingJob], n_tokens: int, encoder: Encoder, layers: Sequence[int]
) -> Means:
    ids = np.full((len(jobs), n_tokens), PADDING_ID, dtype=np.int64)
    weights = [job.weights for job in jobs if job.weights is not None]
    n_spans = max(map(len, weights), default=0)
    padded = np.zeros((len(jobs), n_spans, n_tokens), dtype=np.float32)
    for row, job in enumerate(jobs):
        ids[row, : len(job.ids)] = job.ids
        if job.weights is not None:
            padded[row, : len(job.weights), : len(job.ids)] = job.weights
    if weights:
        return encoder.means(ids, padded, layers)
    greatest = max_over_tokens(
        encoder.states(ids, layers),
        n_before=jobs[0].n_before,
        n_tokens=jobs[0].window.n_tokens,
    )
    return greatest[:, :, None]
