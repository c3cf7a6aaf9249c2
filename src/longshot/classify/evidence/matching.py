"""Which example a passage is closest to."""

import numpy as np
from jaxtyping import Float

from longshot.classify.labels.support import SupportExample, SupportSet
from longshot.records import Match
from longshot.similarity import best_matches


def closest_example(
    support: SupportSet, class_index: int, window: Float[np.ndarray, " dim"]
) -> Match | None:
    """Find the example window of a class that a window is closest to by cosine.

    None where the class has no example, but only a name.
    """
    members = support.examples_of(class_index)
    matches = [_match(support.examples[index], window) for index in members]
    return max(matches, key=lambda match: match.similarity, default=None)


def _match(example: SupportExample, window: Float[np.ndarray, " dim"]) -> Match:
    best, similarity = best_matches(window[None], example.vectors.window_vectors)
    matched = example.vectors.windows[best[0]]
    return Match(
        example_id=example.id,
        window=matched,
        text=example.text[matched.start : matched.end],
        similarity=float(similarity[0]),
    )
