"""model2vec's models: a folder with a tokenizer and one vector per piece of a word.

Only this module knows what ``model2vec`` calls a thing.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.encoders.static.encoder import StaticEncoder
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.errors import (
    LongshotError,
    MissingExtraError,
    ModelIntegrityError,
    ModelNotFoundError,
    first_line,
)
from longshot.tokens import MISSING_ID, SpecialTokens, Tokens


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
        "a model2vec model must be a folder, or on a hub that can be reached; "
        f"{folder} is neither ({told}). Give a folder that holds it."
    )
