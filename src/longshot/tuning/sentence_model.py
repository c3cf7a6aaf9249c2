"""The model as sentence-transformers trains it.

Only this module and :mod:`.contrastive` know what ``sentence_transformers``,
``datasets`` and ``torch`` call a thing.
"""

import tempfile
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from longshot.errors import MissingExtraError, ModelError
from longshot.tuning.settings import TuningSettings

AfterStep = Callable[[int], bool]
"""Told how many batches are done; tells whether to stop."""

_LIBRARIES = {
    "sentence_transformers": "sentence-transformers",
    "datasets": "datasets",
    "accelerate": "accelerate",
}


def check_installed() -> None:
    """Find out before anything is read whether the libraries are there.

    Raises
    ------
    MissingExtraError
        If one is not installed.
    """
    for module, library in _LIBRARIES.items():
        if find_spec(module) is None:
            raise MissingExtraError.naming(library, extra="tune")


class SentenceModel:
    """A transformer and the mean over its last layer's tokens.

    Parameters
    ----------
    name, folder
        What a person calls it, and where it lies.
    longest
        Tokens that it reads at once, special ones included; None for no limit.

    Raises
    ------
    ModelError
        If it has no padding token.
    """

    def __init__(self, name: str, folder: Path, longest: int | None) -> None:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import (
            Pooling,
            Transformer,
        )

        self._transformer: Any = Transformer(
            str(folder), max_seq_length=longest, model_kwargs={"use_safetensors": True}
        )
        if self._transformer.tokenizer.pad_token is None:
            raise ModelError(
                f"a model to fine-tune must have a padding token; {name} has none. Use "
                "one that was made for reading, such as minilm."
            )
        dim = self._transformer.auto_model.config.hidden_size
        self._model: SentenceTransformer = SentenceTransformer(
            modules=[self._transformer, Pooling(dim, pooling_mode="mean")]
        )

    @property
    def device(self) -> str:
        """Where it runs, as PyTorch calls it."""
        return str(self._model.device.type)

    def encode(
        self, texts: list[str], batch_windows: int
    ) -> Float[np.ndarray, "window dim"]:
        """Give the vectors of windows under the model as it stands."""
        return np.asarray(
            self._model.encode(
                texts,
                batch_size=batch_windows,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        )

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Count the tokens that it reads of each text, special ones included."""
        features = self._model.preprocess(texts)
        return [int(n) for n in features["attention_mask"].sum(dim=1)]

    def weights(self) -> dict[str, Any]:
        """Copy the weights into the machine's own memory, from a GPU as well."""
        states = self._model.state_dict().items()
        return {name: value.cpu().clone() for name, value in states}

    def restore(self, weights: dict[str, Any]) -> None:
        """Put weights back."""
        self._model.load_state_dict(weights)

    def train(
        self,
        drawn: list[tuple[str, int]],
        settings: TuningSettings,
        after_step: AfterStep,
    ) -> list[float]:
        """Train on windows with their classes, batch after batch as they are drawn.

        Returns
        -------
        list of float
            The loss of each batch.
        """
        from datasets import Dataset, disable_progress_bars
        from sentence_transformers import SentenceTransformerTrainer
        from transformers import PrinterCallback

        from longshot.tuning.contrastive import SupervisedContrastiveLoss

        texts, labels = zip(*drawn, strict=True)
        disable_progress_bars()  # the trainer's own; after_step tells how far it is
        loss = SupervisedContrastiveLoss(self._model)
        with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of the trainer's own libraries
            trainer = SentenceTransformerTrainer(
                model=self._model,
                args=_arguments(settings, scratch),
                train_dataset=Dataset.from_dict({"text": texts, "label": labels}),
                loss=loss,
                callbacks=[_callback(after_step)],
            )
            trainer.remove_callback(PrinterCallback)
            trainer.train()
        return loss.losses

    def save(self, folder: Path) -> None:
        """Write configuration, safetensors weights and tokenizer into a folder."""
        self._transformer.auto_model.save_pretrained(folder)
        self._transformer.tokenizer.save_pretrained(folder)


def _arguments(settings: TuningSettings, scratch: str) -> Any:
    from sentence_transformers import SentenceTransformerTrainingArguments

    return SentenceTransformerTrainingArguments(
        output_dir=scratch,
        max_steps=settings.steps,
        per_device_train_batch_size=settings.batch_windows,
        learning_rate=settings.learning_rate,
        warmup_steps=max(1, settings.steps // 10),
        seed=settings.seed,
        batch_sampler=_in_the_order_drawn,
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


def _in_the_order_drawn(dataset: Any, batch_size: int, **_: Any) -> Any:
    """Give the batches as they were drawn."""
    from sentence_transformers.base.sampler import DefaultBatchSampler
    from torch.utils.data import SequentialSampler

    return DefaultBatchSampler(
        SequentialSampler(dataset), batch_size=batch_size, drop_last=False
    )


def _callback(after_step: AfterStep) -> Any:
    from transformers import TrainerCallback

    class Watching(TrainerCallback):
        """Tells of each step."""

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Stop where it is told to."""
            control.should_training_stop |= after_step(state.global_step)

    return Watching()
