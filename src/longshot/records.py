"""The values that pass between the stages: small, frozen, without behaviour.

Reading gives :class:`Document` (or :class:`SetAside`), windows give :class:`Window`,
pooling gives :class:`Vectors`, and deciding gives :class:`Prediction` with its
:class:`Evidence`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float16


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """An id, a text, and where it came from.

    Attributes
    ----------
    id
        Unique within one run: the path below the folder that was read, the ``id`` of
        a table's row, or the row's number.
    text
        The whole text; of any length.
    source
        The file (and row) that it came from, for people.
    notes
        What reading had to guess, each in a line for people: an encoding that was
        detected, say. Empty when nothing was.
    """

    id: str
    text: str
    source: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A document with its label."""

    document: Document
    label: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Its label alone."""
        return (self.label,)


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledDocument:
    """A document with all its labels; there may be none."""

    document: Document
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAside:
    """A document that could not be used, and why; the run goes on without it.

    Attributes
    ----------
    id, source
        As of :class:`Document`.
    reason
        Why, as the rest of a sentence that begins with the source.
    label
        Its label, where it was to be an example.
    """

    id: str
    source: str
    reason: str
    label: str | None = None


OnSetAside = Callable[[SetAside], None]
"""Told of each document that is set aside; where there is none, that is an error."""

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
    """

    document_id: str
    windows: tuple[Window, ...]
    layer_means: Float[np.ndarray, "window layer dim"]
    document: Float[np.ndarray, " dim"]
    span_vectors: Float16[np.ndarray, "span dim"]
    n_unread: int = 0

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
        """Tokens read over tokens present: 1.0 unless less was asked or possible."""
        return self.n_tokens_read / self.n_tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The window of an example that a window of a document is closest to.

    Attributes
    ----------
    example_id
        The example.
    window, text
        Its window, and that window's text.
    similarity
        The cosine of the two windows.
    """

    example_id: str
    window: Window
    text: str
    similarity: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A run of a document's text, and what it adds to a label's score.

    Attributes
    ----------
    start, end
        Its characters: ``text[start:end]``.
    text
        Those characters.
    contribution
        What it adds to the score; negative where it speaks against the label.
    """

    start: int
    end: int
    text: str
    contribution: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RunnerUp:
    """The label that would have been second, and why it lost.

    Attributes
    ----------
    label
        The label.
    lost_by
        The logarithm of how many times less likely it is than the label that was
        explained; negative where it is likelier.
    reasons
        What told them apart, each with its part of `lost_by`, the greatest first.
    passage
        What spoke most for it.
    """

    label: str
    lost_by: float
    reasons: tuple[tuple[str, float], ...]
    passage: Passage


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The passage that spoke most for a label, and what it matched.

    Attributes
    ----------
    label
        The label that it speaks for.
    passage
        The passage that spoke most for it: about a hundred tokens, shorter than a
        window.
    window, text, contribution
        The window that holds it, that window's text, and what it adds to the score.
    match
        The window of an example with the label that this window is closest to; None
        where the label has only a name.
    score
        The score of the label.
    contributions
        What each window of the document adds to the score, in reading order; together
        they are the score.
    supporting, opposing
        The passages that spoke most for the label, `passage` first, and those that
        spoke most against it; none of them overlap.
    runner_up
        The best of the other labels; None where it was not asked for.
    """

    label: str
    passage: Passage
    window: Window
    text: str
    contribution: float
    match: Match | None
    score: float
    contributions: tuple[float, ...]
    supporting: tuple[Passage, ...] = ()
    opposing: tuple[Passage, ...] = ()
    runner_up: RunnerUp | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """The decision for one document.

    Attributes
    ----------
    document_id
        The document's id.
    label
        The label; None for "none of these".
    confidence
        How sure, in [0, 1].
    alternatives
        The other labels with their confidence, best first.
    evidence
        The passage that decided; None where none was asked for.
    n_tokens, n_windows, coverage
        The tokens that are there, the windows that were read, and the share of the
        tokens in them.
    n_unknown
        Tokens among them that stand for something the model's vocabulary lacks.
    labels
        Where documents may have several labels, those that apply, the surest first;
        ``label`` is the first of them, and None where none applies. None where each has
        one.
    levels
        Where labels are paths (``finance/tax``), the nodes from the trunk down to the
        label with the confidence in each. None where they are none.
    label_set
        The labels that hold the true one with the confidence that was asked for, best
        first; None where none was asked for.
    new_class
        The number of the offered new class that it belongs to, from 1; 0 for none of
        them, None where none were looked for.
    """

    document_id: str
    label: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    evidence: Evidence | None
    n_tokens: int
    n_windows: int
    coverage: float
    n_unknown: int = 0
    labels: tuple[str, ...] | None = None
    levels: tuple[tuple[str, float], ...] | None = None
    label_set: tuple[str, ...] | None = None
    new_class: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewClass:
    """Documents of a pile that look alike and that no known class claims.

    Attributes
    ----------
    document_ids
        The documents, the most typical first.
    words
        What tells them from the other documents, the most telling first.
    """

    document_ids: tuple[str, ...]
    words: tuple[str, ...]
