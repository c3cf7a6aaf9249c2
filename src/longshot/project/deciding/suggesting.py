"""What to label next; which documents are so alike that one label may do for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Float32, Int

from longshot.project.deciding.pile import Pile
from longshot.project.records import Suggestion
from longshot.selection.names import Strategy
from longshot.selection.strategies import select
from longshot.similarity import unit

LOOK_ALIKE_COSINE = 0.98
"""Of document vectors: versions of one form, and mails that a machine has sent."""

_MOST_LOOK_ALIKES = 20
_HESITATION = 0.5
"""Of the two most probable labels' distance: nearer ones count as standing between."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PileProbabilities:
    """How likely each class is for each document of the pile, row by row."""

    classes: Sequence[str]
    probabilities: Float32[np.ndarray, "document class"]


def suggest(
    pile: Pile,
    decided: PileProbabilities | None,
    n: int,
    *,
    strategy: Strategy = "both",
    seed: int = 0,
) -> list[Suggestion]:
    """Choose open documents to label, the most useful first, and say why.

    Parameters
    ----------
    pile
        All documents.
    decided
        How likely each label is for them; None before there are two labels.
    n
        How many.
    strategy, seed
        As of :func:`longshot.selection.strategies.select`.
    """
    free = np.flatnonzero(pile.is_open)
    if not len(free):
        return []
    vectors = pile.features.vectors
    labelled = vectors[pile.is_labelled]
    probabilities = None if decided is None else decided.probabilities[free]
    chosen = select(strategy, vectors[free], labelled, probabilities, n, seed=seed)
    units = unit(vectors[free]).astype(np.float32)
    closest = None  # before the first label, each would stand for all others
    if len(labelled):
        closest = (units @ unit(labelled).astype(np.float32).T).max(axis=1)
    return [
        _suggestion(pile, decided, free, int(row), units, closest, strategy)
        for row in chosen
    ]


def _suggestion(
    pile: Pile,
    decided: PileProbabilities | None,
    free: Int[np.ndarray, " free"],
    row: int,
    units: Float32[np.ndarray, "free dim"],
    closest: Float32[np.ndarray, " free"] | None,
    strategy: Strategy,
) -> Suggestion:
    cosines = units @ units[row]
    alike = np.flatnonzero(cosines >= LOOK_ALIKE_COSINE)
    alike = alike[np.argsort(-cosines[alike], kind="stable")]
    look_alikes = tuple(pile.ids[free[one]] for one in alike.tolist() if one != row)
    place = int(free[row])
    likely = second = None
    sure = second_sure = None
    reason: Literal["hesitates", "typical", "random"] = "typical"
    if decided is not None:
        best, other = np.argsort(-decided.probabilities[place], kind="stable")[:2]
        likely, second = decided.classes[best], decided.classes[other]
        sure = round(float(decided.probabilities[place, best]), 4)
        second_sure = round(float(decided.probabilities[place, other]), 4)
        if sure - second_sure < _HESITATION:
            reason = "hesitates"
    if strategy == "random":
        reason = "random"
    return Suggestion(
        document_id=pile.ids[place],
        number=int(pile.numbers[place]),
        likely_label=likely,
        confidence=sure,
        second_label=second,
        second_confidence=second_sure,
        reason=reason,
        n_alike=0 if closest is None else int((cosines > closest).sum()) - 1,
        look_alikes=look_alikes[:_MOST_LOOK_ALIKES],
    )


def places(
    vectors: Float[np.ndarray, "document dim"],
) -> Float[np.ndarray, "document 2"]:
    """Place documents on a plane, so that close ones are alike: their two main axes."""
    from longshot.contextuality.maps import plane

    return np.asarray(plane(vectors, vectors[:0])[0])
