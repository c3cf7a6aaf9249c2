"""Encoders and decoders that Hugging Face's ``AutoModel`` loads, run by PyTorch.

This is the reference engine: every other one is held against it. Windows of one length
run together, so that nothing is padded and no attention mask is needed.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.finite import finite
from longshot.encoders.folder import fingerprint_of_folder, listing, tokenizer_files
from longshot.encoders.protocol import Capacity
from longshot.encoders.tokenizer import HuggingFaceTokenizer
from longshot.errors import (
    ModelError,
    ModelIntegrityError,
    SettingError,
)
from longshot.processors import usable_processors
from longshot.recipe import Precision

if TYPE_CHECKING:
    import torch

_POSITIONS_BEHIND_PADDING = frozenset(
    {"roberta", "xlm-roberta", "camembert", "mpnet", "longformer", "xlm-roberta-xl"}
)
"""Families whose first positions stand for padding, so that a window gets fewer."""


_NVIDIA_DEVICE = Path("/dev/nvidia0")
_PROCESSOR_BATCH_TOKENS = 1 << 10
_GPU_CAPACITY = Capacity(batch_tokens=1 << 15)


class TransformerEncoder:
    """A Hugging Face model on PyTorch.

    Parameters
    ----------
    folder
        The model's configuration, safetensors weights and tokenizer.
    name
        What a person calls it.
    precision
        ``float32``, or ``bfloat16``, in which the products are then computed.
    device
        Where it runs, as PyTorch calls it: ``cuda``, ``mps`` or ``cpu``. Whichever of
        them is found first, by default.

    Raises
    ------
    ModelIntegrityError
        If the folder lacks a configuration, weights or a tokenizer.
    ModelError
        If ``transformers`` cannot load it.
    SettingError
        If the precision is one that PyTorch does not serve.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        precision: Precision = "float32",
        *,
        device: str | None = None,
    ) -> None:
        if precision == "int8":
            raise SettingError(
                "precision must be float32 or bfloat16 for engine torch; got int8. "
                "Use --engine openvino, or change --precision."
            )
        self.name = name
        self.precision = precision
        self.fingerprint = fingerprint_of_folder(folder)
        self.device = device or _found_device()
        with _told_as_model_error(name, folder):
            self.module = _load_model(folder).to(self.device)
        self.tokenizer = _load_tokenizer(folder)
        config = self.module.config
        self.n_layers: int = config.num_hidden_layers + 1
        self.dim: int = config.hidden_size
        self.max_framed_tokens = longest_window(config)
        self._n_threads = _n_threads()
        self.capacity = self._capacity()

    def _capacity(self) -> Capacity:
        if self.device != "cpu":
            return _GPU_CAPACITY
        return Capacity(
            n_batches=usable_processors(), batch_tokens=_PROCESSOR_BATCH_TOKENS
        )

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the hidden states of each window's tokens."""
        import torch

        with torch.inference_mode(), self._own_share_of_processors():
            rows = self._on_device(weights)
            states = self._hidden_states(ids)
            pooled = [torch.bmm(rows, states[layer].float()) for layer in layers]
            means = torch.stack(pooled, dim=1).cpu().numpy()
        return finite(means, self.name)

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the hidden states of single tokens."""
        import torch

        with torch.inference_mode(), self._own_share_of_processors():
            states = self._hidden_states(ids)
            chosen = torch.stack([states[layer].float() for layer in layers], dim=1)
        return finite(chosen.cpu().numpy(), self.name)

    @contextmanager
    def _own_share_of_processors(self) -> Iterator[None]:
        """Compute on one processor where batches run side by side in threads.

        One batch on each processor is faster than each batch on all of them; a caller
        of its own, in the main thread, has them all.
        """
        import torch

        alone = threading.current_thread() is threading.main_thread()
        if alone or self.device != "cpu":
            yield
            return
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(self._n_threads)

    def _hidden_states(self, ids: np.ndarray) -> "tuple[torch.Tensor, ...]":
        import torch

        with torch.autocast(
            torch.device(self.device).type,
            dtype=torch.bfloat16,
            enabled=self.precision == "bfloat16",
        ):
            output = self.module(
                input_ids=self._on_device(ids), output_hidden_states=True
            )
        states: tuple[torch.Tensor, ...] = output.hidden_states
        return states

    def _on_device(self, values: np.ndarray) -> "torch.Tensor":
        """Copy an array to where the model runs, beside what runs there if it can."""
        import torch

        tensor = torch.from_numpy(values)
        if self.device.startswith("cuda"):
            return tensor.pin_memory().to(self.device, non_blocking=True)
        return tensor.to(self.device)


def has_gpu() -> bool:
    """Tell whether PyTorch has a GPU to run on, importing it only if it might."""
    if not _NVIDIA_DEVICE.exists():
        return False
    import torch

    return torch.cuda.is_available()


def _n_threads() -> int:
    import torch

    return torch.get_num_threads()


def _found_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def longest_window(config: Any) -> int | None:
    """Give the positions that a model has for a framed window; None for no limit."""
    positions = getattr(config, "max_position_embeddings", None)
    if positions is None or positions <= 0:
        return None
    if config.model_type in _POSITIONS_BEHIND_PADDING:
        return int(positions - config.pad_token_id - 1)
    return int(positions)


def _load_model(folder: Path) -> Any:
    import torch
    from transformers import AutoConfig, AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    config.use_cache = False
    model, loading = AutoModel.from_pretrained(
        folder,
        config=config,
        dtype=torch.float32,
        use_safetensors=True,
        output_loading_info=True,
    )
    _check_complete(folder, loading["missing_keys"])
    return model.eval()


def _check_complete(folder: Path, missing: Iterable[str]) -> None:
    """Refuse weights with gaps: ``transformers`` fills them with random numbers.

    The pooler behind the last layer may lack; no recipe reads it.
    """
    read = sorted(name for name in missing if "pooler" not in name)
    if read:
        raise ModelIntegrityError(
            f"a model's weights must be complete; those in {folder} lack {read[0]} and "
            f"{len(read) - 1} more. Fetch the model again, or name another one."
        )


def _load_tokenizer(folder: Path) -> HuggingFaceTokenizer:
    from transformers import AutoTokenizer

    if not tokenizer_files(folder):
        raise ModelIntegrityError(
            "a model's folder must hold its tokenizer (tokenizer.json); "
            f"{folder} holds {listing(folder)}. Save the tokenizer there with "
            "save_pretrained."
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, use_fast=True, trust_remote_code=False
        )
        backend = tokenizer.backend_tokenizer
    except Exception as error:
        raise ModelIntegrityError(
            "a model's tokenizer must be one that gives character offsets; the one in "
            f"{folder} did not load ({_first_line(error)}). Save it again with "
            "save_pretrained."
        ) from error
    return HuggingFaceTokenizer(backend, tokenizer.unk_token_id)


@contextmanager
def _told_as_model_error(name: str, folder: Path) -> Iterator[None]:
    """Tell whatever ``transformers`` raises in one line.

    It raises errors of a dozen kinds, safetensors' and its own, for a folder that is
    not what it expects.
    """
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(
            f"model {name} must be one that AutoModel loads; {folder} did not load "
            f"({_first_line(error)}). Check its files or name another model."
        ) from error


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]
