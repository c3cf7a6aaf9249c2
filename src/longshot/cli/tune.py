"""``longshot tune``: fine-tune the encoder itself on labelled documents."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.options import ColumnOptions, Examples, with_options
from longshot.cli.output.consoles import counted, say
from longshot.cli.output.failures import EXIT_MISTAKE, telling_mistakes

if TYPE_CHECKING:
    from longshot.tuning import HeldOutMeasure, Tuned, Tuner

_TIMED_STEPS = 3


@telling_mistakes
@with_options
def tune(
    examples: Examples,
    *,
    out: Annotated[Path, typer.Option(help="The model's folder to write.")],
    model: Annotated[
        str,
        typer.Option(help="What is tuned: minilm, a model's folder, or its hub id."),
    ] = "minilm",
    steps: Annotated[
        int,
        typer.Option(
            help="At most so many batches; it stops earlier where held-out examples "
            "get no better."
        ),
    ] = 200,
    batch_windows: Annotated[int, typer.Option(help="Windows of a batch.")] = 32,
    window_tokens: Annotated[
        int, typer.Option(help="Tokens of a window, without special ones.")
    ] = 128,
    learning_rate: Annotated[float, typer.Option(help="At its height.")] = 3e-5,
    seed: Annotated[int, typer.Option(help="Of everything drawn at random.")] = 0,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder if it is there.")
    ] = False,
    columns: ColumnOptions,
) -> None:
    """Fine-tune the encoder itself on EXAMPLES, and write it as a model's folder.

    A quarter of each label's examples is held out to measure by. It takes minutes.

    Example: longshot tune labelled/ --out tuned
    """
    from longshot.cli.input.examples import read_labelled
    from longshot.cli.output.summary import summary_at_end
    from longshot.report.folders import check_folder_place, whole_folder
    from longshot.tuning import Tuner, TuningSettings
    from longshot.tuning.sentence_model import check_installed

    settings = TuningSettings(
        steps=steps,
        batch_windows=batch_windows,
        window_tokens=window_tokens,
        learning_rate=learning_rate,
        seed=seed,
    )
    check_installed()
    check_folder_place(out, overwrite=overwrite)
    with summary_at_end() as summary:
        read = read_labelled(examples, columns, summary)
        tuner = Tuner(model, read, settings)
        tuned = _tuned(tuner)
        _tell(tuned, tuner)
        if not tuned.is_better:
            say(
                "[yellow]nothing was written:[/] no step told held-out documents apart "
                "better than {} as it is. Use that, or give more examples.",
                model,
            )
            raise typer.Exit(EXIT_MISTAKE)
        with whole_folder(out, overwrite=overwrite) as folder:
            tuned.save(folder)
        say("the model is in {}; use it with --model {}", out, out)


def _tuned(tuner: "Tuner") -> "Tuned":
    """Train, with a progress bar on a terminal; tell how long it will take."""
    from longshot.cli.output.progress import steps_bar

    material = tuner.material
    say(
        "{} held out of {}; {} to train on, on {}",
        counted(len(material.held_out), "document"),
        len(material.held_out) + len(material.trained),
        counted(material.n_windows, "window"),
        tuner.model.device,
    )
    clock = _Clock(tuner)
    with steps_bar("tuning") as show:

        def on_step(n_done: int, n_steps: int) -> None:
            clock.step(n_done, n_steps)
            show(n_done, n_steps)

        return tuner.tune(on_step=on_step, on_measure=clock.measure)


class _Clock:
    """Tells how long it will take, once it has seen a measure and a few steps."""

    def __init__(self, tuner: "Tuner") -> None:
        self._tuner = tuner
        self._measured_s = 0.0
        self._last = time.monotonic()

    def measure(self, found: "HeldOutMeasure") -> None:
        """Tell of a measure."""
        self._measured_s = self._measured_s or time.monotonic() - self._last
        self._last = time.monotonic()
        say(
            "after {}: {} of the held-out documents right, surprise {} nats",
            counted(found.step, "step"),
            f"{found.accuracy:.1%}",
            f"{found.surprise:.3f}",
        )

    def step(self, n_done: int, n_steps: int) -> None:
        """Tell the time once, after a few steps; the first one is slower."""
        if n_done == 1:
            self._last = time.monotonic()
        if n_done == 1 + _TIMED_STEPS:
            from longshot.tuning.watching import MEASURE_STEPS

            per_step_s = (time.monotonic() - self._last) / _TIMED_STEPS
            n_measures = n_steps // MEASURE_STEPS
            left_s = per_step_s * (n_steps - n_done) + self._measured_s * n_measures
            say(
                "{} at most; Ctrl-C stops it, and nothing is written",
                counted(max(1, round(left_s / 60)), "minute"),
            )


def _tell(tuned: "Tuned", tuner: "Tuner") -> None:
    say(
        "held-out documents right: {} before, {} after {}",
        f"{tuned.before.accuracy:.1%}",
        f"{tuned.after.accuracy:.1%}",
        counted(tuned.after.step, "step"),
    )
    say(
        "{} of {} were trained on; loss {} at first, {} at last",
        f"{tuned.n_windows_drawn:,}",
        counted(tuner.material.n_windows, "window"),
        f"{tuned.losses[0]:.2f}",
        f"{tuned.losses[-1]:.2f}",
    )
