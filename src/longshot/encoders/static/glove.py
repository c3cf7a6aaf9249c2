"""GloVe: word vectors from how often words stand near each other.

Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", EMNLP
2014. Weighted least squares: the product of a word's and a context word's vector, with
a bias for each, shall be the logarithm of their count; a pair seen ``x`` times weighs
``min(1, (x / 100) ** 0.75)``. Fitted by AdaGrad, as in the paper, on batches of pairs.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.extra import require_torch
from longshot.errors import EmptyDocumentError

if TYPE_CHECKING:
    import torch

_FULL_WEIGHT_COUNT, _WEIGHT_POWER, _LEARNING_RATE = 100.0, 0.75, 0.05
_BATCH_PAIRS = 1024
_PENDING_PAIRS = 1 << 22


@dataclass(frozen=True, kw_only=True, slots=True)
class GloveSettings:
    """How GloVe is trained; see :class:`.training.TrainingSettings`."""

    dim: int
    context_words: int
    min_count: int
    epochs: int
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Counts:
    """How often words stand near each other; a pair at distance d counts 1/d."""

    words: Int[np.ndarray, " pair"]
    contexts: Int[np.ndarray, " pair"]
    counts: Float[np.ndarray, " pair"]


def train_glove(
    runs: Iterable[Sequence[str]],
    settings: GloveSettings,
    *,
    on_epoch: Callable[[int, int], None],
) -> tuple[list[str], Float[np.ndarray, "word dim"]]:
    """Count and fit.

    Parameters
    ----------
    runs
        Runs of words; gone through twice.
    settings
        How.
    on_epoch
        Told of each epoch.

    Returns
    -------
    tuple
        The words, the most frequent first, and the sums of their word and context
        vectors.

    Raises
    ------
    EmptyDocumentError
        If fewer than two words occur often enough.
    MissingExtraError
        If PyTorch is not installed.
    """
    require_torch("training GloVe")
    occurrences = Counter(word for run in runs for word in run)
    words = sorted(
        (word for word, n in occurrences.items() if n >= settings.min_count),
        key=lambda word: (-occurrences[word], word),
    )
    pairs = count_pairs(runs, words, settings.context_words)
    if not len(pairs.counts):
        raise EmptyDocumentError(
            "a corpus must hold two words that are near each other at least "
            f"{settings.min_count} times; this one does not. Give more text, or lower "
            "--min-count."
        )
    return words, _fit(pairs, len(words), settings, on_epoch)


def count_pairs(
    runs: Iterable[Sequence[str]], words: Sequence[str], context_words: int
) -> Counts:
    """Count each pair of words within a distance, in both directions.

    Words without a row keep their place, so that they part those around them.
    """
    row_of = {word: row for row, word in enumerate(words)}
    pending: list[tuple[np.ndarray, np.ndarray]] = []
    n_pending = 0
    for run in runs:
        rows = np.array([row_of.get(word, -1) for word in run], dtype=np.int64)
        for distance in range(1, context_words + 1):
            left, right = rows[:-distance], rows[distance:]
            known = (left >= 0) & (right >= 0)
            keys = left[known] * len(words) + right[known]
            pending.append((keys, np.full(len(keys), 1.0 / distance)))
            n_pending += len(keys)
        if n_pending > _PENDING_PAIRS:
            pending = [_summed(pending)]
            n_pending = 0
    keys, counts = _summed(pending)
    left, right = np.divmod(keys, max(len(words), 1))
    both = [(left * len(words) + right, counts), (right * len(words) + left, counts)]
    keys, counts = _summed(both)
    first, second = np.divmod(keys, max(len(words), 1))
    return Counts(words=first, contexts=second, counts=counts)


def _summed(
    pending: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[Int[np.ndarray, " pair"], Float[np.ndarray, " pair"]]:
    if not pending:
        return np.empty(0, dtype=np.int64), np.empty(0)
    keys, places = np.unique(
        np.concatenate([keys for keys, _ in pending]), return_inverse=True
    )
    weights = np.concatenate([counts for _, counts in pending])
    sums = np.bincount(places, weights=weights, minlength=len(keys))
    return keys, sums.astype(np.float64)


def _fit(
    pairs: Counts,
    n_words: int,
    settings: GloveSettings,
    on_epoch: Callable[[int, int], None],
) -> Float[np.ndarray, "word dim"]:
    import torch

    source = torch.Generator().manual_seed(settings.seed)
    shape = (2, n_words, settings.dim + 1)  # word and context; the last is the bias
    vectors = (torch.rand(shape, generator=source) - 0.5) / (settings.dim + 1)
    squares = torch.ones(shape)
    words, contexts = torch.from_numpy(pairs.words), torch.from_numpy(pairs.contexts)
    logs = torch.from_numpy(np.log(pairs.counts)).float()
    shares = np.minimum(1.0, (pairs.counts / _FULL_WEIGHT_COUNT) ** _WEIGHT_POWER)
    weights = torch.from_numpy(shares).float()
    for epoch in range(settings.epochs):
        order = torch.randperm(len(logs), generator=source)
        for start in range(0, len(order), _BATCH_PAIRS):
            batch = order[start : start + _BATCH_PAIRS]
            rows = torch.stack([words[batch], contexts[batch]])
            _step(vectors, squares, rows, logs[batch], weights[batch])
        on_epoch(epoch + 1, settings.epochs)
    return np.asarray(vectors.sum(dim=0)[:, :-1].numpy())


def _step(
    vectors: "torch.Tensor",
    squares: "torch.Tensor",
    rows: "torch.Tensor",
    logs: "torch.Tensor",
    weights: "torch.Tensor",
) -> None:
    """Take one AdaGrad step: each entry by its own history of gradients."""
    import torch

    word, context = vectors[0][rows[0]], vectors[1][rows[1]]
    told = (word[:, :-1] * context[:, :-1]).sum(dim=1) + word[:, -1] + context[:, -1]
    slope = (weights * (told - logs))[:, None]
    one = torch.ones(len(slope), 1)
    gradients = (
        slope * torch.cat([context[:, :-1], one], dim=1),
        slope * torch.cat([word[:, :-1], one], dim=1),
    )
    for side, gradient in enumerate(gradients):
        squares[side].index_add_(0, rows[side], gradient**2)
        step = gradient / squares[side][rows[side]].sqrt()
        vectors[side].index_add_(0, rows[side], step, alpha=-_LEARNING_RATE)
