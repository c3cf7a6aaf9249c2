"""``longshot evaluate``: how good is it on one's own labelled documents."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.options import (
    ColumnOptions,
    Examples,
    Meanings,
    with_embedder,
    with_options,
)
from longshot.cli.options.decisions import NamesModel
from longshot.cli.output.consoles import say
from longshot.cli.output.failures import telling_mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from longshot.classify import DocumentFeatures
    from longshot.cli.input.embedding import LabelledSet
    from longshot.cli.output.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.evaluation import Evaluation, Learner
    from longshot.records import Document


@telling_mistakes
@with_embedder
@with_options
def evaluate(
    examples: Examples,
    *,
    shots: Annotated[
        str, typer.Option(help="Examples per class, separated by commas.")
    ] = "1,2,4,8",
    splits: Annotated[
        int, typer.Option(min=1, help="How many times to draw examples.")
    ] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random draws.")] = 0,
    pile: Annotated[
        bool,
        typer.Option(
            help="Judge the documents of each split together, as classify does, and "
            "compare with judging each by itself. Takes seconds per split."
        ),
    ] = False,
    labels: Meanings = None,
    names_model: NamesModel = None,
    against: Annotated[
        str | None,
        typer.Option(help="Another model to compare with on the same splits."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write all figures to a .csv, .tsv, .jsonl, .parquet or .json file."
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write an HTML page with figures.")
    ] = None,
    columns: ColumnOptions,
    embedder: "DocumentEmbedder",
) -> None:
    """Measure accuracy on EXAMPLES, and forecast what more labels would bring.

    Example: longshot evaluate labelled/ --shots 1,2,4,8 --report how-good.html
    """
    from longshot.cli.input.embedding import embed_labelled, read_meanings
    from longshot.cli.input.examples import read_labelled
    from longshot.cli.input.places import check_apart
    from longshot.cli.output.progress import steps_bar
    from longshot.cli.output.summary import summary_at_end
    from longshot.evaluation import Settings
    from longshot.evaluation import evaluate as measure

    settings = Settings(shots=parse_shots(shots), n_splits=splits, seed=seed)
    _check_places(out, report)
    check_apart(
        {"--out": out, "--report": report}, {"EXAMPLES": examples, "--labels": labels}
    )
    descriptions = read_meanings(labels)
    with summary_at_end(out) as summary:
        read = read_labelled(examples, columns, summary)
        summary.described(descriptions)
        other = None if against is None else _with_model(embedder, against)
        labelled = embed_labelled(read, embedder, summary)
        learners = _learners(
            labelled, embedder, descriptions, other, summary, pile=pile
        )
        if names_model is not None:
            asking = _asking(names_model, labelled, embedder, descriptions, pile=pile)
            learners[f"longshot, asking {names_model}"] = asking
        with steps_bar("evaluating") as on_step:
            found = measure(
                labelled.labels, learners, settings=settings, on_step=on_step
            )
        summary.tell_not_read()
        _give(found, out, report)


def _give(found: "Evaluation", out: Path | None, report: Path | None) -> None:
    """Print what was found, and write the files that are wanted."""
    from longshot.cli.output.evaluation_table import print_evaluation
    from longshot.report.evaluation import evaluation_page, write_numbers
    from longshot.report.pages import write_page

    print_evaluation(found)
    for note in found.notes:
        say("[yellow]note:[/] {}", note)
    if out is not None:
        write_numbers(out, found)
        say("the figures are in {}", out)
    if report is not None:
        write_page(report, evaluation_page(found))
        say("the report is in {}", report)


def parse_shots(text: str) -> tuple[int, ...]:
    """Read numbers with commas between.

    Raises
    ------
    SettingError
        If they are none.

    Examples
    --------
    >>> parse_shots("1, 8")
    (1, 8)
    """
    from longshot.errors import SettingError

    try:
        numbers = tuple(int(number) for number in text.split(","))
        if min(numbers) >= 1:
            return numbers
        raise ValueError
    except ValueError:
        raise SettingError(
            "shots must be whole numbers of at least 1, separated by commas; got "
            f"{text!r}. Write, for instance, --shots 1,2,4,8."
        ) from None


def _learners(
    labelled: "LabelledSet",
    embedder: "DocumentEmbedder",
    descriptions: "dict[str, str | None]",
    other: "DocumentEmbedder | None",
    summary: "Summary",
    *,
    pile: bool,
) -> "dict[str, Learner]":
    """Give what is measured: longshot, simpler ways, and longshot by another model."""
    from longshot.evaluation.learners import longshot_learner, standard_learners

    learners = standard_learners(
        labelled.embedded.features,
        labelled.labels,
        labelled.texts,
        embedder,
        descriptions,
        pile=pile,
    )
    if other is None:
        return learners
    features = _read_by(other, labelled.embedded.documents, summary)
    learner = longshot_learner(
        features, labelled.labels, other, descriptions, pile=pile
    )
    return {**learners, f"longshot with {other.recipe.model}": learner}


def _asking(
    names_model: str,
    labelled: "LabelledSet",
    embedder: "DocumentEmbedder",
    descriptions: "dict[str, str | None]",
    *,
    pile: bool,
) -> "Learner":
    """Give longshot with a model that is asked about the labels' names, all at once."""
    from longshot.classify import Classifier
    from longshot.cli.output.progress import passes_bar
    from longshot.evaluation.learners import longshot_learner

    classifier = Classifier(names_model=names_model, verbose=False, embedder=embedder)
    shown = {label: descriptions.get(label) for label in labelled.labels}
    with passes_bar(names_model) as on_pass:
        classifier.on_pass = on_pass
        features = classifier.with_names_asked(
            labelled.embedded.features, labelled.texts, shown
        )
    return longshot_learner(
        features,
        labelled.labels,
        embedder,
        descriptions,
        names_model=names_model,
        pile=pile,
    )


def _with_model(embedder: "DocumentEmbedder", model: str) -> "DocumentEmbedder":
    """Give an embedder by the same recipe and another model, in full precision.

    The model is loaded at once: that it is not there should not come to light after
    the first one has read everything.

    Raises
    ------
    ModelError
        If it cannot be loaded.
    """
    from dataclasses import replace

    from longshot.embedder import DocumentEmbedder

    other = DocumentEmbedder(
        replace(embedder.recipe, model=model, precision="float32"),
        engine=embedder.engine,
        cache=embedder.cache,
    )
    _ = other.encoder
    return other


def _read_by(
    embedder: "DocumentEmbedder",
    documents: "Sequence[Document]",
    summary: "Summary",
) -> "DocumentFeatures":
    """Read documents anew by another model, which must read all of them."""
    from longshot.cli.input.embedding import embed_documents
    from longshot.errors import ExamplesError

    read = embed_documents(documents, embedder, summary)
    if len(read.documents) < len(documents):
        raise ExamplesError(
            "both models must be able to read every document; "
            f"{embedder.recipe.model} reads {len(read.documents)} of "
            f"{len(documents)}. Remove the others."
        )
    return read.features


def _check_places(out: Path | None, report: Path | None) -> None:
    """Find out before minutes of work whether its results can be written."""
    from longshot.report.drawing import check_drawable
    from longshot.report.evaluation import check_numbers_ending
    from longshot.report.files import check_page_place, check_writable

    if out is not None:
        check_numbers_ending(out)
        check_writable(out)
    if report is not None:
        check_page_place(report)
        check_drawable()
