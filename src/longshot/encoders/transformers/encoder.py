"""Encoders and decoders that Hugging Face's ``AutoModel`` loads, run by PyTorch.

This is the reference engine, and the one for a GPU. Windows of one length run together,
without a mask, so that PyTorch takes its fused attention; a GPU gets them padded to few
lengths, with a mask where something is padded. Only the weighted sums of the hidden
states leave the device, a few kilobytes for a window. On a GPU two threads bring
batches, so that one is copied, and its results are taken apart, while the other one
computes.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from longshot.encoders.base import PADDING_ID, Capacity, finite
from longshot.encoders.folder import fingerprint_of_folder
from longshot.encoders.transformers.device import (
    batch_tokens_within,
    computed,
    exact_products,
    found_device,
    free_bytes,
    kind_of,
)
from longshot.encoders.transformers.halving import Halving
from longshot.encoders.transformers.loading import (
    load_module,
    load_tokenizer,
    longest_window,
    told_as_model_error,
)
from longshot.errors import SettingError
from longshot.machine.processors import usable_processors
from longshot.recipe import Precision

if TYPE_CHECKING:
    import torch

_PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")
_PROCESSOR_BATCH_TOKENS = 1 << 10
_GPU_BATCHES = 2
"""One computes while the other one is copied, and its results are taken apart."""

_GPU_PAD_TO = 64


class TransformerEncoder:
    """A Hugging Face model on PyTorch.

    Parameters
    ----------
    folder
        The model's configuration, safetensors weights and tokenizer.
    name
        What a person calls it.
    precision
        ``float32``, or ``bfloat16``, in which weights and hidden states are then kept;
        their means are taken in float32.
    device
        Where it runs, as PyTorch calls it: ``cuda``, ``mps`` or ``cpu``. By default a
        GPU that works, else the processor (:mod:`.device`).

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
        if precision not in _PRECISIONS:
            raise SettingError(
                "precision must be float32 or bfloat16 for engine torch; got "
                f"{precision}. Use --engine openvino, or change --precision."
            )
        self.name = name
        self.precision = precision
        self.fingerprint = fingerprint_of_folder(folder)
        self.device = device or found_device()
        with told_as_model_error(name, folder):
            module = load_module(folder, _number_type(precision))
            self.module = module.to(self.device)
        self.tokenizer = load_tokenizer(folder)
        config = self.module.config
        self.n_layers: int = config.num_hidden_layers + 1
        self.dim: int = config.hidden_size
        self.max_framed_tokens = longest_window(config)
        self._n_threads = _n_threads()
        self.capacity = self._capacity()
        self._halving = Halving(name, self.device)

    def _capacity(self) -> Capacity:
        n_bytes = free_bytes(self.device)
        if n_bytes is None:
            return Capacity(
                n_batches=usable_processors(), batch_tokens=_PROCESSOR_BATCH_TOKENS
            )
        batch_tokens = batch_tokens_within(
            n_bytes,
            n_layers=self.n_layers,
            dim=self.dim,
            number_bytes=4 if self.precision == "float32" else 2,
        )
        return Capacity(
            n_batches=_GPU_BATCHES,
            batch_tokens=batch_tokens,
            pad_to_multiple_of=_GPU_PAD_TO,
            n_tokenizers=usable_processors(),
        )

    def means(
        self,
        ids: Int[np.ndarray, "window framed_token"],
        weights: Float[np.ndarray, "window span framed_token"],
        layers: Sequence[int],
    ) -> Float[np.ndarray, "window layer span dim"]:
        """Give weighted sums of the hidden states of each window's tokens.

        Raises
        ------
        ModelError
            If not even one window fits into the device's memory.
        """

        def start(part: slice) -> "torch.Tensor":
            import torch

            rows = self._on_device(weights[part])
            states = self._hidden_states(ids[part])
            pooled = [torch.bmm(rows, states[layer].float()) for layer in layers]
            return torch.stack(pooled, dim=1)

        return self._run(start, ids)

    def states(
        self, ids: Int[np.ndarray, "window framed_token"], layers: Sequence[int]
    ) -> Float[np.ndarray, "window layer framed_token dim"]:
        """Give the hidden states of single tokens.

        Raises
        ------
        ModelError
            If not even one window fits into the device's memory.
        """

        def start(part: slice) -> "torch.Tensor":
            import torch

            states = self._hidden_states(ids[part])
            return torch.stack([states[layer].float() for layer in layers], dim=1)

        return self._run(start, ids)

    def _run(
        self, start: "Callable[[slice], torch.Tensor]", ids: np.ndarray
    ) -> np.ndarray:
        """Compute for a batch, in parts where it does not fit into memory."""
        import torch

        n_windows, n_tokens = ids.shape

        def compute(part: slice) -> np.ndarray:
            is_full = 2 * ids[part].size > self.capacity.batch_tokens
            repeats = is_full and not (ids[part] == PADDING_ID).any()
            return computed(lambda: start(part), self.device, repeats=repeats)

        with ExitStack() as stack:
            stack.enter_context(torch.inference_mode())
            stack.enter_context(self._own_share_of_processors())
            if self.precision == "float32":
                stack.enter_context(exact_products())
            values = self._halving.run(compute, n_windows=n_windows, n_tokens=n_tokens)
        return finite(values, self.name)

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
        known = ids != PADDING_ID
        if known.all():
            mask = None  # the fastest attention takes none
        else:
            ids = np.where(known, ids, self.module.config.pad_token_id or 0)
            mask = self._on_device(known.astype(np.int64))
        output = self.module(
            input_ids=self._on_device(ids),
            attention_mask=mask,
            output_hidden_states=True,
        )
        states: tuple[torch.Tensor, ...] = output.hidden_states
        return states

    def _on_device(self, values: np.ndarray) -> "torch.Tensor":
        """Copy an array to where the model runs, beside what runs there if it can."""
        import torch

        tensor = torch.from_numpy(values)
        if kind_of(self.device) == "cuda":
            return tensor.pin_memory().to(self.device, non_blocking=True)
        return tensor.to(self.device)


def _number_type(precision: Precision) -> "torch.dtype":
    import torch

    return torch.float32 if precision == "float32" else torch.bfloat16


def _n_threads() -> int:
    import torch

    return torch.get_num_threads()
