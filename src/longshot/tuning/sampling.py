"""Which windows stand together in a batch: classes alike, documents in turn."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from longshot.tuning.windows import WindowedDocument

T = TypeVar("T")

LEAST_PER_CLASS = 2
"""Windows of a class in a batch: one has nothing to be like."""


def draw_windows(
    documents: Sequence[WindowedDocument],
    *,
    n_batches: int,
    batch_windows: int,
    seed: int,
) -> list[tuple[str, int]]:
    """Draw windows, batch after batch.

    A batch holds every class alike, or as many classes as it has room for in turn. In
    a class the documents come in turn, so that a long one counts no more than a short
    one, and none of their windows comes again before all of them came.

    Returns
    -------
    list of tuple
        Windows' texts with their class, one batch after the other; a batch holds
        ``batch_windows`` of them.
    """
    random = np.random.default_rng(seed)
    classes = sorted({document.class_index for document in documents})
    windows = {
        one: _class_windows([d for d in documents if d.class_index == one], random)
        for one in classes
    }
    in_turn = _in_turn(classes, random)
    n_classes = min(len(classes), batch_windows // LEAST_PER_CLASS)
    drawn = []
    for _ in range(n_batches):
        together = [next(in_turn) for _ in range(n_classes)]
        for place in range(batch_windows):
            one = together[place % n_classes]
            drawn.append((next(windows[one]), one))
    return drawn


def _class_windows(
    documents: Sequence[WindowedDocument], random: np.random.Generator
) -> Iterator[str]:
    """Give one window of each document in turn, without end."""
    windows = [_in_turn(document.texts, random) for document in documents]
    for place in _in_turn(range(len(documents)), random):
        yield next(windows[place])


def _in_turn(values: Sequence[T], random: np.random.Generator) -> Iterator[T]:
    """Give all values in a random order, then in another, without end."""
    while True:
        for place in random.permutation(len(values)):
            yield values[place]
