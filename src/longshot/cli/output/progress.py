"""A progress bar on a terminal, with tokens per second and time left; else lines.

In a pipe or a log a line every ten seconds tells how far the run is.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from longshot.cli.output.consoles import counted, drawing, printable, say
from longshot.cli.output.steady_lines import SteadyLines
from longshot.errors import LongshotWarning
from longshot.records import OnWindow

LINE_EVERY_S = 10.0


class _TokensPerSecond(ProgressColumn):
    """Tokens done over seconds gone by."""

    def render(self, task: Task) -> Text:
        speed = task.fields["n_tokens"] / task.elapsed if task.elapsed else 0.0
        return Text(f"{speed:,.0f} tokens/s")


@contextmanager
def _drawn(progress: Progress, told: Callable[[], str]) -> Iterator[Progress]:
    """Draw a bar where there is a terminal; elsewhere say from time to time."""
    lines = SteadyLines(told, every_s=LINE_EVERY_S)
    with lines if progress.disable else drawing(progress):
        yield progress


def _bar(told: str, *figures: ProgressColumn) -> Progress:
    """Make a bar on stderr that is gone when it is done, and shows only on a terminal.

    Parameters
    ----------
    told
        What stands before it, in rich's template of a task.
    figures
        What stands between the share done and the time left.
    """
    console = Console(stderr=True)
    return Progress(
        TextColumn(told),
        BarColumn(),
        TaskProgressColumn(),
        *figures,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def count_characters(source: str, columns: Mapping[str, str]) -> int | None:
    """Count what there is to read, so that the time left can be told.

    Reading is quick beside encoding. Nothing is counted where no bar is shown, nor on
    standard input or another pipe, which can be read only once.
    """
    path = Path(source)
    if not (path.is_file() or path.is_dir()) or not Console(stderr=True).is_terminal:
        return None
    from longshot.reading import read_documents

    documents = read_documents(source, on_set_aside=lambda _: None, **columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LongshotWarning)  # the run itself tells it
        return sum(len(document.text) for document in documents)


def _shown(name: str) -> str:
    """Give a name without what rich takes for markup, or a terminal for a command."""
    return printable(name).replace("[", "(")


@contextmanager
def progress_bar(what: str, n_characters: int | None) -> Iterator[OnWindow]:
    """Show how far a run is.

    Parameters
    ----------
    what
        What is being done.
    n_characters
        Of all documents together; None where that is not known before.

    Yields
    ------
    OnWindow
        To be told of each encoded window.
    """
    n_tokens = n_read = n_documents = 0
    last = ""

    def line() -> str:
        share = f", {n_read / n_characters:.0%} of it" if n_characters else ""
        return (
            f"{what}: {counted(n_documents, 'document')} read{share}, at {_shown(last)}"
        )

    told = f"{what} [dim]{{task.fields[document]}}"
    shown = _drawn(_bar(told, _TokensPerSecond()), lambda: line() if last else what)
    with shown as progress:
        task = progress.add_task(what, total=n_characters, document="", n_tokens=0)

        def on_window(document_id: str, n_new_characters: int, n_new: int) -> None:
            nonlocal n_tokens, n_read, n_documents, last
            n_tokens += n_new
            n_read += n_new_characters
            n_documents += document_id != last
            last = document_id
            progress.update(
                task,
                advance=n_new_characters,
                n_tokens=n_tokens,
                document=_shown(document_id[-30:]),
            )

        yield on_window


@contextmanager
def uses_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show how many of a study's words each model has read."""
    what = "reading words"

    def line() -> str:
        return what

    with _drawn(_bar("reading words with {task.description}"), line) as progress:
        tasks: dict[str, TaskID] = {}

        def on_progress(model: str, n_read: int, n_all: int) -> None:
            nonlocal what
            what = f"reading words with {model}: {n_read:,} of {n_all:,}"
            if model not in tasks:
                tasks[model] = progress.add_task(_shown(model), total=n_all)
            progress.update(tasks[model], completed=n_read)

        yield on_progress


@contextmanager
def steps_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many steps are done: epochs of a training, splits of an evaluation."""
    line = what
    with _drawn(_bar("{task.description}"), lambda: line) as progress:
        task = progress.add_task(what, total=None)

        def on_step(n_done: int, n_steps: int) -> None:
            nonlocal line
            line = f"{what}: {n_done:,} of {n_steps:,}"
            progress.update(task, completed=n_done, total=n_steps)

        yield on_step


@contextmanager
def passes_bar(model: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far a model that is asked about labels is; in the end, what it took."""
    n_before, n_now = 0, 0
    with ExitStack() as stack:

        def on_pass(n_done: int, n_all: int) -> None:
            nonlocal n_before, n_now
            if n_done == 0:
                n_before, n_now = n_before + n_now, 0
                stack.close()
                bars.append(stack.enter_context(steps_bar(f"asking {_shown(model)}")))
            n_now = n_done
            bars[-1](n_done, n_all)
            if n_done == n_all:
                stack.close()

        bars: list[Callable[[int, int], None]] = []
        yield on_pass
    if n_passes := n_before + n_now:
        say(
            "asked {}: {} forward passes, one for each window of a document and label",
            model,
            f"{n_passes:,}",
        )
