"""How well held-out documents are told apart by what was learned from the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import log_softmax

from longshot.classify import balanced_weights, fit_softmax
from longshot.similarity import unit
from longshot.tuning.windows import TuningSet, WindowedDocument

Encode = Callable[[list[str]], Float[np.ndarray, "window dim"]]
"""Gives the vectors of windows."""

_MOST_WINDOWS = 8
_SCALES = np.geomspace(0.25, 16.0, 25)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOutMeasure:
    """How well held-out documents are told apart.

    Attributes
    ----------
    step
        After how many batches.
    accuracy
        The share of them that is right.
    surprise
        The mean of -log p of their labels, in nats, at the best temperature.
    """

    step: int
    accuracy: float
    surprise: float

    def is_better_than(self, other: "HeldOutMeasure") -> bool:
        """Tell whether the labels surprise less, and no fewer documents are right."""
        return self.surprise < other.surprise and self.accuracy >= other.accuracy


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """The windows by which progress is measured.

    Attributes
    ----------
    material
        The documents.
    windows_per_document
        How many of each are read at most, evenly spread over it.
    """

    material: TuningSet
    windows_per_document: int

    @classmethod
    def of(cls, material: TuningSet, *, most_windows: int) -> "Probe":
        """Spread a number of windows over the documents; each gets one at least."""
        n_documents = len(material.trained) + len(material.held_out)
        share = int(np.clip(most_windows // n_documents, 1, _MOST_WINDOWS))
        return cls(material=material, windows_per_document=share)

    def measure(self, encode: Encode, step: int) -> HeldOutMeasure:
        """Learn a softmax regression from some documents and judge the others."""
        trained, held_out = self.material.trained, self.material.held_out
        rows = self._vectors([*trained, *held_out], encode)
        truth = np.array([document.class_index for document in held_out])
        classes = [document.class_index for document in trained]
        targets = np.eye(len(self.material.classes))[classes]
        weights = balanced_weights(targets)
        centred = unit(rows - np.average(rows[: len(trained)], axis=0, weights=weights))
        learned = fit_softmax(centred[: len(trained)], targets, weights)
        logits = learned.logits(centred[len(trained) :])
        return HeldOutMeasure(
            step=step,
            accuracy=float((logits.argmax(axis=1) == truth).mean()),
            surprise=_least_surprise(logits, truth),
        )

    def _vectors(
        self, documents: Sequence[WindowedDocument], encode: Encode
    ) -> Float[np.ndarray, "document dim"]:
        """Average each document's windows by their tokens."""
        chosen = [
            spread(len(document.texts), self.windows_per_document)
            for document in documents
        ]
        texts = [
            document.texts[place]
            for document, places in zip(documents, chosen, strict=True)
            for place in places
        ]
        ends = np.cumsum([len(places) for places in chosen])[:-1]
        rows = [
            np.average(
                vectors,
                axis=0,
                weights=[document.tokens_per_window[place] for place in places],
            )
            for document, places, vectors in zip(
                documents, chosen, np.split(encode(texts), ends), strict=True
            )
        ]
        return np.stack(rows)


def spread(n: int, most: int) -> list[int]:
    """Give places among `n`, evenly spread, the first one always among them.

    Examples
    --------
    >>> spread(3, 8), spread(9, 3)
    ([0, 1, 2], [0, 4, 8])
    """
    if n <= most:
        return list(range(n))
    return [round(place) for place in np.linspace(0, n - 1, most)]


def _least_surprise(logits: Float[np.ndarray, "row class"], truth: np.ndarray) -> float:
    """Find the temperature under which the true classes surprise least.

    Training draws classes apart, which would else look like progress by itself.
    """
    rows = np.arange(len(truth))
    surprises = [
        -log_softmax(scale * logits, axis=1)[rows, truth].mean() for scale in _SCALES
    ]
    return float(min(surprises))
