"""Fine-tuning by sentence-transformers' trainer.

The model's folder and examples enter; the tuned model leaves, in memory. Every
``MEASURE_STEPS`` batches the held-out documents are judged; the weights under which
they were judged best are kept, and training stops when they get no better.
"""

import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from longshot.encoders.catalogue import transformer_folder
from longshot.errors import MissingExtraError, ModelError, SettingError
from longshot.records import Example
from longshot.tuning.measuring import HeldOutMeasure, Probe
from longshot.tuning.sampling import draw_windows
from longshot.tuning.settings import TuningSettings
from longshot.tuning.windows import TuningSet, tuning_set

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OnStep = Callable[[int, int], None]
"""Told of the batches that are done, and how many there are at most."""

OnMeasure = Callable[[HeldOutMeasure], None]
"""Told of each measure of the held-out documents, the first one before training."""

MEASURE_STEPS = 25
PATIENCE = 3
"""Measures without progress after which it stops."""

_LIBRARIES = {
    "sentence_transformers": "sentence-transformers",
    "datasets": "datasets",
    "accelerate": "accelerate",
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tuned:
    """What fine-tuning gave.

    Attributes
    ----------
    before, after
        The held-out documents under the model as it was, and at its best; the same
        where nothing was better.
    losses
        Of each batch.
    n_windows_drawn
        Windows that were trained on, each counted once.
    """

    before: HeldOutMeasure
    after: HeldOutMeasure
    losses: tuple[float, ...]
    n_windows_drawn: int
    _model: "SentenceTransformer"

    @property
    def is_better(self) -> bool:
        """Whether any step was better than none."""
        return self.after.step > 0

    def save(self, folder: Path) -> None:
        """Write configuration, safetensors weights and tokenizer into a folder."""
        transformer: Any = self._model[0]
        transformer.auto_model.save_pretrained(folder)
        transformer.tokenizer.save_pretrained(folder)


class Tuner:
    """Fine-tunes one model on one set of examples.

    Parameters
    ----------
    model
        ``minilm``, a model's folder or the id of one on the hub.
    examples
        Labelled documents; the result does not depend on their order.
    settings
        How.

    Raises
    ------
    MissingExtraError
        If a library that it takes is not installed.
    ExamplesError
        If they are too few.
    EmptyDocumentError
        If one holds no token.
    ModelError
        If the model cannot be loaded, or is no transformer.
    SettingError
        If windows are longer than half of what the model reads.
    """

    def __init__(
        self, model: str, examples: Sequence[Example], settings: TuningSettings
    ) -> None:
        check_installed()
        from longshot.encoders.transformer import TransformerEncoder

        folder = transformer_folder(model)
        encoder = TransformerEncoder(folder, model, device="cpu")
        self.settings = settings
        _check_window(model, settings, encoder.max_framed_tokens)
        self.material: TuningSet = tuning_set(
            examples,
            encoder.tokenizer,
            window_tokens=settings.window_tokens,
            seed=settings.seed,
        )
        self._model = _sentence_transformer(model, folder, encoder.max_framed_tokens)
        self._probe = Probe.of(
            self.material, most_windows=MEASURE_STEPS * settings.batch_windows
        )

    @property
    def device(self) -> str:
        """Where it runs, as PyTorch calls it."""
        return str(self._model.device.type)

    def tune(
        self, *, on_step: OnStep | None = None, on_measure: OnMeasure | None = None
    ) -> Tuned:
        """Train until the held-out documents get no better."""
        drawn = draw_windows(
            self.material.trained,
            n_batches=self.settings.steps,
            batch_windows=self.settings.batch_windows,
            seed=self.settings.seed,
        )
        watch = _Watch(self, on_step, on_measure)
        watch.measure(0)
        losses = self._train(drawn, watch)
        watch.restore_best()
        n_seen = len(losses) * self.settings.batch_windows
        return Tuned(
            before=watch.measures[0],
            after=watch.best,
            losses=tuple(losses),
            n_windows_drawn=len(set(drawn[:n_seen])),
            _model=self._model,
        )

    def encode(self, texts: list[str]) -> Float[np.ndarray, "window dim"]:
        """Give the vectors of windows under the model as it stands."""
        return np.asarray(
            self._model.encode(
                texts,
                batch_size=self.settings.batch_windows,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        )

    def _train(self, drawn: list[tuple[str, int]], watch: "_Watch") -> list[float]:
        from datasets import Dataset, disable_progress_bars
        from sentence_transformers import SentenceTransformerTrainer
        from transformers import PrinterCallback

        from longshot.tuning.contrastive import SupervisedContrastiveLoss

        texts, labels = zip(*drawn, strict=True)
        disable_progress_bars()  # the trainer's own; on_step tells how far it is
        loss = SupervisedContrastiveLoss(self._model)
        with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of the trainer's own libraries
            trainer = SentenceTransformerTrainer(
                model=self._model,
                args=_arguments(self.settings, scratch),
                train_dataset=Dataset.from_dict({"text": texts, "label": labels}),
                loss=loss,
                callbacks=[_trainer_callback(watch)],
            )
            trainer.remove_callback(PrinterCallback)
            trainer.train()
        return loss.losses


class _Watch:
    """Measures while training goes on, keeps the best weights, and says when to stop.

    On a GPU as well the best weights are kept in the machine's own memory.
    """

    def __init__(
        self, tuner: Tuner, on_step: OnStep | None, on_measure: OnMeasure | None
    ) -> None:
        self._tuner = tuner
        self._on_step = on_step or (lambda n_done, n_steps: None)
        self._on_measure = on_measure or (lambda measure: None)
        self._weights: dict[str, Any] = {}
        self.measures: list[HeldOutMeasure] = []

    @property
    def best(self) -> HeldOutMeasure:
        """The best measure so far."""
        best = self.measures[0]
        for one in self.measures[1:]:
            best = one if one.is_better_than(best) else best
        return best

    def measure(self, step: int) -> None:
        """Judge the held-out documents."""
        found = self._tuner._probe.measure(self._tuner.encode, step)
        self.measures.append(found)
        if self.best is found:
            states = self._tuner._model.state_dict().items()
            self._weights = {name: value.cpu().clone() for name, value in states}
        self._on_measure(found)

    def step(self, n_done: int) -> bool:
        """Tell whether to stop after a batch."""
        n_steps = self._tuner.settings.steps
        self._on_step(n_done, n_steps)
        if n_done % MEASURE_STEPS and n_done < n_steps:
            return False
        self.measure(n_done)
        return len(self.measures) - 1 - self.measures.index(self.best) >= PATIENCE

    def restore_best(self) -> None:
        """Put the best weights back."""
        self._tuner._model.load_state_dict(self._weights)


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


def _check_window(model: str, settings: TuningSettings, longest: int | None) -> None:
    """Leave room: a window's text may hold a few tokens more when it stands alone."""
    if longest is not None and settings.window_tokens > longest // 2:
        raise SettingError(
            f"window_tokens must be at most {longest // 2} for fine-tuning {model}, "
            f"half of what it reads at once; got {settings.window_tokens}. "
            "Lower --window-tokens."
        )


def _sentence_transformer(
    model: str, folder: Path, longest: int | None
) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    transformer: Any = Transformer(
        str(folder), max_seq_length=longest, model_kwargs={"use_safetensors": True}
    )
    if transformer.tokenizer.pad_token is None:
        raise ModelError(
            f"a model to fine-tune must have a padding token; {model} has none. Use "
            "one that was made for reading, such as minilm."
        )
    pooling = Pooling(transformer.auto_model.config.hidden_size, pooling_mode="mean")
    return SentenceTransformer(modules=[transformer, pooling])


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


def _trainer_callback(watch: _Watch) -> Any:
    from transformers import TrainerCallback

    class Watching(TrainerCallback):  # type: ignore[misc]
        """Hands each step to the watch."""

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Stop where it says so."""
            control.should_training_stop |= watch.step(state.global_step)

    return Watching()
