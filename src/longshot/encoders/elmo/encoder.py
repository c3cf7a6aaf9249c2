"""ELMo (Peters et al. 2018) from AllenNLP's files, run by PyTorch.

Windows are read each from a state of zeros, so that a window's vectors never depend on
what was read before; :meth:`ElmoEncoder.sentences` keeps the state between batches as
AllenNLP does, for those who want exactly that.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int

from longshot.encoders.base import Capacity
from longshot.encoders.elmo.characters import NO_WORD_ID, ElmoTokenizer
from longshot.encoders.elmo.files import load_network
from longshot.encoders.elmo.network import ElmoState
from longshot.errors import ModelNotFoundError, SettingError


class ElmoEncoder:
    """An ELMo: layer 0 is the word by its characters, then one layer per LSTM.

    Parameters
    ----------
    name
        What a person calls it.
    options_path, weights_path
        AllenNLP's ``options.json`` and HDF5 weights.

    Raises
    ------
    MissingExtraError
        If h5py is not installed.
    ModelNotFoundError, ModelIntegrityError
        If a file is missing, from elsewhere, or the two do not fit.
    """

    max_framed_tokens = None
    capacity = Capacity()

    def __init__(self, name: str, options_path: Path, weights_path: Path) -> None:
        self._network = load_network(options_path, weights_path)
        options = self._network.options
        self.name = name
        self.fingerprint = _fingerprint(options_path, weights_path)
        self.tokenizer = ElmoTokenizer(options.word_characters)
        self.n_layers: int = 1 + options.n_layers
        self.dim: int = 2 * options.dim

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the states of each window's words."""
        return np.asarray(weights[:, None] @ self.states(ids, layers))

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the states of single words."""
        states, _ = self._read(ids, None)
        return states[:, list(layers)]

    def sentences(
        self, batches: Iterable[Sequence[Sequence[str]]], *, stateful: bool = True
    ) -> Iterator[list[Float[np.ndarray, "layer token dim"]]]:
        """Read batches of sentences that are already cut into words.

        Parameters
        ----------
        batches
            Each a sequence of sentences.
        stateful
            Whether the i-th sentence of a batch goes on from the state that the i-th
            one of the batch before ended in, as in AllenNLP. All batches then have one
            size.

        Yields
        ------
        list
            For each sentence of a batch all layers of its words.

        Raises
        ------
        SettingError
            If `stateful` and a batch has another size than the first.
        """
        state: ElmoState | None = None
        for number, batch in enumerate(batches):
            if state is not None and len(batch) != len(state[0][0].state):
                raise SettingError(
                    f"batches must be of one size when the state is kept; batch "
                    f"{number} has {len(batch)} sentences where the first has "
                    f"{len(state[0][0].state)}. Even them out or give stateful=False."
                )
            states, end = self._read(self._framed(batch), state)
            state = end if stateful else None
            yield [
                rows[:, 1 : 1 + len(sentence)]
                for rows, sentence in zip(states, batch, strict=True)
            ]

    def _framed(
        self, batch: Sequence[Sequence[str]]
    ) -> Int[np.ndarray, "row framed_token"]:
        frame = self.tokenizer.special
        framed = [frame.frame(self.tokenizer.ids(list(words))) for words in batch]
        ids = np.full((len(framed), max(map(len, framed))), NO_WORD_ID, dtype=np.int64)
        for row, words in zip(ids, framed, strict=True):
            row[: len(words)] = words
        return ids

    def _read(
        self, ids: Int[np.ndarray, "row framed_token"], state: ElmoState | None
    ) -> tuple[Float[np.ndarray, "row layer framed_token dim"], ElmoState]:
        characters = torch.from_numpy(self.tokenizer.characters(ids))
        with torch.inference_mode():
            layers, end = self._network(characters, state)
            return torch.stack(layers, dim=1).numpy(), end


def load_elmo(name: str, files: str) -> ElmoEncoder:
    """Load the model of ``OPTIONS,WEIGHTS``.

    Raises
    ------
    ModelNotFoundError
        If there are not two files.
    """
    options, comma, weights = files.partition(",")
    if not comma or not options or not weights:
        raise ModelNotFoundError(
            "an ELMo model must be given as elmo:OPTIONS,WEIGHTS, two files; "
            f"got {name}. Name options.json and the HDF5 weights."
        )
    return ElmoEncoder(name, Path(options), Path(weights))


def _fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
