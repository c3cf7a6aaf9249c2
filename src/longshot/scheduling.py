"""The order in which windows are encoded.

Windows enter in reading order and leave, with what the encoder gave for them, in
reading order. In between they are gathered up to a bounded number of tokens and batched
by exact length, longest first: nothing is padded, and memory does not grow with the
input.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders import Encoder
from longshot.pooling import max_over_tokens
from longshot.windows import TokenWindow

GATHERED_TOKENS = 1 << 16
BATCH_TOKENS = 1 << 12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EncodingJob:
    """One window to be encoded.

    Attributes
    ----------
    document_index
        Which document it is of, in reading order.
    token_window
        The window.
    ids
        Its tokens within their frame of special ones.
    weights
        The weighted sums of its tokens that are asked for; None asks for the maximum.
    """

    document_index: int
    token_window: TokenWindow
    ids: Int[np.ndarray, " framed_token"]
    weights: Float[np.ndarray, "span framed_token"] | None
    n_before: int


Encoded = tuple[EncodingJob, Float[np.ndarray, "layer span dim"]]


def encode_jobs(
    jobs: Iterable[EncodingJob],
    encoder: Encoder,
    layers: Sequence[int],
    *,
    gathered_tokens: int = GATHERED_TOKENS,
    batch_tokens: int = BATCH_TOKENS,
) -> Iterator[Encoded]:
    """Encode windows, by exact length, and give them back in reading order.

    Parameters
    ----------
    jobs
        In reading order.
    encoder, layers
        What encodes them, and the hidden states that are wanted (from 0).
    gathered_tokens
        How many tokens are read ahead to find windows of one length.
    batch_tokens
        How many tokens the encoder gets at once, but for a window longer than that.
    """
    for gathered in _gather(jobs, gathered_tokens):
        results: dict[int, Float[np.ndarray, "layer span dim"]] = {}
        for batch in _batches(gathered, batch_tokens):
            means = _encode_batch([gathered[i] for i in batch], encoder, layers)
            results.update(zip(batch, means, strict=True))
        for i, job in enumerate(gathered):
            yield job, results[i]


def _gather(jobs: Iterable[EncodingJob], n_tokens: int) -> Iterator[list[EncodingJob]]:
    gathered: list[EncodingJob] = []
    n_gathered = 0
    for job in jobs:
        gathered.append(job)
        n_gathered += len(job.ids)
        if n_gathered >= n_tokens:
            yield gathered
            gathered, n_gathered = [], 0
    if gathered:
        yield gathered


def _batches(jobs: Sequence[EncodingJob], n_tokens: int) -> Iterator[list[int]]:
    """Give the jobs' indices in batches of one length, longest first."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for i, job in enumerate(jobs):
        by_length[len(job.ids)].append(i)
    for length in sorted(by_length, reverse=True):
        indices = by_length[length]
        size = max(1, n_tokens // length)
        for start in range(0, len(indices), size):
            yield indices[start : start + size]


def _encode_batch(
    jobs: Sequence[EncodingJob], encoder: Encoder, layers: Sequence[int]
) -> Float[np.ndarray, "window layer span dim"]:
    ids = np.stack([job.ids for job in jobs])
    weights = [job.weights for job in jobs if job.weights is not None]
    if weights:
        return encoder.means(ids, np.stack(weights), layers)
    greatest = max_over_tokens(
        encoder.states(ids, layers),
        n_before=jobs[0].n_before,
        n_tokens=jobs[0].token_window.window.n_tokens,
    )
    return greatest[:, :, None]
