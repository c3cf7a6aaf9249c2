"""``longshot classify --no-pile``: rows are given as their documents are decided."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from longshot.cli.consoles import put, say
from longshot.records import Prediction
from longshot.report.growing import (
    GrowingTable,
    can_grow,
    growing_table,
    partial_path,
)
from longshot.report.predictions import prediction_row
from longshot.report.tables import as_csv, as_jsonl

Keep = Literal["nothing", "labels", "everything"]


def can_give_rows(out: Path | None, format: str) -> bool:
    """Tell whether what is asked for can be written row by row."""
    return format != "table" if out is None else can_grow(out)


def what_to_keep(*, report: bool, labels: bool) -> Keep:
    """Tell what a report, or a comparison of labels, needs of the predictions."""
    if report:
        return "everything"
    return "labels" if labels else "nothing"


def give_rows(
    predictions: Iterable[Prediction], out: Path | None, format: str, *, keep: Keep
) -> list[Prediction]:
    """Write or print each prediction as it comes.

    Parameters
    ----------
    predictions
        As they are decided.
    out, format
        The file; where there is none, the format to print.
    keep
        What is needed of them afterwards; passages take the most room.

    Returns
    -------
    list of Prediction
        What was to be kept.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    if out is None:
        return list(_kept(_printed(predictions, format), keep))
    say("finished rows are in {} until all are there", partial_path(out))
    with growing_table(out) as table, _told_where_stopped(table, out):
        kept = list(_kept(_added(predictions, table), keep))
    say("labels are in {}", out)
    return kept


def _added(
    predictions: Iterable[Prediction], table: GrowingTable
) -> Iterator[Prediction]:
    for one in predictions:
        table.add(prediction_row(one))
        yield one


def _printed(predictions: Iterable[Prediction], format: str) -> Iterator[Prediction]:
    for number, one in enumerate(predictions):
        row = [prediction_row(one)]
        text = as_jsonl(row) if format == "jsonl" else as_csv(row, header=not number)
        put(text, encoding="utf-8")
        yield one


def _kept(predictions: Iterable[Prediction], keep: Keep) -> Iterator[Prediction]:
    for one in predictions:
        if keep == "everything":
            yield one
        elif keep == "labels":
            yield replace(one, evidence=None)


@contextmanager
def _told_where_stopped(table: GrowingTable, out: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        table.flush()
        if table.n_rows:
            say("the rows that were finished are in {}", partial_path(out))
        raise
