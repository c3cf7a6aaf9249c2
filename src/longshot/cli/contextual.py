"""``longshot contextual``: how contextual words are in models."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.options import ColumnOptions, with_options
from longshot.cli.output.consoles import say
from longshot.cli.output.failures import EXIT_MISTAKE, telling_mistakes

if TYPE_CHECKING:
    from longshot.contextuality import Study


@telling_mistakes
@with_options
def contextual(
    sentences: Annotated[
        str,
        typer.Argument(
            metavar="SENTENCES",
            help="A table with the column text and, if the senses are known, label; or "
            "a text file with one sentence per line.",
            show_default=False,
        ),
    ],
    *,
    words: Annotated[
        str,
        typer.Option(
            help="Words separated by commas; mouse/mice are forms of one word."
        ),
    ],
    models: Annotated[
        list[str],
        typer.Option(
            "--models",
            "--model",
            help="Models separated by commas, or one option for each: "
            "minilm, a folder, an id, word2vec:FILE, glove:FILE, "
            "fasttext:FILE, model2vec:FOLDER or elmo:OPTIONS,WEIGHTS.",
        ),
    ] = ["minilm"],  # noqa: B006 - Typer never changes it
    report: Annotated[
        Path | None, typer.Option(help="Write an HTML page with figures.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all numbers to a csv file.")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(help="Write the figures to this folder as PNG and SVG."),
    ] = None,
    inflected: Annotated[
        bool, typer.Option("--inflected", help="Count regular English forms too.")
    ] = False,
    max_uses: Annotated[
        int, typer.Option(help="At most this many sentences per word, drawn at random.")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the random draws.")] = 0,
    columns: ColumnOptions,
) -> None:
    """Measure how contextual WORDS are, layer by layer and model by model.

    Example: longshot contextual examples/mouse.csv --words mouse --report mouse.html
    """
    from longshot.cli.input.places import check_apart
    from longshot.cli.output.progress import uses_bar
    from longshot.contextuality import Settings, read_sentences, study

    _check_places(report, out, figures)
    check_apart(
        {"--report": report, "--out": out, "--figures": figures},
        {"SENTENCES": sentences},
    )
    set_aside: list[str] = []
    read = read_sentences(
        sentences,
        **columns.of_examples,
        on_set_aside=lambda one: set_aside.append(f"{one.source} {one.reason}"),
    )
    settings = Settings(inflected=inflected, max_uses=max_uses, seed=seed)
    with uses_bar() as on_progress:
        found = study(
            read,
            words.split(","),
            model_names(models),
            settings=settings,
            on_progress=on_progress,
        )
    _give(found, report, out, figures)
    for note in (*found.notes, *set_aside):
        say("[yellow]note:[/] {}", note)
    if set_aside:
        raise typer.Exit(EXIT_MISTAKE)


def _give(
    found: "Study", report: Path | None, out: Path | None, figures: Path | None
) -> None:
    """Print what was found, and write the files that are wanted."""
    from longshot.cli.output.study_table import print_study
    from longshot.report.contextual import contextual_page, write_figures, write_numbers
    from longshot.report.pages import write_page

    print_study(found)
    if report is not None:
        write_page(report, contextual_page(found))
        say("the report is in {}", report)
    if out is not None:
        write_numbers(out, found)
        say("the numbers are in {}", out)
    if figures is not None:
        written = write_figures(figures, found)
        say("{} figures are in {}", len(written), figures)


def _check_places(report: Path | None, out: Path | None, figures: Path | None) -> None:
    """Find out before minutes of work whether its results can be written."""
    from longshot.report.drawing import check_drawable
    from longshot.report.files import check_page_place, check_writable, make_folder

    if report is not None:
        check_page_place(report)
    if out is not None:
        check_writable(out)
    if figures is not None:
        make_folder(figures)
    if report is not None or figures is not None:
        check_drawable()


def model_names(given: list[str]) -> list[str]:
    """Take models apart that stand in one option.

    A comma parts models, but for the two files of an ELMo.

    Examples
    --------
    >>> model_names(["minilm,glove:a.txt", "elmo:o.json,w.hdf5,minilm"])
    ['minilm', 'glove:a.txt', 'elmo:o.json,w.hdf5', 'minilm']
    """
    names: list[str] = []
    for part in ",".join(given).split(","):
        if names and names[-1].startswith("elmo:") and "," not in names[-1]:
            names[-1] += f",{part}"
        else:
            names.append(part.strip())
    return names
