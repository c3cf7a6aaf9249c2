"""Static embeddings: one vector per word, whatever stands around it.

Each is an encoder of one layer, so that all that works on hidden states works on them;
what the vocabulary lacks is missing and lowers the coverage.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.base import Capacity
from longshot.encoders.static.store import open_word_vectors
from longshot.encoders.words import VocabularyTokenizer
from longshot.errors import LongshotWarning, SettingError
from longshot.tokens import MISSING_ID, Tokenizer

_SCANNED_ROWS = 1 << 16


class StaticEncoder:
    """Looks up each token's vector.

    Parameters
    ----------
    name
        What a person calls it.
    fingerprint
        Hexadecimal digits that stand for vocabulary and vectors.
    vectors
        One row per token; may be mapped from disk.
    tokenizer
        What gives the rows.
    """

    n_layers = 1
    max_framed_tokens = None
    capacity = Capacity()

    def __init__(
        self,
        name: str,
        fingerprint: str,
        vectors: Float[np.ndarray, "word dim"],
        tokenizer: Tokenizer,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.tokenizer = tokenizer
        self.dim: int = vectors.shape[1]
        self._vectors = vectors

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the vectors of each window's tokens."""
        sums = weights @ self._vectors[ids]
        return np.repeat(sums[:, None], len(layers), axis=1)

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the vectors of single tokens."""
        return np.repeat(self._vectors[ids][:, None], len(layers), axis=1)


class WordEncoder(StaticEncoder):
    """A static encoder whose tokens are whole words, with their neighbours.

    Parameters
    ----------
    name
        What a person calls it.
    path
        A file of word2vec (text or binary), GloVe or fastText; may be zipped.

    Raises
    ------
    ModelNotFoundError, ModelIntegrityError
        If the file is missing or damaged.
    """

    def __init__(self, name: str, path: Path) -> None:
        opened = open_word_vectors(path)
        if opened.n_repeated:
            warnings.warn(
                f"every word must have one vector; {path} gives {opened.n_repeated:,} "
                "words a second one. The first vector of each is used.",
                LongshotWarning,
                stacklevel=2,
            )
        self._rows = opened.rows
        self._words = VocabularyTokenizer(opened.rows.get)
        super().__init__(name, opened.fingerprint, opened.vectors, self._words)

    def vector(self, word: str) -> Float[np.ndarray, " dim"]:
        """Give a word's vector.

        Raises
        ------
        SettingError
            If the vocabulary lacks it.
        """
        return np.array(self._vectors[self._row(word)])

    def neighbours(self, word: str, n_neighbours: int = 10) -> list[tuple[str, float]]:
        """Give the words of the greatest cosine to a word, best first.

        Raises
        ------
        SettingError
            If the vocabulary lacks the word.
        """
        row = self._row(word)
        similarities = np.concatenate(
            [
                _cosines(self._vectors[i : i + _SCANNED_ROWS], self._vectors[row])
                for i in range(0, len(self._vectors), _SCANNED_ROWS)
            ]
        )
        similarities[row] = -np.inf
        best = np.argsort(-similarities, kind="stable")[:n_neighbours]
        words = list(self._rows)
        return [(words[i], float(similarities[i])) for i in best if i != row]

    def _row(self, word: str) -> int:
        row = self._words.row(word)
        if row == MISSING_ID:
            raise SettingError(
                f"a word must be in the vocabulary of {self.name}; {word!r} is not. "
                "Choose another word or model."
            )
        return row


def _cosines(
    rows: Float[np.ndarray, "word dim"], vector: Float[np.ndarray, " dim"]
) -> Float[np.ndarray, " word"]:
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(vector)
    return np.asarray(rows @ vector / np.maximum(lengths, np.finfo(np.float32).tiny))
