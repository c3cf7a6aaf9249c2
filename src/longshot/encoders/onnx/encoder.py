"""Hugging Face models of the BERT family in int8, on ONNX Runtime."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.base import (
    finite,
    one_span_per_token,
    one_window_per_processor,
)
from longshot.encoders.bert import is_served, read_checkpoint
from longshot.encoders.bert.tokenizer import read_tokenizer
from longshot.encoders.configuration import read_configuration
from longshot.encoders.extra import require_onnx
from longshot.encoders.folder import fingerprint_of_folder
from longshot.errors import ModelError
from longshot.recipe import Precision
from longshot.tokens import Tokenizer


class OnnxEncoder:
    """A model of the BERT family in int8, with a range for each token.

    Parameters
    ----------
    folder
        The model's configuration, safetensors weights and tokenizer.
    name
        What a person calls it.

    Raises
    ------
    MissingExtraError
        If ONNX Runtime is not installed.
    ModelError
        If the model is of another family, or its files are not what they should be.
    """

    precision: Precision = "int8-tokens"

    def __init__(self, folder: Path, name: str) -> None:
        require_onnx(f"precision {self.precision}")
        configuration = read_configuration(folder)
        if not is_served(configuration):
            raise ModelError(
                f"a model must be of the BERT family for precision {self.precision}; "
                f"{name} is of the family {configuration.family}. "
                "Leave out --precision."
            )
        self.name = name
        self.fingerprint = fingerprint_of_folder(folder)
        self.n_layers = configuration.n_layers + 1
        self.dim = configuration.dim
        self.max_framed_tokens = configuration.max_framed_tokens
        self.tokenizer: Tokenizer = read_tokenizer(folder)
        self.capacity = one_window_per_processor()
        self._checkpoint = read_checkpoint(folder)
        self._sessions: dict[tuple[int, ...], Any] = {}
        self._opening = threading.Lock()

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the hidden states of each window's tokens."""
        given = {"ids": np.asarray(ids, dtype=np.int64), "weights": weights}
        sums = self._session(tuple(layers)).run(None, given)
        return finite(np.stack(sums, axis=1), self.name)

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the hidden states of single tokens: each token is a span of its own."""
        return self.means(ids, one_span_per_token(ids), layers)

    def _session(self, layers: tuple[int, ...]) -> Any:
        from longshot.encoders.onnx.network import open_network

        with self._opening:
            if layers not in self._sessions:
                self._sessions[layers] = open_network(self._checkpoint, layers)
            return self._sessions[layers]
