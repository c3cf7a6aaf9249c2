"""A model of a few numbers that takes its time: what is tried is who survives."""

import time
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from tests.fakes import FakeEncoder

SLEEP_S = 0.02


class SlowEncoder(FakeEncoder):
    """The fake encoder, with a pause for every batch."""

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Weigh the tokens of each span, later."""
        time.sleep(SLEEP_S)
        return super().means(ids, weights, layers)
