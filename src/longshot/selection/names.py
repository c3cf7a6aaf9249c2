"""The strategies' names, apart from what they need, for ``--help`` answers at once."""

from typing import Literal

OwnStrategy = Literal["both", "coverage", "uncertainty", "random"]

SmallTextStrategy = Literal[
    "breaking-ties", "least-confidence", "entropy", "lightweight-coreset", "kmeans"
]
"""Those of the library small-text."""

Strategy = Literal[OwnStrategy, SmallTextStrategy]
