"""What the laboratory finds, as tables and maps."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

Reading = Literal["word", "sentence", "both"]
"""Of what a vector is: the word, its sentence's mean, or both side by side."""

SENSE_READING: Reading = "both"
"""What senses are told apart by unless another reading is asked for, centred.

Chosen on other words than "mouse", by leave one out on the training split of CoarseWSD;
see docs/contextuality.md.
"""

SENSES_CENTRED = True
"""Whether the mean over all uses is subtracted from each of the two sides."""

DEFAULT = "default"
"""The mean of the last four layers, or of all where there are fewer, as one more.

Where senses are told apart, each of the layers has length one before.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One number.

    Attributes
    ----------
    model, layer, word
        Of what.
    measure
        ``self_similarity``, ``intra_sentence_similarity``,
        ``max_explainable_variance``; where senses are told, ``within_senses``,
        ``across_senses``, ``nearest_neighbour`` and ``silhouette``.
    reading
        The vectors that it is of.
    corrected
        For anisotropy: what random words have in common is subtracted from the
        measure; for senses, the mean of the uses is subtracted from their vectors
        (centred).
    value, low, high
        The number, and the limits of its 95 % bootstrap interval.
    n_uses
        Uses that it rests on.
    """

    model: str
    layer: str
    word: str
    measure: str
    reading: Reading
    corrected: bool
    value: float
    low: float
    high: float
    n_uses: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WordMap:
    """A word's uses on a plane, for one model.

    Attributes
    ----------
    model, word, layer
        Of what.
    points
        One per use.
    alone
        Where the word lies when the model reads it by itself.
    senses
        One per use: as told, or as found by clustering.
    are_told
        Whether the senses were told.
    texts
        The sentences.
    """

    model: str
    word: str
    layer: str
    points: Float[np.ndarray, "use 2"]
    alone: Float[np.ndarray, "alone 2"]
    senses: tuple[str, ...]
    are_told: bool
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundSense:
    """A sense that clustering found.

    Attributes
    ----------
    model, word, sense
        Of what.
    n_uses
        Its uses.
    typical
        The sentences that lie nearest to its middle.
    told
        How its uses are labelled, commonest first; empty without labels.
    """

    model: str
    word: str
    sense: str
    n_uses: int
    typical: tuple[str, ...]
    told: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Study:
    """All that a study found.

    Attributes
    ----------
    rows
        The numbers.
    maps, found_senses
        By model and word.
    n_sentences, n_found
        Sentences read, and those in which each word was found.
    notes
        What a person must know of words, sentences and models, a line each.
    """

    rows: tuple[Row, ...]
    maps: tuple[WordMap, ...]
    found_senses: tuple[FoundSense, ...]
    n_sentences: int
    n_found: dict[str, int]
    notes: tuple[str, ...]
