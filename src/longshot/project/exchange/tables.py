"""Tables: csv, tsv, jsonl, parquet, with the columns of ``longshot classify``.

Such a table goes back in: what a person gave, corrected or checked is a label, what was
only decided is none.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from longshot.project.exchange.base import Known, Opinion, Received
from longshot.reading.sources.references import (
    CHECKED,
    LABELLED_BY,
    PREDICTED,
    is_persons,
    told,
)
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import BadRow
from longshot.reading.tables.rows import Row as TableRow
from longshot.reading.tables.table import Table
from longshot.records import Evidence, SetAside
from longshot.report.tables import Row

_PREDICTED = PREDICTED["label"]


def shaped(known: Known, evidence: Mapping[str, Evidence] | None = None) -> Row:
    """Give a document as a row; its label is the one that stands now.

    Parameters
    ----------
    known
        The document.
    evidence
        By document, where the passages that decided are wanted: of labels that were
        decided otherwise meanwhile, none is told.
    """
    document, decision = known.document, known.decision
    second = decision.alternatives[0] if decision and decision.alternatives else None
    passages: Row = {}
    if evidence is not None:
        found = evidence.get(document.id)
        if found is not None and (decision is None or found.label != decision.label):
            found = None
        passages = {
            "passage_start": found.passage.start if found else None,
            "passage_end": found.passage.end if found else None,
            "passage": found.passage.text if found else None,
        }
    return {
        "id": document.id,
        "label": known.shown_label,
        _PREDICTED: decision.label if decision else None,
        CHECKED: "yes" if known.is_labelled else None,
        LABELLED_BY: known.labelled_by if known.is_labelled else None,
        "labelled_at": known.labelled_at if known.is_labelled else None,
        "confidence": decision.confidence if decision else None,
        "second_label": second[0] if second else None,
        "second_confidence": second[1] if second else None,
        "n_tokens": decision.n_tokens if decision else None,
        "n_windows": decision.n_windows if decision else None,
        "coverage": decision.coverage if decision else None,
        "new_class": (decision.new_class or None) if decision else None,
        "state": decision.state if decision else None,
        **passages,
        "notes": "; ".join(document.notes) or None,
        "source": document.source or None,
        "text": document.text,
    }


def read(
    path: Path,
    *,
    text_column: str = "text",
    label_column: str = "label",
    id_column: str = "id",
) -> Iterator[Received | SetAside]:
    """Read rows of documents, of labels, or of both.

    Raises
    ------
    ReadingError
        If the table cannot be read.
    """
    columns = Columns(
        text=None,
        id=id_column,
        others=(text_column, label_column, CHECKED, LABELLED_BY, _PREDICTED, "source"),
        argument="PATH",
    )
    table = Table(path=path, columns=columns)
    for row in table.rows():
        source = f"{table.name}, {row.place}"
        if isinstance(row, BadRow):
            yield SetAside(id=str(row.number), source=source, reason=row.reason)
            continue
        text, id_ = row.values.get(text_column), told(row, id_column)
        if not isinstance(text, str) and not id_:
            reason = f'has neither a text in "{text_column}" nor an id in "{id_column}"'
            yield SetAside(id=str(row.number), source=source, reason=reason)
            continue
        yield Received(
            id=id_ or None,
            text=text if isinstance(text, str) else None,
            source=told(row, "source") or source,
            opinions=tuple(_opinions(row, label_column)),
        )


def _opinions(row: TableRow, label_column: str) -> Iterator[Opinion]:
    """Give the label of a row, where a person gave, corrected or checked it."""
    if is_persons(row, label_column):
        label, who = told(row, label_column), told(row, LABELLED_BY)
        yield Opinion(label=label or None, who=who or None)
