"""Models of natural-language inference: whether one text follows from another.

A premise and a hypothesis enter in one row; a score for each of the model's outputs
leaves: entailment, contradiction and, with most models, neutral. Rows are batched by
the caller, and padded here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Float32, Int

from longshot.encoders.base import finite
from longshot.encoders.configuration import read_configuration
from longshot.encoders.folder import fingerprint_of_folder
from longshot.encoders.tokenizer import HuggingFaceTokenizer, PairFrame
from longshot.encoders.transformers.device import (
    batch_tokens_within,
    computed,
    exact_products,
    found_device,
    free_bytes,
)
from longshot.encoders.transformers.halving import Halving
from longshot.encoders.transformers.loading import (
    load_module,
    load_tokenizer_and_inputs,
    told_as_model_error,
)
from longshot.errors import ModelError

if TYPE_CHECKING:
    import torch

MOST_TOKENS = 512
"""Of a premise, a hypothesis and what stands around them, where the model takes more:
what BERT takes. The pairs that such models are trained on (MultiNLI, Williams et al.
2018) are shorter, and the time of a row grows with its square."""

_PROCESSOR_BATCH_TOKENS = 1 << 10
"""As many as an encoder gets at once on a processor."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Which of a model's outputs is which.

    Attributes
    ----------
    n_outputs
        How many there are.
    entailment
        The number of the one that speaks for the hypothesis.
    against
        Those that speak against it: contradiction alone, where there is such an output;
        else all others.
    """

    n_outputs: int
    entailment: int
    against: tuple[int, ...]

    @classmethod
    def of(cls, settings: Mapping[str, Any], name: str) -> "Outputs":
        """Read it from a model's configuration.

        Raises
        ------
        ModelError
            If it names no entailment, or that alone.
        """
        named = settings.get("id2label") or {}
        if not named:
            named = {
                number: label
                for label, number in (settings.get("label2id") or {}).items()
            }
        labels = {int(number): str(label).lower() for number, label in named.items()}
        of_kind = {
            kind: [number for number, one in labels.items() if one.startswith(kind)]
            for kind in ("entail", "contradict")
        }
        others = sorted(labels.keys() - set(of_kind["entail"]))
        if len(of_kind["entail"]) != 1 or not others:
            told = ", ".join(map(str, named.values())) or "none"
            raise ModelError(
                "a model that is asked about names must have an output called "
                "entailment and another one (id2label in its config.json); "
                f"{name} has {told}. Name a model of natural-language inference."
            )
        against = tuple(of_kind["contradict"] or others)
        return cls(len(labels), of_kind["entail"][0], against)

    def log_odds(
        self, logits: Float[np.ndarray, "row output"]
    ) -> Float[np.ndarray, " row"]:
        """Give how much likelier entailment is than what speaks against it.

        The logarithm of the ratio of their probabilities.
        """
        wide = logits.astype(np.float64)
        against = np.logaddexp.reduce(wide[:, self.against], axis=1)
        return np.asarray(wide[:, self.entailment] - against)


class EntailmentModel:
    """A Hugging Face model of natural-language inference, on PyTorch.

    What is cheap is checked at once; the weights are loaded at the first use.

    Parameters
    ----------
    folder
        The model's configuration, safetensors weights and tokenizer.
    name
        What a person calls it.

    Raises
    ------
    ModelIntegrityError
        If the folder lacks a configuration or weights.
    ModelError
        If its configuration names no entailment.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.fingerprint = fingerprint_of_folder(folder)
        configuration = read_configuration(folder)
        self.outputs = Outputs.of(configuration.settings, name)
        longest = configuration.max_framed_tokens or MOST_TOKENS
        self.most_tokens = min(longest, MOST_TOKENS)
        self._folder = folder

    @property
    def tokenizer(self) -> HuggingFaceTokenizer:
        """What gives its token ids."""
        return self._loaded.tokenizer

    @property
    def n_special_tokens(self) -> int:
        """How many tokens stand around a premise and a hypothesis."""
        return self._loaded.frame.n_tokens

    @property
    def batch_tokens(self) -> int:
        """Tokens that it best gets in one call, padding included."""
        return self._loaded.batch_tokens

    def logits(
        self,
        premises: Sequence[Int[np.ndarray, " _"]],
        hypotheses: Sequence[Int[np.ndarray, " _"]],
    ) -> Float32[np.ndarray, "row output"]:
        """Give the model's outputs for each premise with its hypothesis.

        Parameters
        ----------
        premises, hypotheses
            Their token ids, without special ones; no row longer than `most_tokens`.

        Raises
        ------
        ModelError
            If not even one row fits into the device's memory.
        """
        return self._loaded.logits(premises, hypotheses)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the weights out: another process loads its own."""
        return {k: v for k, v in self.__dict__.items() if k != "_loaded"}

    @cached_property
    def _loaded(self) -> "_Loaded":
        return _loaded(self._folder, self.name, self.fingerprint, found_device())


@lru_cache(maxsize=1)
def _loaded(folder: Path, name: str, fingerprint: str, device: str) -> "_Loaded":
    """Load a model, once for all the classifiers that are fitted with it."""
    del fingerprint  # a folder that was written anew is another model
    return _Loaded(folder, name, device)


class _Loaded:
    """The weights on their device, with the tokenizer."""

    def __init__(self, folder: Path, name: str, device: str) -> None:
        import torch

        self.name, self.device = name, device
        with told_as_model_error(name, folder):
            module = load_module(folder, torch.float32, classifies=True)
            self.module = module.to(device)
        self.tokenizer, inputs = load_tokenizer_and_inputs(folder)
        self.frame: PairFrame = self.tokenizer.pair_frame
        self._takes_types = "token_type_ids" in inputs
        self._padding_id: int = self.module.config.pad_token_id or 0
        self._halving = Halving(name, device)
        self.batch_tokens = self._batch_tokens()

    def _batch_tokens(self) -> int:
        n_bytes, config = free_bytes(self.device), self.module.config
        if n_bytes is None:
            return _PROCESSOR_BATCH_TOKENS
        return batch_tokens_within(
            n_bytes,
            n_layers=config.num_hidden_layers + 1,
            dim=config.hidden_size,
            number_bytes=4,
        )

    def logits(
        self, premises: Sequence[np.ndarray], hypotheses: Sequence[np.ndarray]
    ) -> Float32[np.ndarray, "row output"]:
        import torch

        pairs = zip(premises, hypotheses, strict=True)
        rows = [self.frame.frame(*pair) for pair in pairs]
        n_tokens = max(row.shape[1] for row in rows)
        ids = np.full((len(rows), n_tokens), self._padding_id, dtype=np.int64)
        types, mask = np.zeros_like(ids), np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : row.shape[1]], types[place, : row.shape[1]] = row
            mask[place, : row.shape[1]] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        if self._takes_types:
            inputs["token_type_ids"] = types

        def start(part: slice) -> "torch.Tensor":
            on_device = {
                name: torch.from_numpy(values[part]).to(self.device)
                for name, values in inputs.items()
            }
            logits: torch.Tensor = self.module(**on_device).logits
            return logits.float()

        def compute(part: slice) -> np.ndarray:
            return computed(lambda: start(part), self.device, repeats=False)

        with torch.inference_mode(), exact_products():
            found = self._halving.run(compute, n_windows=len(rows), n_tokens=n_tokens)
        return finite(found, self.name)
