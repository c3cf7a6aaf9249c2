"""Static embeddings: one vector per word, whatever stands around it.

word2vec, GloVe and fastText come as files of words and vectors; model2vec as a folder
with a tokenizer. Each is an encoder of one layer, so that all that works on hidden
states works on them; what the vocabulary lacks is missing and lowers the coverage.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.protocol import Capacity
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.encoders.vector_store import open_word_vectors
from longshot.encoders.words import VocabularyTokenizer
from longshot.errors import (
    LongshotError,
    LongshotWarning,
    MissingExtraError,
    ModelIntegrityError,
    ModelNotFoundError,
    SettingError,
    first_line,
)
from longshot.tokens import MISSING_ID, SpecialTokens, Tokenizer, Tokens

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
                "words again. The first vector of each is used.",
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


class _KnownPieces:
    """A tokenizer whose unknown token is missing: model2vec leaves it out of means."""

    special = SpecialTokens()
    unknown_id = None

    def __init__(self, tokenizer: HuggingFaceTokenizer, unknown_id: int | None) -> None:
        self._tokenizer = tokenizer
        self._missing = unknown_id

    def encode(self, text: str) -> Tokens:
        """Tokenise a text."""
        tokens = self._tokenizer.encode(text)
        ids = np.where(tokens.ids == self._missing, MISSING_ID, tokens.ids)
        return Tokens(ids=ids, starts=tokens.starts, ends=tokens.ends)


def load_model2vec(name: str, folder: str) -> StaticEncoder:
    """Load a model2vec model by its folder or its name on the hub.

    Raises
    ------
    MissingExtraError
        If model2vec is not installed.
    ModelNotFoundError
        If there is no such folder, and no hub that has it can be reached.
    ModelIntegrityError
        If it is not a model2vec model.
    """
    import hashlib

    try:
        from model2vec import StaticModel
    except ImportError as error:
        raise MissingExtraError.naming("model2vec", extra="static") from error
    try:
        # model2vec asks the hub each time unless told to take what it has
        model = StaticModel.from_pretrained(folder, force_download=False)
    except Exception as error:  # of the hub's client, safetensors, JSON or tokenizers
        raise _not_model2vec(folder, error) from error
    vectors = _model2vec_vectors(model)
    if not np.isfinite(vectors).all():
        raise ModelIntegrityError(
            f"{folder} must hold finite numbers; it holds NaN or infinity. "
            "Fetch the model again."
        )
    digest = hashlib.sha256(vectors.tobytes())
    digest.update(model.tokenizer.to_str().encode())
    tokenizer = HuggingFaceTokenizer(model.tokenizer, model.unk_token_id)
    known = _KnownPieces(tokenizer, model.unk_token_id)
    return StaticEncoder(name, digest.hexdigest(), vectors, known)


def _model2vec_vectors(model: Any) -> Float[np.ndarray, "token dim"]:
    """Give the vector of each token, with its weight in it where tokens weigh."""
    mapping = model.token_mapping
    rows = model.embedding if mapping is None else model.embedding[mapping]
    vectors = np.ascontiguousarray(rows, dtype=np.float32)
    if model.weights is not None:
        vectors = vectors * np.asarray(model.weights, dtype=np.float32)[:, None]
    return vectors


def _not_model2vec(folder: str, error: Exception) -> LongshotError:
    told = first_line(error)
    if Path(folder).is_dir():
        return ModelIntegrityError(
            "a model2vec folder must hold model.safetensors, tokenizer.json and "
            f"config.json; {folder} did not load ({told}). Check its files."
        )
    return ModelNotFoundError(
        f"a model2vec model must be a folder or on a hub within reach; {folder} is "
        f"neither ({told}). Give the folder of a copy."
    )
