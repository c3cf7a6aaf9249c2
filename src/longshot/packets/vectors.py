"""Vectors of units to the vectors of a section, as if it had been read as a document.

What a section is classified by, and its evidence, so need no further pass of the model.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from longshot.pooling import RunningMean
from longshot.recipe import WindowPooling
from longshot.records import Vectors, Window


def joined_vectors(
    units: Sequence[Vectors],
    texts: Sequence[str],
    *,
    document_id: str = "",
    window_pooling: WindowPooling = "tokens",
) -> Vectors:
    """Give the vectors of units that follow each other as those of one document.

    Parameters
    ----------
    units, texts
        The vectors of each unit, and its text: the document's is all of them.
    document_id
        What the document is to be called.
    window_pooling
        How windows weigh in its vector, as the recipe says.
    """
    windows: list[Window] = []
    start = 0
    for vectors, text in zip(units, texts, strict=True):
        windows += [
            _moved(window, start, number)
            for number, window in enumerate(vectors.windows, start=len(windows))
        ]
        start += len(text)
    layer_means = np.concatenate([one.layer_means for one in units])
    mean = RunningMean(layer_means.shape[2], window_pooling)
    for window, of_window in zip(windows, layer_means, strict=True):
        mean.add(of_window.mean(axis=0), n_tokens=window.n_tokens)
    return Vectors(
        document_id=document_id,
        windows=tuple(windows),
        layer_means=layer_means,
        document=mean.vector(),
        span_vectors=np.concatenate([one.span_vectors for one in units]),
        n_unread=sum(one.n_unread for one in units),
    )


def _moved(window: Window, by: int, index: int) -> Window:
    """Give a window of a text that begins so many characters later."""
    return replace(
        window,
        index=index,
        start=window.start + by,
        end=window.end + by,
        spans=tuple(
            replace(span, start=span.start + by, end=span.end + by)
            for span in window.spans
        ),
    )
