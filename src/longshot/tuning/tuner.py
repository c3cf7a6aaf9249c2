"""Fine-tuning: examples to windows to batches to a tuned model, in this order.

The weights under which the held-out documents were judged best are the result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from longshot.encoders.catalogue import transformer_folder
from longshot.errors import SettingError
from longshot.records import Example
from longshot.tuning.measuring import HeldOutMeasure, Probe
from longshot.tuning.sampling import draw_windows
from longshot.tuning.sentence_model import SentenceModel, check_installed
from longshot.tuning.settings import TuningSettings
from longshot.tuning.watching import MEASURE_STEPS, OnMeasure, Watch
from longshot.tuning.windows import tuning_set

OnStep = Callable[[int, int], None]
"""Told of the batches that are done, and how many there are at most."""


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
    model
        With its best weights.
    """

    before: HeldOutMeasure
    after: HeldOutMeasure
    losses: tuple[float, ...]
    n_windows_drawn: int
    model: SentenceModel

    @property
    def is_better(self) -> bool:
        """Whether any step was better than none."""
        return self.after.step > 0

    def save(self, folder: Path) -> None:
        """Write a model's folder, which ``--model`` reads."""
        self.model.save(folder)


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
        from longshot.encoders.transformers import TransformerEncoder

        folder = transformer_folder(model)
        encoder = TransformerEncoder(folder, model, device="cpu")
        longest = encoder.max_framed_tokens
        _check_window(model, settings, longest)
        self.settings = settings
        self.material = tuning_set(
            examples,
            encoder.tokenizer,
            window_tokens=settings.window_tokens,
            seed=settings.seed,
        )
        self.model = SentenceModel(model, folder, longest)
        self._probe = Probe.of(
            self.material, most_windows=MEASURE_STEPS * settings.batch_windows
        )

    def tune(
        self, *, on_step: OnStep | None = None, on_measure: OnMeasure | None = None
    ) -> Tuned:
        """Train until the held-out documents get no better.

        Parameters
        ----------
        on_step
            Told of each batch.
        on_measure
            Told of each measure of the held-out documents.
        """
        n_steps, batch_windows = self.settings.steps, self.settings.batch_windows
        drawn = draw_windows(
            self.material.trained,
            n_batches=n_steps,
            batch_windows=batch_windows,
            seed=self.settings.seed,
        )
        watch = Watch(self._measure, self.model.weights, n_steps, on_measure)

        def after_step(n_done: int) -> bool:
            if on_step is not None:
                on_step(n_done, n_steps)
            return watch.after_step(n_done)

        losses = self.model.train(drawn, self.settings, after_step)
        self.model.restore(watch.best_weights)
        return Tuned(
            before=watch.before,
            after=watch.best,
            losses=tuple(losses),
            n_windows_drawn=len(set(drawn[: len(losses) * batch_windows])),
            model=self.model,
        )

    def _measure(self, step: int) -> HeldOutMeasure:
        batch_windows = self.settings.batch_windows
        return self._probe.measure(
            lambda texts: self.model.encode(texts, batch_windows), step
        )


def _check_window(model: str, settings: TuningSettings, longest: int | None) -> None:
    """Leave room: a window's text may hold a few tokens more when it stands alone."""
    if longest is not None and settings.window_tokens > longest // 2:
        raise SettingError(
            f"window_tokens must be at most {longest // 2} for fine-tuning {model}, "
            f"half of what it reads at once; got {settings.window_tokens}. "
            "Lower --window-tokens."
        )
