"""``longshot evaluate``: how good is it on one's own labelled documents."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.consoles import say
from longshot.cli.failures import telling_mistakes
from longshot.cli.options import (
    Examples,
    IdColumn,
    LabelColumn,
    TextColumn,
    with_embedder,
)

if TYPE_CHECKING:
    from longshot.cli.labelled_set import EmbeddedDocuments
    from longshot.cli.summary import Summary
    from longshot.embedder import DocumentEmbedder
    from longshot.evaluation import Learner


@telling_mistakes
@with_embedder
def evaluate(
    examples: Examples,
    *,
    shots: Annotated[
        str, typer.Option(help="Examples per class, with commas between.")
    ] = "1,2,4,8",
    splits: Annotated[
        int, typer.Option(min=1, help="How often the examples are drawn.")
    ] = 20,
    seed: Annotated[
        int, typer.Option(min=0, help="Of everything drawn at random.")
    ] = 0,
    pile: Annotated[
        bool,
        typer.Option(
            help="Judge the documents of each split together, as classify does, and "
            "each by itself beside it. Takes seconds for every split."
        ),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(help="Another model to compare with, on the same splits."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="All figures: .csv, .tsv, .jsonl, .parquet or .json."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="An HTML page with figures to write.")
    ] = None,
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    id_column: IdColumn = "id",
    embedder: "DocumentEmbedder",
) -> None:
    """Measure how good it is on EXAMPLES, and how much more labels would help.

    Example: longshot evaluate labelled/ --shots 1,2,4,8 --report how-good.html
    """
    from longshot.cli.evaluation_table import print_evaluation
    from longshot.cli.labelled_set import embed_documents, read_labelled
    from longshot.cli.progress import steps_bar
    from longshot.cli.summary import summary_at_end
    from longshot.evaluation import Settings
    from longshot.evaluation import evaluate as measure
    from longshot.report.evaluation import write_numbers, write_report

    settings = Settings(shots=parse_shots(shots), n_splits=splits, seed=seed)
    _check_places(out, report)
    columns = {"text_column": text_column, "id_column": id_column}
    with summary_at_end() as summary:
        read = read_labelled(examples, label_column, columns, summary)
        label_of = {one.document.id: one.label for one in read}
        whole = embed_documents((one.document for one in read), embedder, summary)
        labels = [label_of[document.id] for document in whole.documents]
        learners = _learners(whole, labels, embedder, against, summary, pile=pile)
        with steps_bar("evaluating") as on_step:
            found = measure(
                labels,
                learners,
                settings=settings,
                on_step=on_step,
            )
        summary.tell_not_read()
        print_evaluation(found)
        for note in found.notes:
            say("[yellow]note:[/] {}", note)
        if out is not None:
            write_numbers(out, found)
            say("the figures are in {}", out)
        if report is not None:
            write_report(report, found)
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
        return tuple(int(number) for number in text.split(","))
    except ValueError:
        raise SettingError(
            f"shots must be whole numbers with commas between; got {text!r}. "
            "Write, for instance, --shots 1,2,4,8."
        ) from None


def _learners(
    whole: "EmbeddedDocuments",
    labels: list[str],
    embedder: "DocumentEmbedder",
    against: str | None,
    summary: "Summary",
    *,
    pile: bool,
) -> "dict[str, Learner]":
    from dataclasses import replace

    from longshot.cli.labelled_set import embed_documents
    from longshot.embedder import DocumentEmbedder
    from longshot.evaluation.learners import longshot_learner, standard_learners

    texts = [document.text for document in whole.documents]
    learners = standard_learners(whole.readings, labels, texts, embedder, pile=pile)
    if against is None:
        return learners
    other = DocumentEmbedder(
        replace(embedder.recipe, model=against, precision="float32"),
        engine=embedder.engine,
        cache=embedder.cache,
    )
    vectors = embed_documents(whole.documents, other, summary)
    if len(vectors.documents) < len(whole.documents):
        from longshot.errors import ExamplesError

        raise ExamplesError(
            f"both models must read every document; {against} reads "
            f"{len(vectors.documents)} of {len(whole.documents)}. Remove the others."
        )
    name = f"longshot with {against}"
    learner = longshot_learner(vectors.readings, labels, other, pile=pile)
    return {**learners, name: learner}


def _check_places(out: Path | None, report: Path | None) -> None:
    """Find out before minutes of work whether its results can be written."""
    from longshot.report.contextual_figures import check_drawable
    from longshot.report.evaluation import check_numbers_ending
    from longshot.report.files import check_writable

    if out is not None:
        check_numbers_ending(out)
    for path in (out, report):
        if path is not None:
            check_writable(path)
    if report is not None:
        check_drawable()
