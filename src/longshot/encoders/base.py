"""What every encoder is: windows enter, hidden states or their means leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int

from longshot.errors import ModelOutputError
from longshot.machine.processors import usable_processors
from longshot.tokens import Tokenizer

PADDING_ID = -1
"""Stands in for a token after a window's last one, where windows are padded."""

_WINDOW_TOKENS = 512
"""Of a whole window; short ones come together up to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacity:
    """What an encoder works on at once.

    Attributes
    ----------
    n_batches
        Calls that may run side by side, from as many threads.
    batch_tokens
        Tokens that it best gets in one call.
    pad_to_multiple_of
        Windows come padded (`PADDING_ID`) to a multiple of this length, so that more of
        them share a call; 1 for windows of exactly one length, none of them padded.
    n_tokenizers
        Threads that tokenise the documents that come next, so that it need not wait; 0
        for none.
    """

    n_batches: int = 1
    batch_tokens: int = 1 << 12
    pad_to_multiple_of: int = 1
    n_tokenizers: int = 0


def one_window_per_processor() -> Capacity:
    """Give what a compiled engine works on at once: no call uses two processors."""
    return Capacity(n_batches=usable_processors(), batch_tokens=_WINDOW_TOKENS)


@runtime_checkable
class Encoder(Protocol):
    """A model that turns windows into hidden states.

    Layer 0 is the input embeddings; the last layer is ``n_layers - 1``. Windows come
    framed (with their special tokens) and, within one call, all of one length. Only an
    encoder whose capacity asks for it gets padded ones.
    """

    @property
    def name(self) -> str:
        """The name that a person calls it by."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hexadecimal digits that change whenever a vector could."""
        ...

    @property
    def n_layers(self) -> int:
        """Hidden states that it gives, with the input embeddings."""
        ...

    @property
    def dim(self) -> int:
        """Dimensions of a hidden state."""
        ...

    @property
    def max_framed_tokens(self) -> int | None:
        """Tokens of the longest window, special ones included; None for no limit."""
        ...

    @property
    def tokenizer(self) -> Tokenizer:
        """What gives its token ids."""
        ...

    @property
    def capacity(self) -> Capacity:
        """What it works on at once."""
        ...

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the hidden states of each window's tokens.

        Parameters
        ----------
        ids
            Framed windows of one length.
        weights
            Each row weighs the tokens of one span of its window; padding weighs 0.
        layers
            Which hidden states, as indices from 0.
        """
        ...

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the hidden states of single tokens."""
        ...


def one_span_per_token(
    ids: Int[np.ndarray, "window framed_token"],
) -> Float[np.ndarray, "window framed_token framed_token"]:
    """Give the weights with which :meth:`Encoder.means` gives single tokens."""
    n_windows, n_tokens = ids.shape
    each = np.eye(n_tokens, dtype=np.float32)
    return np.ascontiguousarray(np.broadcast_to(each, (n_windows, n_tokens, n_tokens)))


def finite(values: np.ndarray, name: str) -> np.ndarray:
    """Give what a model gave back, if all of it is numbers; every engine checks it.

    Raises
    ------
    ModelOutputError
        If one is NaN or infinite; `name` is the model's.
    """
    if not np.isfinite(values).all():
        raise ModelOutputError(
            f"a model must give finite numbers; {name} gave NaN or infinity. "
            "Its weights are damaged: fetch the model again."
        )
    return values
