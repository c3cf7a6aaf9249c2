"""One document to encoding jobs: its tokens, cut into windows, in their frames."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders import Encoder
from longshot.encoding.scheduling import EncodingJob
from longshot.errors import EmptyDocumentError, SettingError
from longshot.pooling import span_weights, token_weights
from longshot.recipe import Recipe
from longshot.records import Span
from longshot.tokens import (
    CHUNK_CHARACTERS,
    NumberedTokenizer,
    SpecialTokens,
    Tokens,
    iter_tokens,
)
from longshot.windows import TokenWindow, iter_windows

SpanWeights = Float[np.ndarray, "span framed_token"]

_CHARACTERS_PER_TOKEN = 8
_LEAST_CHARACTERS = 1 << 13


class JobMaker:
    """Makes the jobs of documents, for one recipe and encoder.

    Raises
    ------
    SettingError
        If a window and its frame are longer than the model reads, or if the first
        special token is asked for and the model has none.
    """

    def __init__(self, recipe: Recipe, encoder: Encoder) -> None:
        self._recipe = recipe
        self._tokenizer = encoder.tokenizer
        self._frame = _frame(recipe, encoder)
        self._before, self._after = (
            np.array(ids, dtype=np.int64)
            for ids in (self._frame.before, self._frame.after)
        )
        self._weights_by_length: dict[tuple[int, ...], SpanWeights] = {}

    def tokens(self, text: str, most_windows: int | None = None) -> Iterator[Tokens]:
        """Tokenise a text, piece by piece as they are taken.

        Where only the first windows are wanted, the first piece is hardly longer.
        """
        chunk = self.piece_characters(most_windows)
        return iter_tokens(text, self._tokenizer, chunk_characters=chunk)

    def piece_characters(self, most_windows: int | None = None) -> int:
        """Tell how many characters are tokenised at once."""
        if most_windows is None:
            return CHUNK_CHARACTERS
        wanted = most_windows * self._recipe.window_tokens * _CHARACTERS_PER_TOKEN
        return min(max(wanted, _LEAST_CHARACTERS), CHUNK_CHARACTERS)

    def jobs(
        self,
        document_index: int,
        text: str,
        tokens: Iterable[Tokens],
        most_windows: int | None = None,
    ) -> Iterator[EncodingJob]:
        """Give one job per window; none for a text without tokens."""
        windows = self._windows(text, tokens)
        for token_window in islice(windows, most_windows):
            yield self._job(document_index, token_window)

    def jobs_of_ids(
        self, document_index: int, ids: Int[np.ndarray, " token"]
    ) -> Iterator[EncodingJob]:
        """Give one job per window of a document that came as the model's token ids.

        Special tokens around it are taken away: each window gets its own.

        Raises
        ------
        SettingError
            If there is no such token, or the model has none that others know.
        EmptyDocumentError
            If it holds no token.
        """
        self._check_ids(ids)
        own = self._tokenizer.special.without(ids)
        if not len(own):
            raise EmptyDocumentError(
                "a document must hold at least one token that the model reads; number "
                f"{document_index} holds none. Remove it or give its token ids."
            )
        # There is no text: each token stands for one character of it.
        places = np.arange(len(own))
        tokens = Tokens(ids=own, starts=places, ends=places + 1)
        for token_window in self._windows("x" * len(own), [tokens]):
            yield self._job(document_index, token_window)

    def _check_ids(self, ids: Int[np.ndarray, " token"]) -> None:
        if not isinstance(self._tokenizer, NumberedTokenizer):
            raise SettingError(
                f"token ids must be of a model whose tokens are numbered; "
                f"{self._recipe.model} is none. Give texts."
            )
        n_ids = self._tokenizer.n_ids
        outside = ids[(ids < 0) | (ids >= n_ids)]
        if len(outside):
            raise SettingError(
                f"token ids must be those of {self._recipe.model}, in "
                f"[0, {n_ids - 1}]; got {outside[0]}, of another model's tokenizer. "
                "Give texts."
            )

    def _windows(self, text: str, tokens: Iterable[Tokens]) -> Iterator[TokenWindow]:
        return iter_windows(
            text,
            tokens,
            window_tokens=self._recipe.window_tokens,
            overlap_tokens=self._recipe.overlap_tokens,
            unknown_id=self._tokenizer.unknown_id,
        )

    def _job(self, document_index: int, token_window: TokenWindow) -> EncodingJob:
        return EncodingJob(
            document_index=document_index,
            window=token_window.window,
            ids=np.concatenate([self._before, token_window.tokens.ids, self._after]),
            weights=self._weights(token_window.window.spans),
            n_before=len(self._before),
        )

    def _weights(self, spans: tuple[Span, ...]) -> SpanWeights | None:
        """Weigh the tokens of the window and of each of its spans.

        None where their maximum is asked for.
        """
        if self._recipe.token_pooling == "max":
            return None
        counts = tuple(span.n_tokens for span in spans)
        if counts not in self._weights_by_length:
            self._weights_by_length[counts] = self._weigh(counts)
        return self._weights_by_length[counts]

    def _weigh(self, tokens_per_span: tuple[int, ...]) -> SpanWeights:
        window = token_weights(
            n_before=len(self._frame.before),
            n_tokens=sum(tokens_per_span),
            n_after=len(self._frame.after),
            pooling=self._recipe.token_pooling,
        )
        spans = span_weights(
            np.array(tokens_per_span),
            n_before=len(self._frame.before),
            n_framed=len(window),
        )
        return np.vstack([window, spans])


def _frame(recipe: Recipe, encoder: Encoder) -> SpecialTokens:
    """Give what stands around each window: special tokens, and the recipe's prefix."""
    tokenizer = encoder.tokenizer
    _check_pooling(recipe, tokenizer.special)
    prefix = tokenizer.encode(recipe.prefix).ids if recipe.prefix else ()
    frame = SpecialTokens(
        before=(*tokenizer.special.before, *map(int, prefix)),
        after=tokenizer.special.after,
    )
    longest = encoder.max_framed_tokens
    if longest is not None and recipe.window_tokens + frame.n_tokens > longest:
        raise SettingError(
            f"window_tokens must be in [1, {longest - frame.n_tokens}] for model "
            f"{recipe.model}, which reads {longest} tokens at once, {frame.n_tokens} "
            f"of them special or prefix tokens; got {recipe.window_tokens}. Lower "
            "--window-tokens."
        )
    return frame


def _check_pooling(recipe: Recipe, special: SpecialTokens) -> None:
    if recipe.token_pooling == "cls" and not special.before:
        raise SettingError(
            f"token_pooling must be mean or max for model {recipe.model}, which puts "
            "no special token before a text; got cls. Change --token-pooling."
        )
