"""Labelled documents to labelled windows, and which documents are held out.

Nothing of a document is left out: its windows cover it whole, and each carries its
label. Documents stand in an order of their own, so that what is learned depends on
their set alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from longshot.errors import EmptyDocumentError, ExamplesError
from longshot.records import Example
from longshot.tokens import Tokenizer, iter_tokens
from longshot.windows import iter_windows

LEAST_EXAMPLES = 4
"""Of a label, for one of them to be held out; two labels must have as many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowedDocument:
    """A document's windows, which cover it whole.

    Attributes
    ----------
    texts
        Of the windows, in reading order.
    tokens_per_window
        How many tokens each holds.
    class_index
        The document's label.
    """

    texts: tuple[str, ...]
    tokens_per_window: tuple[int, ...]
    class_index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TuningSet:
    """What is trained on, and what is held out.

    Attributes
    ----------
    classes
        The labels, sorted.
    trained, held_out
        The documents of each part.
    """

    classes: tuple[str, ...]
    trained: tuple[WindowedDocument, ...]
    held_out: tuple[WindowedDocument, ...]

    @property
    def n_windows(self) -> int:
        """Windows that are trained on."""
        return sum(len(document.texts) for document in self.trained)


def tuning_set(
    examples: Sequence[Example], tokenizer: Tokenizer, *, window_tokens: int, seed: int
) -> TuningSet:
    """Cut examples into windows, and hold a quarter of each label's out.

    The same text under the same label counts once.

    Raises
    ------
    ExamplesError
        If fewer than two labels have four examples or more.
    EmptyDocumentError
        If a document holds no token.
    """
    pairs = sorted({(one.label, one.document.text): one for one in examples}.items())
    classes = tuple(sorted({label for (label, _), _ in pairs}))
    labels = np.array([classes.index(label) for (label, _), _ in pairs], dtype=np.int64)
    is_held_out = _held_out(labels, seed)
    if len(np.unique(labels[is_held_out])) < 2:
        raise _too_few(classes, labels)
    windowed = [
        cut(example, tokenizer, window_tokens=window_tokens, class_index=class_index)
        for (_, example), class_index in zip(pairs, labels.tolist(), strict=True)
    ]
    return TuningSet(
        classes=classes,
        trained=tuple(windowed[i] for i in np.flatnonzero(~is_held_out)),
        held_out=tuple(windowed[i] for i in np.flatnonzero(is_held_out)),
    )


def cut(
    example: Example, tokenizer: Tokenizer, *, window_tokens: int, class_index: int
) -> WindowedDocument:
    """Cut one example into windows.

    Raises
    ------
    EmptyDocumentError
        If it holds no token.
    """
    text = example.document.text
    chunks = iter_tokens(text, tokenizer)
    windows = [
        one.window for one in iter_windows(text, chunks, window_tokens=window_tokens)
    ]
    if not windows:
        raise EmptyDocumentError(
            "a document must hold at least one token that the model reads; "
            f"{example.document.id} holds none. Remove it or give its text."
        )
    return WindowedDocument(
        texts=tuple(text[window.start : window.end] for window in windows),
        tokens_per_window=tuple(window.n_tokens for window in windows),
        class_index=class_index,
    )


def _held_out(labels: Int[np.ndarray, " example"], seed: int) -> np.ndarray:
    """Draw a quarter of each label's examples, rounded down."""
    random = np.random.default_rng(seed)
    chosen = np.zeros(len(labels), dtype=bool)
    for one in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == one))
        chosen[members[: len(members) // LEAST_EXAMPLES]] = True
    return chosen


def _too_few(classes: Sequence[str], labels: np.ndarray) -> ExamplesError:
    counts = np.bincount(labels, minlength=len(classes))
    shown = [f"{name} {n}" for name, n in zip(classes, counts.tolist(), strict=True)]
    more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
    return ExamplesError(
        f"at least two labels must have {LEAST_EXAMPLES} examples or more for "
        f"fine-tuning; there are: {', '.join(shown[:5]) or 'none'}{more}. Label more, "
        "or classify without fine-tuning, for which one of each is enough."
    )
