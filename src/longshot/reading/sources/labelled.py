"""The entrance for examples: documents with their labels."""

import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from longshot.errors import ExamplesError, ReadingError
from longshot.reading.kinds import kind_of
from longshot.reading.sources.admission import Admission
from longshot.reading.sources.documents import existing, folder_outcomes
from longshot.reading.sources.folders import walk
from longshot.reading.sources.references import RowOutcome, references_of
from longshot.reading.tables.columns import Columns, listed
from longshot.reading.tables.rows import Row
from longshot.reading.tables.table import KINDS, Table, is_table
from longshot.records import Document, Example, OnSetAside, SetAside

LONGEST_LABEL_CHARACTERS = 200
_HEAD_BYTES = 4096


def read_examples(
    source: str | Path,
    *,
    text_column: str = "text",
    label_column: str = "label",
    id_column: str = "id",
    nested: bool = False,
    documents: str | Path | None = None,
    on_set_aside: OnSetAside | None = None,
) -> Iterator[Example]:
    """Read labelled documents one at a time, in a fixed order.

    Parameters
    ----------
    source
        A folder with one sub-folder per label, or a table with a label per row
        (``-`` for jsonl on standard input). A table without a column of texts names
        documents: by the ``path`` of a file, or by the ``id`` of one of `documents`.
        Of a table of results, only labels that a person changed or checked count.
    text_column, label_column, id_column
        The columns of tables.
    nested
        Whether folders within a label's folder are labels below it: a document in
        ``finance/tax`` is then labelled so, and no longer ``finance``.
    documents
        What a table without texts refers to by its ids.
    on_set_aside
        Called with each example that cannot be read; reading goes on.

    Raises
    ------
    ReadingError
        If the source as a whole cannot be read, or, where ``on_set_aside`` is None, one
        example cannot.
    ExamplesError
        If it is no labelled set: neither folder nor table, without the column, without
        sub-folders, with an empty one, or with texts in the column of labels.
    """
    path = existing(source, argument="EXAMPLES")
    admission = Admission(on_set_aside)
    if path.is_dir():
        return _folder_examples(
            path, Columns(text=text_column, id=id_column), admission, nested
        )
    if not is_table(path):
        raise ExamplesError(
            "EXAMPLES must be a folder with one sub-folder per label, or a table "
            f"({KINDS}); {path} {_what(path)}."
        )
    columns = Columns(
        text=text_column, id=id_column, label=label_column, argument="EXAMPLES"
    )
    references = references_of(path, columns, documents)
    if references is not None:
        return _table_examples(references.outcomes(), references.table, admission)
    table = Table(path=path, columns=columns)
    return _table_examples(table.outcomes(), table, admission)


def read_labels(
    source: str | Path,
    *,
    label_column: str = "label",
    id_column: str = "id",
    argument: str = "EXAMPLES",
) -> dict[str, str]:
    """Read a table's labels by their documents' ids; rows without one are left out.

    Parameters
    ----------
    source
        A table of any kind; its texts, if it has any, are not looked at.
    label_column, id_column
        Its columns. Rows without an id are numbered from 1, as those of documents are.
    argument
        What the person named it as, for errors.

    Raises
    ------
    ReadingError
        If it cannot be read, or is no table.
    ExamplesError
        If it lacks a column, or gives one document two labels.
    """
    path = existing(source, argument=argument)
    if not is_table(path):
        raise ReadingError(
            f"{argument} must be a table ({KINDS}); {path} is not one. Name another "
            "file."
        )
    columns = Columns(
        text=label_column, id=id_column, label=label_column, argument=argument
    )
    table = Table(path=path, columns=columns)
    rows = ((row, _label(row, table)) for row in table.rows() if isinstance(row, Row))
    found: dict[str, str] = {}
    for row, label in rows:
        id_ = table.id_of(row)
        if label and found.setdefault(id_, label) != label:
            raise ExamplesError(
                f"{argument} must give each document one label; {table.name} gives "
                f'"{id_}" both {found[id_]} and {label}. Remove one of them.'
            )
    return found


def named(label: object) -> str:
    """Give a label as it is written in all of longshot: in Unicode's form C.

    A Mac's folders and a table may write "é" in two ways that look the same.
    """
    return unicodedata.normalize("NFC", str(label).strip())


def label_of(place: str, *, nested: bool = False) -> str:
    """Derive the label from a path below the folder of examples.

    It is the first folder, and what lies deeper still belongs to it; or, where labels
    are nested, the whole path of folders. Empty for a file beside the labels' folders.

    Examples
    --------
    >>> label_of("lease/2024/office.txt"), label_of("README.txt")
    ('lease', '')
    >>> label_of("finance/tax/form.txt", nested=True)
    'finance/tax'
    """
    folders = PurePosixPath(place).parts[:-1]
    return named("/".join(folders if nested else folders[:1]))


def _what(path: Path) -> str:
    """Say what a single file is, and what to do with it."""
    with path.open("rb") as file:
        kind = kind_of(path, file.read(_HEAD_BYTES))
    if kind is not None and "spreadsheet" in kind.what:
        return str(kind)
    return "is a single document: put it into a folder named after its label"


def _folder_examples(
    folder: Path, columns: Columns, admission: Admission, nested: bool
) -> Iterator[Example]:
    _check_labels(folder)
    apart = partial(label_of, nested=nested)  # a file may be linked under two labels
    for place, outcome in folder_outcomes(folder, columns, apart=apart):
        label = apart(place)
        if isinstance(outcome, Document) and not label:
            reason = (
                "is beside the labels' sub-folders, so it has no label: move it "
                "into one of them"
            )
            outcome = SetAside(id=outcome.id, source=outcome.source, reason=reason)
        if admission.admits(outcome, label=label or None):
            yield Example(document=outcome, label=label)


def _check_labels(folder: Path) -> None:
    names = (path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
    labels = [path for path in names if path.is_dir()]
    if not labels:
        raise ExamplesError(
            f"EXAMPLES must hold one sub-folder per label; {folder} has no "
            "sub-folders. Put the documents of each label into a folder named after "
            "it, or swap EXAMPLES and DOCUMENTS if they are the wrong way round."
        )
    for label in labels:
        if next(walk(label), None) is None:
            raise ExamplesError(
                f"every label must have a document; the folder {label} is empty. Add "
                "a document, or remove the folder."
            )


def _table_examples(
    outcomes: Iterator[RowOutcome], table: Table, admission: Admission
) -> Iterator[Example]:
    for row, outcome in outcomes:
        label = _label(row, table) if isinstance(row, Row) else ""
        if isinstance(outcome, Document) and not label:
            reason = f'has no label in its column "{table.columns.label}": fill it in'
            outcome = SetAside(id=outcome.id, source=outcome.source, reason=reason)
        if admission.admits(outcome, label=label or None):
            yield Example(document=outcome, label=label)


def _label(row: Row, table: Table) -> str:
    """Take a row's label, without blanks around it; empty if it has none."""
    value = row.values.get(table.columns.label or "")
    label = named(value) if isinstance(value, str | int | float) else ""
    columns = table.columns
    if len(label) > LONGEST_LABEL_CHARACTERS:
        raise ExamplesError(
            f'{columns.argument} must have labels in the column "{columns.label}"; '
            f"{row.place} of {table.path.name} has {len(label):,} characters there. "
            f"Choose the column with --label-column; there are: {listed(row.values)}."
        )
    return label
