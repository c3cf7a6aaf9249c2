"""Models by name: from what a person writes to an encoder."""

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from longshot.encoders.base import Encoder
from longshot.encoders.minilm import NAME as MINILM
from longshot.encoders.minilm import check_weights, minilm_folder
from longshot.errors import (
    LongshotError,
    LongshotWarning,
    ModelError,
    ModelNotFoundError,
    SettingError,
)
from longshot.recipe import Precision

Engine = Literal["auto", "torch", "openvino"]

FAMILIES = ("word2vec", "glove", "fasttext", "model2vec", "elmo")
"""What may stand before a colon in a model's name."""

_HUB_FILES = ["*.json", "*.safetensors", "*.txt", "*.model"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A model that can be used here, as ``longshot models`` lists it.

    Attributes
    ----------
    name
        What to give as ``--model``.
    dim, n_layers
        Dimensions of a hidden state, and hidden states with the input embeddings.
    max_framed_tokens
        Tokens of its longest window, special ones included; None for no limit.
    folder
        Where it lies.
    """

    name: str
    dim: int
    n_layers: int
    max_framed_tokens: int | None
    folder: Path


def load_encoder(
    name: str, *, engine: Engine = "auto", precision: Precision = "float32"
) -> Encoder:
    """Load the encoder that a name stands for.

    Parameters
    ----------
    name
        ``minilm``, a model's folder, or the id of a model on the Hugging Face hub;
        ``word2vec:FILE``, ``glove:FILE``, ``fasttext:FILE``, ``model2vec:FOLDER_OR_ID``
        or ``elmo:OPTIONS,WEIGHTS`` for the families that are no transformers.
    engine
        ``auto`` takes PyTorch where there is a GPU, else OpenVINO, and PyTorch again
        for a model that OpenVINO does not serve, of which it warns.
    precision
        Of the model's arithmetic.

    Raises
    ------
    ModelNotFoundError
        If there is no such folder, and no hub that has it can be reached.
    ModelIntegrityError
        If its files are missing or altered.
    ModelError
        If it cannot be loaded by the engine.
    SettingError
        If the engine does not serve the precision.
    """
    family, colon, files = name.partition(":")
    if colon and family in FAMILIES:
        _check_precision(name, precision)
        return _of_family(family, name, files)
    from longshot.encoders.openvino import OpenVinoEncoder
    from longshot.encoders.transformers import TransformerEncoder
    from longshot.encoders.transformers.device import has_gpu

    folder = _folder_of(name)
    if engine == "torch" or (engine == "auto" and precision != "int8" and has_gpu()):
        return TransformerEncoder(folder, name, precision)
    try:
        return OpenVinoEncoder(folder, name, precision)
    except ModelError as error:
        if engine == "openvino" or precision == "int8":
            raise
        reference = TransformerEncoder(folder, name, precision)
        warnings.warn(f"{error} Going on with it.", LongshotWarning, stacklevel=2)
        return reference


def _check_precision(name: str, precision: Precision) -> None:
    if precision != "float32":
        raise SettingError(
            f"precision must be float32 for model {name}, which has no other; got "
            f"{precision}. Leave out --precision."
        )


def _of_family(family: str, name: str, files: str) -> Encoder:
    if family == "elmo":
        from longshot.encoders.elmo import load_elmo

        return load_elmo(name, files)
    from longshot.encoders.static import WordEncoder, load_model2vec

    if family == "model2vec":
        return load_model2vec(name, files)
    return WordEncoder(name, Path(files))


def usable_models() -> Iterator[Model]:
    """List the models that lie on this machine: the bundled one and the hub's cache."""
    for name, folder in _folders_here():
        try:
            model = _describe(name, folder)
        except (LongshotError, OSError, ValueError, KeyError):
            continue  # not a text model, or only half of one
        if model is not None:
            yield model


def _folder_of(name: str) -> Path:
    if name == MINILM:
        folder = minilm_folder()
        check_weights(folder / "model.safetensors")
        return folder
    if Path(name).is_dir():
        return Path(name)
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelNotFoundError(
            f"a model must be minilm, a folder or the id of a model on the hub; there "
            f"is no folder {name}. Check the path."
        )
    return _folder_from_hub(name)


def _folder_from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES))
    except HFValidationError as error:
        raise ModelNotFoundError(
            f"a model must be minilm, a folder or an id such as bert-base-uncased; "
            f"got {name!r}. See `longshot models`."
        ) from error
    except Exception as error:
        # The hub's client lets through errors of its own and of its HTTP library.
        raise ModelNotFoundError(
            f"model {name} must be on this machine or on a hub within reach; it is "
            f"neither ({type(error).__name__}). Give the folder of a copy, or see "
            "`longshot models`."
        ) from error


def _folders_here() -> Iterator[tuple[str, Path]]:
    yield MINILM, minilm_folder()
    from huggingface_hub.constants import HF_HUB_CACHE

    for snapshots in sorted(Path(HF_HUB_CACHE).glob("models--*/snapshots")):
        name = snapshots.parent.name.removeprefix("models--").replace("--", "/")
        for folder in sorted(snapshots.iterdir(), key=os.path.getmtime)[-1:]:
            yield name, folder


def _describe(name: str, folder: Path) -> Model | None:
    from transformers import AutoConfig

    from longshot.encoders.transformers.loading import longest_window

    if not any(folder.glob("*.safetensors")):
        return None
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    return Model(
        name=name,
        dim=config.hidden_size,
        n_layers=config.num_hidden_layers + 1,
        max_framed_tokens=longest_window(config),
        folder=folder,
    )
