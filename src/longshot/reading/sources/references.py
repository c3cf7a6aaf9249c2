"""Examples that name documents of the pile, in the place of holding their texts.

A table without a column of texts refers to documents by their ``id``, as every result
gives it, or by the ``path`` of a file. So a list of suggestions that a person labelled
is a table of examples, and so is a table of results that a person corrected: in that,
only what a person said is an example. A row may name a section of a document, too.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from longshot.errors import ExamplesError
from longshot.reading.sources.documents import documents_named, existing
from longshot.reading.sources.entries import Entry, entry_outcomes
from longshot.reading.sources.sections import COLUMNS, FILE, place_of
from longshot.reading.tables.columns import USUAL_TEXT, Columns
from longshot.reading.tables.rows import BadRow, Row
from longshot.reading.tables.streams import STANDARD_INPUT
from longshot.reading.tables.table import Table, is_there
from longshot.records import Document, SetAside

PATH = "path"
CHECKED = "checked"
LABELLED_BY, LONGSHOT = "labelled_by", "longshot"
"""The column, and what stands there of labels that no person gave, in what the page
saves."""

PREDICTED = {"label": "predicted_label", "labels": "predicted_labels"}
"""The column of what was decided, for each column that a person corrects."""

_ROWS_TO_FIND_COLUMNS = 100
_NOT_CHECKED = {"", "0", "0.0", "false", "n", "no", "none"}


def is_persons(row: Row, label_column: str) -> bool:
    """Tell whether a person gave the label of a row: a blank one says "none of these".

    A row that was never decided about is a person's own; of one that was, those whose
    label was changed, and those that are marked as checked. What the page saves says of
    each label who gave it.
    """
    if told(row, LABELLED_BY) == LONGSHOT:
        return False
    predicted = PREDICTED.get(label_column, "")
    if not row.values.keys() & {CHECKED, predicted}:
        return bool(told(row, label_column))
    is_checked = told(row, CHECKED).lower() not in _NOT_CHECKED
    is_changed = predicted in row.values and (
        told(row, label_column) != told(row, predicted)
    )
    return is_checked or is_changed


def told(row: Row, column: str) -> str:
    """Give what a row says in a column; nothing where it has none of that name."""
    value = row.values.get(column)
    return "" if value is None else str(value).strip()


RowOutcome = tuple[Row | BadRow, Document | SetAside]


@dataclass(frozen=True, kw_only=True, slots=True)
class References:
    """A table that names documents.

    Attributes
    ----------
    table
        The table, whose columns are those that name them.
    documents
        Where the documents are; None where only files can be named.
    columns
        The columns of the documents, where they are a table.
    """

    table: Table
    documents: Path | None
    columns: Columns

    def outcomes(self) -> Iterator[RowOutcome]:
        """Read the document that each row of a person's names.

        Raises
        ------
        ExamplesError
            If no row is a person's, or none names a document that is there.
        ReadingError
            If the table or the documents cannot be read.
        """
        rows = list(self.table.rows())
        named = [row for row in rows if isinstance(row, BadRow) or self._is_meant(row)]
        self._check_any(rows, named)
        ids = {self._id(row) for row in named if isinstance(row, Row)}
        found = self._found(ids)
        outcomes = [(row, self._outcome(row, found)) for row in named]
        if not any(isinstance(outcome, Document) for _, outcome in outcomes):
            raise ExamplesError(
                f"EXAMPLES must name documents of {self.documents or 'files'}; none "
                f"of the {len(named)} that {self.table.name} names is there, such as "
                f'"{outcomes[0][1].id}". Check both paths, or give the texts in a '
                f'column "{USUAL_TEXT}".'
            )
        if left_out := len(rows) - len(named):
            note = (
                f"{left_out} of the {len(rows)} rows of {self.table.path.name} were "
                "not labelled, corrected or checked by a person, and are not used as "
                "examples"
            )
            outcomes = _with_note(outcomes, note)
        yield from outcomes

    def _is_meant(self, row: Row) -> bool:
        column = self.table.columns.label or ""
        return bool(told(row, column)) and is_persons(row, column)

    def _check_any(self, rows: list[Row | BadRow], named: list[Row | BadRow]) -> None:
        if not named:
            raise ExamplesError(
                "EXAMPLES must hold labels that a person gave; none of the "
                f"{len(rows)} rows of {self.table.name} was labelled, corrected or "
                f'checked. Correct labels, or put an x into the column "{CHECKED}".'
            )

    def _found(self, ids: set[str]) -> Mapping[str, Document | SetAside]:
        if self.documents is None:
            return {}
        if self.documents == STANDARD_INPUT:
            raise ExamplesError(
                "EXAMPLES that name documents need DOCUMENTS that can be read twice; "
                "got standard input. Save it to a file."
            )
        documents = existing(self.documents, argument="DOCUMENTS")
        outcomes = documents_named(documents, ids, self.columns)
        return {one.id: one for one in outcomes}

    def _outcome(
        self, row: Row | BadRow, found: Mapping[str, Document | SetAside]
    ) -> Document | SetAside:
        if isinstance(row, BadRow):
            return self.table.document(row)
        place = place_of(row.values)
        whole = self._whole(row, found)
        if place is None or isinstance(whole, SetAside):
            return whole
        id_ = told(row, self.table.columns.id)
        return place.document(whole, id_ or f"{whole.id}#{place}")

    def _id(self, row: Row) -> str:
        """Give the id of the document that a row names, or of that it is a section."""
        file = told(row, FILE) if place_of(row.values) else ""
        return file or self.table.id_of(row)

    def _whole(
        self, row: Row, found: Mapping[str, Document | SetAside]
    ) -> Document | SetAside:
        source = f"{self.table.name}, {row.place}"
        path = told(row, PATH)
        id_ = self._id(row)
        if path and (file := self._file(path)) is not None:
            return _read(file, path, self.columns)
        if id_ in found:
            return found[id_]
        named = path or id_
        reason = f'names the document "{named}", which does not exist: correct the name'
        return SetAside(id=named, source=source, reason=reason)

    def _file(self, path: str) -> Path | None:
        """Find a file by a path from the documents, the table, or the work folder."""
        folders = [self.table.path.parent, Path()]
        if self.documents is not None and self.documents.is_dir():
            folders.insert(0, self.documents)
        files = (folder / path for folder in folders)
        return next((file for file in files if is_there(file)), None)


def references_of(
    path: Path,
    columns: Columns,
    documents: str | Path | None,
    *,
    several: bool = False,
) -> References | None:
    """Take a table as one of references, where it holds no texts but names documents.

    Parameters
    ----------
    path, columns
        The table, and its columns as a table of texts.
    documents
        What it may refer to.
    several
        Whether all labels of a row are wanted, which results have in ``labels``.
    """
    if not path.is_file() or columns.text != USUAL_TEXT:  # a pipe is read once
        return None
    present = _present(path, columns)
    names = {PATH} if documents is None else {PATH, FILE, columns.id}
    if USUAL_TEXT in present or not present & names:
        return None
    all_labels = several and columns.label == "label" and "labels" in present
    naming = Columns(
        text=None,
        id=columns.id,
        label="labels" if all_labels else columns.label,
        others=(PATH, CHECKED, LABELLED_BY, *PREDICTED.values(), *COLUMNS),
        argument=columns.argument,
    )
    return References(
        table=Table(path=path, columns=naming),
        documents=None if documents is None else Path(documents),
        columns=Columns(text=columns.text, id=columns.id),
    )


def _present(path: Path, columns: Columns) -> set[str]:
    """Give the columns of a table that matter here."""
    asked = Columns(
        text=None,
        id=columns.id,
        others=(USUAL_TEXT, PATH, FILE, *PREDICTED),
        argument=columns.argument,
    )
    first = islice(Table(path=path, columns=asked).rows(), _ROWS_TO_FIND_COLUMNS)
    return {name for row in first if isinstance(row, Row) for name in row.values}


def _with_note(outcomes: list[RowOutcome], note: str) -> list[RowOutcome]:
    """Hang a note on the table on the first document that is there."""
    noted: list[RowOutcome] = []
    for row, outcome in outcomes:
        if note and isinstance(outcome, Document):
            outcome, note = replace(outcome, notes=(*outcome.notes, note)), ""
        noted.append((row, outcome))
    return noted


def _read(file: Path, name: str, columns: Columns) -> Document | SetAside:
    """Read what a file holds itself: of a mail, its text without the attachments."""
    outcomes = entry_outcomes(Entry(file, name, str(file)), columns)
    with closing(outcomes):
        found = next(outcomes, None)
    if found is not None and found.id == name:
        return found
    reason = "holds several documents: name each by its id"
    return SetAside(id=name, source=str(file), reason=reason)
