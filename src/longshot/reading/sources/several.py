"""Examples of which each may have several labels, or none."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from longshot.errors import ExamplesError
from longshot.reading.sources.admission import Admission
from longshot.reading.sources.documents import existing
from longshot.reading.sources.labelled import (
    LONGEST_LABEL_CHARACTERS,
    named,
    read_examples,
)
from longshot.reading.sources.references import RowOutcome, references_of
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import Row
from longshot.reading.tables.table import Table, is_table
from longshot.records import Document, Example, LabelledDocument, OnSetAside, SetAside


def read_labelled_documents(
    source: str | Path,
    *,
    separator: str = ";",
    nested: bool = False,
    text_column: str = "text",
    label_column: str = "label",
    id_column: str = "id",
    documents: str | Path | None = None,
    on_set_aside: OnSetAside | None = None,
) -> list[LabelledDocument]:
    """Read documents with all their labels, in a fixed order.

    Parameters
    ----------
    source
        A table whose column of labels holds a list (jsonl, parquet) or a text with a
        separator between labels; it may be empty. Or a folder with one sub-folder per
        label, where a text that stands in several of them has all these labels.
    separator
        What stands between labels in a text.
    nested, text_column, label_column, id_column, documents, on_set_aside
        As of :func:`read_examples`.

    Raises
    ------
    ReadingError, ExamplesError
        As :func:`read_examples`.
    """
    path = existing(source, argument="EXAMPLES")
    if not is_table(path):
        examples = read_examples(
            source,
            text_column=text_column,
            id_column=id_column,
            nested=nested,
            on_set_aside=on_set_aside,
        )
        return _merged(examples)
    columns = Columns(
        text=text_column, id=id_column, label=label_column, argument="EXAMPLES"
    )
    admission = Admission(on_set_aside)
    references = references_of(path, columns, documents, several=True)
    if references is not None:
        rows = references.outcomes()
        return list(_rows(rows, references.table, separator, admission))
    table = Table(path=path, columns=columns)
    return list(_rows(table.outcomes(), table, separator, admission))


def _merged(examples: Iterable[Example]) -> list[LabelledDocument]:
    """Put the labels of the same text together."""
    found: dict[str, LabelledDocument] = {}
    for one in examples:
        text = one.document.text
        known = found.setdefault(text, LabelledDocument(document=one.document))
        labels = tuple(sorted({*known.labels, one.label}))
        found[text] = replace(known, labels=labels)
    return list(found.values())


def _rows(
    outcomes: Iterator[RowOutcome], table: Table, separator: str, admission: Admission
) -> Iterator[LabelledDocument]:
    for row, outcome in outcomes:
        labels: tuple[str, ...] = ()
        if isinstance(row, Row) and isinstance(outcome, Document):
            found = _labels(row, table, separator)
            if found is None:
                reason = (
                    f'has no labels in its column "{table.columns.label}": fill it in'
                )
                outcome = SetAside(id=outcome.id, source=outcome.source, reason=reason)
            else:
                labels = found
        if admission.admits(outcome):
            yield LabelledDocument(document=outcome, labels=labels)


def _labels(row: Row, table: Table, separator: str) -> tuple[str, ...] | None:
    """Take a row's labels; None where it has no such column or holds no labels."""
    value = row.values.get(table.columns.label or "")
    if value is None:
        return () if table.columns.label in row.values else None
    if isinstance(value, str | int | float):
        value = str(value).split(separator)
    if not isinstance(value, list | tuple):
        return None
    labels = {named(one) for one in value} - {""}
    for label in labels:
        if len(label) > LONGEST_LABEL_CHARACTERS:
            raise ExamplesError(
                f'EXAMPLES must have labels in the column "{table.columns.label}"; '
                f"{row.place} of {table.path.name} has one of {len(label):,} "
                "characters. Choose the column with --label-column, or the separator "
                "of labels with --label-separator."
            )
    return tuple(sorted(labels))
