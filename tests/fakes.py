"""A real encoder of a few lines: words as tokens, a pseudo-random vector for each."""

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders import Capacity
from longshot.tokens import SpecialTokens, Tokens


class WordTokenizer:
    """Reads each word and each sign as a token; an id is the hash of the word."""

    special = SpecialTokens(before=(1,), after=(2,))
    unknown_id: int | None = 3

    def encode(self, text: str) -> Tokens:
        """Give words and signs; white space is none."""
        words = list(re.finditer(r"\w+|[^\w\s]", text))
        ids = [10 + crc32(word[0].lower().encode()) % 100_000 for word in words]
        starts = [word.start() for word in words]
        ends = [word.end() for word in words]
        return Tokens(
            ids=np.array(ids, dtype=np.int64),
            starts=np.array(starts, dtype=np.int64),
            ends=np.array(ends, dtype=np.int64),
        )


class FakeEncoder:
    """Gives each token a vector of its own; layers differ, neighbours do not matter."""

    name = "fake"
    fingerprint = "fa" * 32
    n_layers = 4
    dim = 8
    max_framed_tokens: int | None = 512
    tokenizer = WordTokenizer()
    capacity = Capacity()

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Weigh the tokens of each span."""
        return np.asarray(weights[:, None] @ self.states(ids, layers))

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Make each number from the token's id, the layer and the dimension."""
        layer = np.array(layers)[:, None, None]
        seeds = (ids[:, None, :, None] + 0.1 * layer) * np.arange(1, self.dim + 1)
        return np.asarray(np.sin(seeds), dtype=np.float32)
