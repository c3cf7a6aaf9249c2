"""What a use is read as where senses are told apart: its word, its sentence, or both.

The vectors of uses in all layers enter; one vector per use leaves. Everything that is
chosen here was chosen on the training split of CoarseWSD, ten nouns; see
docs/contextuality.md.
"""

import numpy as np
from jaxtyping import Float, Int

from longshot.contextuality.results import DEFAULT, Reading
from longshot.similarity import unit

LAST_LAYERS = 4
"""The article's recipe: the mean of the last four."""

WORD_SHARE = 0.5
"""What the word counts for in the cosine of *both*; its sentence counts for the rest.

Equal parts; of vectors as they are.
"""

CENTRED_WORD_SHARE = 0.2
"""The same of centred vectors, where equal parts find fewer neighbours."""


def in_layer(
    vectors: Float[np.ndarray, "use layer dim"], layer: str
) -> Float[np.ndarray, "use dim"]:
    """Give uses in one layer; in the default, the mean of the last four at length one.

    The last axis but one holds the layers from 0 and, where there are several, the
    default. Layers differ in length, and the longest would outweigh the others.

    Examples
    --------
    >>> layers = np.array([[[3.0, 0.0], [0.0, 1.0], [1.5, 0.5]]])
    >>> in_layer(layers, DEFAULT)
    array([[0.5, 0.5]])
    """
    if layer != DEFAULT:
        return vectors[:, int(layer)].astype(np.float64)
    last = range(max(0, vectors.shape[1] - 1 - LAST_LAYERS), vectors.shape[1] - 1)
    return np.asarray(np.mean([unit(vectors[:, i]) for i in last], axis=0))


def read_as(
    reading: Reading,
    words: Float[np.ndarray, "use dim"],
    sentences: Float[np.ndarray, "use dim"],
    centre_on: Int[np.ndarray, " known"] | None = None,
) -> Float[np.ndarray, "use width"]:
    """Give one vector of length one per use.

    Parameters
    ----------
    reading
        ``word``, ``sentence``, or ``both``: the cosine of two uses is then that of
        their words times `WORD_SHARE` (centred, `CENTRED_WORD_SHARE`) and that of their
        sentences times the rest.
    words, sentences
        In one layer.
    centre_on
        The uses whose mean is subtracted from all; None leaves vectors as they are.

    Examples
    --------
    >>> words, sentences = np.eye(2), np.array([[0.0, 2.0], [0.0, 1.0]])
    >>> both = read_as("both", words, sentences)
    >>> round(float(both[0] @ both[1]), 4)
    0.5
    """
    of_word = WORD_SHARE if centre_on is None else CENTRED_WORD_SHARE
    sides = {"word": (words, of_word), "sentence": (sentences, 1 - of_word)}
    parts = [
        np.sqrt(share) * unit(_centred(side, centre_on))
        for name, (side, share) in sides.items()
        if reading in (name, "both")
    ]
    return unit(np.concatenate(parts, axis=1))


def _centred(
    vectors: Float[np.ndarray, "use dim"], on: Int[np.ndarray, " known"] | None
) -> Float[np.ndarray, "use dim"]:
    return vectors if on is None else vectors - vectors[on].mean(axis=0)
