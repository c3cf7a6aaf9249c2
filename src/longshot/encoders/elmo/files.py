"""AllenNLP's files to an ELMo network: ``options.json`` and HDF5 weights.

TensorFlow's layout stands in the weights: matrices are transposed, the forget gate's
bias lacks the 1 that TensorFlow adds while running, and a highway layer's gate is the
share of what is new.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from longshot.encoders.elmo.network import N_CHARACTERS, Elmo, ElmoOptions
from longshot.errors import MissingExtraError, ModelIntegrityError, ModelNotFoundError

if TYPE_CHECKING:
    import h5py

_CHECK = "Give the two files of one model, as AllenNLP publishes them."


def load_network(options_path: Path, weights_path: Path) -> Elmo:
    """Build the network that the options describe and fill in its weights.

    Raises
    ------
    MissingExtraError
        If h5py is not installed.
    ModelNotFoundError
        If a file is missing.
    ModelIntegrityError
        If a file is not what AllenNLP writes, or the weights do not fit the options.
    """
    for path in (options_path, weights_path):
        if not path.is_file():
            raise ModelNotFoundError(
                f"an ELMo model must have both of its files; there is no {path}. "
                "Check the path."
            )
    network = Elmo(read_options(options_path))
    with _opened(weights_path) as file:
        _fill(network, _Weights(file, weights_path))
    return network.eval()


def read_options(path: Path) -> ElmoOptions:
    """Read ``options.json``.

    Raises
    ------
    ModelIntegrityError
        If it is not ELMo's.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        lstm, words = told["lstm"], told["char_cnn"]
        options = ElmoOptions(
            dim=int(lstm["projection_dim"]),
            cell_dim=int(lstm["dim"]),
            n_layers=int(lstm["n_layers"]),
            cell_clip=_clip(lstm.get("cell_clip")),
            state_clip=_clip(lstm.get("proj_clip")),
            skips=bool(lstm["use_skip_connections"]),
            character_dim=int(words["embedding"]["dim"]),
            word_characters=int(words["max_characters_per_token"]),
            filters=tuple((int(width), int(n)) for width, n in words["filters"]),
            n_highway=int(words["n_highway"]),
            activation=str(words["activation"]),
        )
        n_characters = int(words.get("n_characters", N_CHARACTERS))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelIntegrityError(
            f"ELMo's options must be AllenNLP's options.json; {path} is not "
            f"({type(error).__name__}: {error}). {_CHECK}"
        ) from error
    _check_options(path, options, n_characters)
    return options


def _clip(value: float | int | None) -> float | None:
    """Give a limit as AllenNLP writes it: a whole number, another, or null."""
    return None if value is None else float(value)


def _check_options(path: Path, options: ElmoOptions, n_characters: int) -> None:
    if n_characters not in (N_CHARACTERS - 1, N_CHARACTERS):
        raise ModelIntegrityError(
            f"ELMo must read {N_CHARACTERS} characters; {path} says {n_characters}. "
            f"{_CHECK}"
        )
    if options.activation not in ("relu", "tanh"):
        raise ModelIntegrityError(
            f"ELMo's activation must be relu or tanh; {path} says "
            f"{options.activation}. {_CHECK}"
        )


class _Weights:
    """The arrays of a weights file, each checked as it is taken."""

    def __init__(self, file: "h5py.File", path: Path) -> None:
        self._file = file
        self._path = path

    def take(self, name: str, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
        """Read an array of a known shape.

        Raises
        ------
        ModelIntegrityError
            If it is missing, has another shape, or holds what is no number.
        """
        if name not in self._file or not hasattr(self._file[name], "shape"):
            raise ModelIntegrityError(
                f"ELMo's weights must hold {name}; {self._path} does not. {_CHECK}"
            )
        array = np.asarray(self._file[name][...], dtype=np.float32)
        if array.shape != shape:
            raise ModelIntegrityError(
                f"ELMo's weights must fit its options; {name} of {self._path} has the "
                f"shape {array.shape} where they ask for {shape}. {_CHECK}"
            )
        if not np.isfinite(array).all():
            raise ModelIntegrityError(
                f"ELMo's weights must be finite numbers; {name} of {self._path} has "
                "NaN or infinity. Fetch the file again."
            )
        return array


def _fill(network: Elmo, weights: _Weights) -> None:
    _fill_words(network.words, network.options, weights)
    for direction, lstms in enumerate(network.directions):
        for layer, lstm in enumerate(lstms.children()):
            name = f"RNN_{direction}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"
            _fill_lstm(lstm, network.options, weights, name)


def _fill_words(words: nn.Module, options: ElmoOptions, weights: _Weights) -> None:
    characters = weights.take("char_embed", (N_CHARACTERS - 1, options.character_dim))
    no_character = np.zeros((1, options.character_dim), dtype=np.float32)
    _put(words, "characters", np.concatenate([no_character, characters]))
    for i, (width, number) in enumerate(options.filters):
        shape = (1, width, options.character_dim, number)
        filters = weights.take(f"CNN/W_cnn_{i}", shape)[0].transpose(2, 1, 0)
        bias = weights.take(f"CNN/b_cnn_{i}", (number,))
        _put(words, f"convolutions.{i}", filters, bias)
    n = options.n_filters
    for i in range(options.n_highway):
        for module, name in (("transforms", "transform"), ("gates", "carry")):
            matrix = weights.take(f"CNN_high_{i}/W_{name}", (n, n)).T
            bias = weights.take(f"CNN_high_{i}/b_{name}", (n,))
            _put(words, f"{module}.{i}", matrix, bias)
    matrix = weights.take("CNN_proj/W_proj", (n, options.dim)).T
    _put(words, "projection", matrix, weights.take("CNN_proj/b_proj", (options.dim,)))


def _fill_lstm(
    lstm: nn.Module, options: ElmoOptions, weights: _Weights, name: str
) -> None:
    dim, cell_dim = options.dim, options.cell_dim
    both = weights.take(f"{name}/W_0", (2 * dim, 4 * cell_dim))
    bias = weights.take(f"{name}/B", (4 * cell_dim,))
    bias[2 * cell_dim : 3 * cell_dim] += 1.0
    _put(lstm, "from_input", both[:dim].T, bias)
    _put(lstm, "from_state", both[dim:].T)
    _put(lstm, "projection", weights.take(f"{name}/W_P_0", (cell_dim, dim)).T)


def _put(
    network: nn.Module,
    module: str,
    weight: Float[np.ndarray, "..."],
    bias: Float[np.ndarray, " out"] | None = None,
) -> None:
    """Copy a module's parameters into it."""
    parameters = network.get_submodule(module)
    with torch.no_grad():
        parameters.get_parameter("weight").copy_(_tensor(weight))
        if bias is not None:
            parameters.get_parameter("bias").copy_(_tensor(bias))


def _tensor(array: Float[np.ndarray, "..."]) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))


@contextmanager
def _opened(path: Path) -> "Iterator[h5py.File]":
    try:
        import h5py
    except ImportError as error:
        raise MissingExtraError.naming("h5py", extra="elmo") from error
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise ModelIntegrityError(
            f"ELMo's weights must be an HDF5 file; {path} is not, or is cut short "
            f"({str(error).splitlines()[0][:120]}). {_CHECK}"
        ) from error
    with file:
        yield file
