"""Models by name: from what a person writes to an encoder."""

import os
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from longshot.encoders.base import Encoder
from longshot.encoders.configuration import read_configuration
from longshot.encoders.engines import (
    OF_TORCH,
    Engine,
    compiled,
    module_of,
    on_torch,
)
from longshot.encoders.extra import has_torch, require_torch
from longshot.encoders.folder import fingerprint_of_folder
from longshot.encoders.languages import CARD
from longshot.encoders.minilm import NAME as MINILM
from longshot.encoders.minilm import check_weights, minilm_folder, minilm_here
from longshot.encoders.published import (
    PUBLISHED,
    WEIGHTS,
    Published,
    fetch,
    show_progress_on_terminals_only,
)
from longshot.encoders.transformers.device import has_gpu
from longshot.errors import (
    LongshotError,
    LongshotWarning,
    ModelError,
    ModelNotFoundError,
    SettingError,
)
from longshot.recipe import PrecisionSetting

if TYPE_CHECKING:
    from longshot.encoders.transformers.entailment import EntailmentModel

FAMILIES = ("word2vec", "glove", "fasttext", "model2vec", "elmo")
"""What may stand before a colon in a model's name."""

_SHORT = ", ".join(PUBLISHED)

_HUB_FILES = ["*.json", "*.safetensors", "*.txt", "*.model", CARD]
_NOT_OF_THE_HUB = ["*/*"]
"""Folders beside it: copies in other formats, and other libraries' settings."""


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
    name: str, *, engine: Engine = "auto", precision: PrecisionSetting = "float32"
) -> Encoder:
    """Load the encoder that a name stands for.

    Parameters
    ----------
    name
        ``minilm``, ``mpnet``, a model's folder, or the id of a model on the Hugging
        Face hub;
        ``word2vec:FILE``, ``glove:FILE``, ``fasttext:FILE``, ``model2vec:FOLDER_OR_ID``
        or ``elmo:OPTIONS,WEIGHTS`` for the families that are no transformers.
    engine
        ``auto`` takes PyTorch where there is a GPU, else OpenVINO, and PyTorch again
        for a model that OpenVINO does not serve, of which it warns.
    precision
        Of the model's arithmetic; ``auto`` takes the fastest one that keeps the
        vectors, as measured here.

    Raises
    ------
    ModelNotFoundError
        If there is no such folder, and no hub that has it can be reached.
    ModelIntegrityError
        If its files are missing or altered.
    ModelError
        If it cannot be loaded by the engine.
    MissingExtraError
        If the engine or the model needs PyTorch, and it is not installed.
    SettingError
        If the engine does not serve the precision.
    """
    family, colon, files = name.partition(":")
    if colon and family in FAMILIES:
        _check_precision(name, precision)
        return _of_family(family, name, files)
    with _imported_meanwhile(module_of(engine, precision)):
        folder = _folder_of(name)
        fingerprint_of_folder(folder)
    is_torchs = precision in ("auto", *OF_TORCH)  # a GPU is not looked for otherwise
    if engine == "torch" or (engine == "auto" and is_torchs and has_gpu()):
        require_torch("engine torch")
        return on_torch(folder, name, precision)
    try:
        return compiled(folder, name, precision, engine)
    except ModelError as error:
        if engine == "openvino" or not is_torchs or not has_torch():
            raise
        reference = on_torch(folder, name, precision)
        warnings.warn(f"{error} Continuing with it.", LongshotWarning, stacklevel=2)
        return reference


def load_entailment(name: str) -> "EntailmentModel":
    """Load the model of natural-language inference that a name stands for.

    Parameters
    ----------
    name
        A model's folder, or its id on the Hugging Face hub.

    Raises
    ------
    ModelNotFoundError
        If there is no such folder, and no hub that has it can be reached.
    ModelIntegrityError
        If its files are missing or altered.
    ModelError
        If it is no model of natural-language inference.
    MissingExtraError
        If PyTorch is not installed.
    """
    require_torch(f"names_model {name}")
    from longshot.encoders.transformers.entailment import EntailmentModel

    return EntailmentModel(_folder_of(name), name)


@contextmanager
def _imported_meanwhile(module: str) -> Iterator[None]:
    """Import in a thread, while files are hashed here."""
    with ThreadPoolExecutor(1) as pool:
        importing = pool.submit(import_module, module)
        yield
        importing.result()


def _check_precision(name: str, precision: PrecisionSetting) -> None:
    if precision not in ("float32", "auto"):
        raise SettingError(
            f"precision must be float32 for model {name}, which has no other; got "
            f"{precision}. Leave out --precision."
        )


def _of_family(family: str, name: str, files: str) -> Encoder:
    if family == "elmo":
        require_torch(f"model {name}")
        from longshot.encoders.elmo import load_elmo

        return load_elmo(name, files)
    from longshot.encoders.static import WordEncoder, load_model2vec

    if family == "model2vec":
        return load_model2vec(name, files)
    return WordEncoder(name, Path(files))


def is_here(name: str) -> bool:
    """Tell whether a model lies on this machine, so that loading it fetches nothing.

    Of the hub's models it is not known before the hub's client was asked.
    """
    if name == MINILM:
        return minilm_here() is not None
    if name in PUBLISHED and PUBLISHED[name].folder.is_dir():
        return True
    return Path(name).is_dir()


def usable_models() -> Iterator[Model]:
    """List the models on this machine: the default one, and what was fetched."""
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
        check_weights(folder / WEIGHTS)
        return folder
    if name in PUBLISHED and not Path(name).is_dir():
        return _fetched(PUBLISHED[name])
    if Path(name).is_dir():
        return Path(name)
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelNotFoundError(
            f"a model must be {_SHORT}, a folder or the id of a model on the hub; "
            f"there is no folder {name}. Check the path."
        )
    return _folder_from_hub(name)


def _fetched(model: Published) -> Path:
    if not model.folder.is_dir():
        warnings.warn(
            f"model {model.name} is not on this machine yet: fetching it once "
            f"({model.megabytes} MB).",
            LongshotWarning,
            stacklevel=2,
        )
    return fetch(model)


def _folder_from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    show_progress_on_terminals_only()
    try:
        return Path(
            snapshot_download(
                name, allow_patterns=_HUB_FILES, ignore_patterns=_NOT_OF_THE_HUB
            )
        )
    except HFValidationError as error:
        raise ModelNotFoundError(
            f"a model must be {_SHORT}, a folder or an id such as bert-base-uncased; "
            f"got {name!r}. See `longshot models`."
        ) from error
    except Exception as error:
        # The hub's client lets through errors of its own and of its HTTP library.
        raise ModelNotFoundError(
            f"model {name} must be on this machine, or on a hub that can be reached; "
            f"it is on neither ({type(error).__name__}). {_advice(name)}"
        ) from error


def _advice(name: str) -> str:
    like = get_close_matches(name, PUBLISHED, n=1)
    meant = f"Did you mean {like[0]}? " if like else ""
    return f"{meant}`longshot models` lists those that are here."


def _folders_here() -> Iterator[tuple[str, Path]]:
    installed = minilm_here()
    if installed is not None:
        yield MINILM, installed
    for model in PUBLISHED.values():
        if model.folder.is_dir() and model.folder != installed:
            yield model.name, model.folder
    from huggingface_hub.constants import HF_HUB_CACHE

    for snapshots in sorted(Path(HF_HUB_CACHE).glob("models--*/snapshots")):
        name = snapshots.parent.name.removeprefix("models--").replace("--", "/")
        for folder in sorted(snapshots.iterdir(), key=os.path.getmtime)[-1:]:
            yield name, folder


def _describe(name: str, folder: Path) -> Model | None:
    if not any(folder.glob("*.safetensors")):
        return None
    configuration = read_configuration(folder)
    return Model(
        name=name,
        dim=configuration.dim,
        n_layers=configuration.n_layers + 1,
        max_framed_tokens=configuration.max_framed_tokens,
        folder=folder,
    )
