"""Token ids to windows.

Tokens enter in chunks, as they are read; windows leave as soon as they are full, so
that a document of any length is cut in bounded memory. Every token stands in a window,
but for words that the model has no vector for, which are counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import regex

from longshot.records import Span, Window
from longshot.tokens import MISSING_ID, Tokens

SPAN_TOKENS = 32
"""Tokens of a span: about a sentence, so that a passage can be pointed at."""

_GRAPHEME = regex.compile(r"\X")
_GRAPHEME_REACH = (64, 4096)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TokenWindow:
    """A window with its tokens."""

    window: Window
    tokens: Tokens


def iter_windows(
    text: str,
    chunks: Iterable[Tokens],
    *,
    window_tokens: int,
    overlap_tokens: int = 0,
    unknown_id: int | None = None,
) -> Iterator[TokenWindow]:
    """Cut a document's tokens into windows.

    Parameters
    ----------
    text
        The document's text: windows span whole characters of it (grapheme clusters).
    chunks
        Its tokens in reading order.
    window_tokens, overlap_tokens
        Tokens of a window, and how many of them the next one reads again.
    unknown_id
        The token that stands for what the vocabulary lacks, to be counted.

    Yields
    ------
    TokenWindow
        In reading order; the last one may be shorter. None for a text without tokens.
    """
    cutter = _Cutter(text, window_tokens, overlap_tokens, unknown_id)
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.finish()


class _Cutter:
    """Collects tokens until a window is full."""

    def __init__(
        self, text: str, window_tokens: int, overlap_tokens: int, unknown_id: int | None
    ) -> None:
        self.text = text
        self.has_plain_borders = text.isascii() and "\r\n" not in text
        self.window_tokens = window_tokens
        self.overlap_tokens = overlap_tokens
        self.unknown_id = unknown_id
        self.pending = _NO_TOKENS
        self.n_read_before = 0
        self.n_missing = 0
        self.n_windows = 0

    def feed(self, chunk: Tokens) -> Iterator[TokenWindow]:
        """Cut all windows that cannot be the last one."""
        is_missing = chunk.ids == MISSING_ID
        if n_missing := int(np.count_nonzero(is_missing)):
            chunk = chunk[~is_missing]
            self.n_missing += n_missing
        self.pending = _joined(self.pending, chunk) if len(self.pending) else chunk
        while len(self.pending) > self.window_tokens:
            yield self._cut()

    def finish(self) -> Iterator[TokenWindow]:
        """Cut the last window, if tokens are left that no window held."""
        if len(self.pending) > self.n_read_before:
            yield self._cut()

    def _cut(self) -> TokenWindow:
        tokens = self.pending
        if len(tokens) > self.window_tokens:
            tokens = tokens[: self.window_tokens]
        is_unknown = tokens.ids[self.n_read_before :] == self.unknown_id
        spans = self._spans(tokens)
        window = Window(
            index=self.n_windows,
            start=spans[0].start,
            end=spans[-1].end,
            n_tokens=len(tokens),
            n_new_tokens=len(tokens) - self.n_read_before,
            n_missing=self.n_missing,
            n_unknown=int(np.count_nonzero(is_unknown)),
            spans=spans,
        )
        self.pending = self.pending[self.window_tokens - self.overlap_tokens :]
        self.n_read_before = self.overlap_tokens
        self.n_missing = 0
        self.n_windows += 1
        return TokenWindow(window=window, tokens=tokens)

    def _spans(self, tokens: Tokens) -> tuple[Span, ...]:
        """Give the window's runs of tokens, each with its whole characters."""
        n_tokens = len(tokens)
        starts = tokens.starts[::SPAN_TOKENS].tolist()
        ends = tokens.ends[SPAN_TOKENS - 1 :: SPAN_TOKENS].tolist()
        sizes = [SPAN_TOKENS] * len(ends)
        if len(ends) < len(starts):
            ends.append(int(tokens.ends[-1]))
            sizes.append(n_tokens % SPAN_TOKENS)
        borders = list(zip(starts, ends, strict=True))
        if not self.has_plain_borders:
            borders = [whole_characters(self.text, *one) for one in borders]
        return tuple(Span(*one, size) for one, size in zip(borders, sizes, strict=True))


def whole_characters(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole characters as people see them.

    An accent written as a sign of its own, an emoji of several parts or a flag is one
    character (an extended grapheme cluster, Unicode Standard Annex 29).

    Examples
    --------
    >>> whole_characters("cafe\u0301", 0, 4)
    (0, 5)
    """
    return _border(text, start)[0], _border(text, end)[1]


def _border(text: str, at: int) -> tuple[int, int]:
    """Give the ends of the character that `at` falls into; `at` itself between two."""
    around = text[max(at - 1, 0) : at + 1]
    if at in (0, len(text)) or (around.isascii() and around != "\r\n"):
        return at, at
    for reach in _GRAPHEME_REACH:  # further only where a character began before it
        begin = max(0, at - reach)
        characters = _GRAPHEME.finditer(text, begin)
        start, end = next(c.span() for c in characters if c.end() >= at)
        if begin == 0 or start > begin:
            break
    return (start, end) if start < at < end else (at, at)


_NO_TOKENS = Tokens(
    ids=np.empty(0, dtype=np.int64),
    starts=np.empty(0, dtype=np.int64),
    ends=np.empty(0, dtype=np.int64),
)


def _joined(first: Tokens, second: Tokens) -> Tokens:
    return Tokens(
        ids=np.concatenate([first.ids, second.ids]),
        starts=np.concatenate([first.starts, second.starts]),
        ends=np.concatenate([first.ends, second.ends]),
    )
