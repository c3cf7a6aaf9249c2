"""Texts to their languages, many at once.

The texts stand one after another in one run of bytes, which is cut into short pieces.
An automaton reads all pieces side by side, a byte of each at a time, so that NumPy does
in a step what Python would do byte by byte. Each piece begins as many bytes earlier as
it takes the automaton to forget what came before.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from jaxtyping import Float, Int, UInt8

from longshot.languages.model import LanguageModel, load_languages
from longshot.languages.names import base_language
from longshot.probabilities import softmax

READ_CHARACTERS = 1_000
"""Of a text's beginning."""

_LEAST_SURE = 0.9
"""Above it, one in 4,206 sentences of 24 languages was told wrong, and none of longer
pieces; and 7 of 23,214 texts of English sets, which are Spanish, or list names in Latin
(``python -m benchmarks.reading.languages``)."""

_NO_LANGUAGE = "zxx"

_BETWEEN = 0xFF
"""Stands between texts: no byte of UTF-8, and none that a feature has."""

_MOST_TEXTS = 1 << 10
"""At once: their features are numbered with 32 bits, and they take some megabytes."""

_PIECE_BYTES = 26
"""With the six before them 32: longer ones are read in more steps, shorter ones read
more bytes twice. Between 16 and 58 it makes a difference of a few microseconds."""


def language_of(text: str) -> str | None:
    """Tell the language of a text's beginning; None where it cannot be told.

    Returns
    -------
    str or None
        Its code (ISO 639), as ``de``.

    Examples
    --------
    >>> language_of("Der Mieter zahlt die Miete am ersten Werktag eines jeden Monats.")
    'de'
    >>> language_of("Rent 2024")
    """
    return languages_of([text])[0]


def languages_of(texts: Sequence[str]) -> list[str | None]:
    """Tell the language of each text, as `language_of` does; faster for many at once.

    Examples
    --------
    >>> languages_of(["The tenant pays the rent on the first day of each month.", "ok"])
    ['en', None]
    """
    told: list[str | None] = []
    for first in range(0, len(texts), _MOST_TEXTS):
        read = [_bytes_of(text) for text in texts[first : first + _MOST_TEXTS]]
        codes, chances = _chances(read)
        best = chances.argmax(axis=1).tolist()
        is_sure = (chances.max(axis=1) >= _LEAST_SURE).tolist()
        told += [
            codes[place] if sure and codes[place] != _NO_LANGUAGE else None
            for place, sure in zip(best, is_sure, strict=True)
        ]
    return told


def _bytes_of(text: str) -> bytes:
    """Give what is read of a text, as the model was trained on it."""
    text = text[:READ_CHARACTERS]
    if text.isupper():
        text = text.lower()
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


def _chances(
    texts: Sequence[bytes],
) -> tuple[tuple[str, ...], Float[np.ndarray, "text language"]]:
    """Give languages, and how likely each text is in each of them.

    py3langid divides a text's log probabilities by the root of its length, so that they
    can be believed for short ones and long ones alike. Where nothing in a text tells
    anything, all languages are as likely.
    """
    model = load_languages()
    scores = _scores(texts, model)
    n_bytes = np.array([max(len(text), 1) for text in texts])
    scores /= np.sqrt(n_bytes)[:, None]
    likely = softmax(scores)
    codes, order, firsts = _columns()
    return codes, np.add.reduceat(likely[:, order], firsts, axis=1)


@cache
def _columns() -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Give the languages, an order of columns by language, and where each begins."""
    codes = [base_language(code) for code in load_languages().codes.tolist()]
    languages, firsts = np.unique(np.sort(codes), return_index=True)
    return tuple(languages.tolist()), np.argsort(codes, kind="stable"), firsts


def _scores(
    texts: Sequence[bytes], model: LanguageModel
) -> Float[np.ndarray, "text column"]:
    """Sum the weights of what each text holds: each feature by its count's log."""
    features = _features(texts, model)
    text_of = np.repeat(
        np.arange(len(texts), dtype=np.int32), [len(text) + 1 for text in texts]
    )
    is_met = features >= 0
    keys = text_of[is_met] * np.int32(len(model.weights)) + features[is_met]
    keys, counts = np.unique(keys, return_counts=True)
    factors = np.log1p(counts.astype(np.float32))
    borders = np.arange(len(texts) + 1) * len(model.weights)
    scores = np.zeros((len(texts), len(model.prior)))
    first = 0
    for text, end in enumerate(np.searchsorted(keys, borders[1:]).tolist()):
        if end > first:
            weights = model.weights.take(keys[first:end] - borders[text], axis=0)
            # Not by BLAS: it would share a product of this size among threads.
            told = np.einsum("f,fl->l", factors[first:end], weights)
            scores[text] = model.prior + told
        first = end
    return scores


def _features(texts: Sequence[bytes], model: LanguageModel) -> Int[np.ndarray, " byte"]:
    """Give what each byte of the texts completes, and of one byte after each text."""
    reach = int(model.longest_feature)
    n_bytes = sum(map(len, texts)) + len(texts)
    n_pieces = -(-n_bytes // _PIECE_BYTES)
    stream: UInt8[np.ndarray, " byte"]
    stream = np.full(reach + n_pieces * _PIECE_BYTES, _BETWEEN, dtype=np.uint8)
    joined = bytes([_BETWEEN]).join(texts)
    stream[reach : reach + len(joined)] = np.frombuffer(joined, dtype=np.uint8)
    pieces = np.lib.stride_tricks.sliding_window_view(stream, reach + _PIECE_BYTES)
    states = np.empty((_PIECE_BYTES, n_pieces), dtype=np.int64)
    state = np.zeros(n_pieces, dtype=np.int64)
    for step, letters in enumerate(pieces[::_PIECE_BYTES].T.copy(), start=-reach):
        state = model.next_state.take(model.first_move.take(state) + letters)
        if step >= 0:
            states[step] = state
    return model.feature.take(states.T.ravel()[:n_bytes])
