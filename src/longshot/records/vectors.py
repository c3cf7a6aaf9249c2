"""What windows, pooling and the embedder give: windows and their vectors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float16

from longshot.records.short_repr import short_repr

OnWindow = Callable[[str, int, int], None]
"""Told of each encoded window: the document's id, new characters, new tokens."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens within a window: its characters, and how many tokens it has."""

    start: int
    end: int
    n_tokens: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A run of tokens of one document, with the characters that it spans.

    Attributes
    ----------
    index
        Its place in the document, from 0.
    start, end
        Its characters: ``text[start:end]``. Whole characters always, also where a
        token ends inside of one.
    n_tokens
        Real tokens, without special ones.
    n_new_tokens
        Tokens that no earlier window held: fewer than ``n_tokens`` where windows
        overlap.
    n_unknown
        New tokens that stand for something the vocabulary lacks (``[UNK]``).
    n_missing
        Words met on the way that the model has no vector for, so that no window holds
        them; static embeddings have such words.
    spans
        Its tokens in short runs, in reading order.
    """

    index: int
    start: int
    end: int
    n_tokens: int
    n_new_tokens: int
    n_unknown: int = 0
    n_missing: int = 0
    spans: tuple[Span, ...] = ()

    __repr__ = short_repr


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Vectors:
    """What the embedder gives for one document under one recipe.

    Attributes
    ----------
    document_id
        The document's id.
    windows
        Its windows in reading order.
    layer_means
        For each window the pooled tokens of every layer of the recipe; float32.
    document
        The document's vector under the recipe; float32.
    span_vectors
        The mean token of each span of each window, in reading order, in the recipe's
        last layer; float16. Empty where tokens are pooled to their maximum.
    n_unread
        Tokens after the last of the windows, where no more were asked for.
    notes, text_share, language
        As of :class:`~longshot.records.Document`: what reading its file had to guess,
        how much of it could be read as text at all, and the language that it is in.
    """

    document_id: str
    windows: tuple[Window, ...]
    layer_means: Float[np.ndarray, "window layer dim"]
    document: Float[np.ndarray, " dim"]
    span_vectors: Float16[np.ndarray, "span dim"]
    n_unread: int = 0
    notes: tuple[str, ...] = ()
    text_share: float = 1.0
    language: str | None = None

    __repr__ = short_repr

    @property
    def window_vectors(self) -> Float[np.ndarray, "window dim"]:
        """One vector per window: the mean of its layers."""
        return np.asarray(self.layer_means.mean(axis=1))

    @property
    def n_tokens_read(self) -> int:
        """Tokens that stand in at least one window."""
        return sum(window.n_new_tokens for window in self.windows)

    @property
    def n_tokens(self) -> int:
        """Tokens present in the document, with those that no window holds."""
        n_missing = sum(window.n_missing for window in self.windows)
        return self.n_tokens_read + n_missing + self.n_unread

    @property
    def n_unknown(self) -> int:
        """Tokens read that stand for something the model's vocabulary lacks."""
        return sum(window.n_unknown for window in self.windows)

    @property
    def coverage(self) -> float:
        """Tokens read over tokens present: 1.0 unless less was asked or possible.

        Nobody knows how many tokens a scanned page holds: each page of the file counts
        as much as any other.
        """
        return self.n_tokens_read / self.n_tokens * self.text_share
