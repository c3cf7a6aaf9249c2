"""The strategies' names, apart from what they need, for ``--help`` answers at once."""

from typing import Literal

Strategy = Literal["both", "coverage", "uncertainty", "random"]
