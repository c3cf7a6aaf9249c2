"""Sentences to look for words in, with what is known about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from longshot.errors import ReadingError
from longshot.reading.tables.columns import Columns
from longshot.reading.tables.rows import Row
from longshot.reading.tables.streams import open_text
from longshot.reading.tables.table import KINDS, Table, is_table
from longshot.records import Document, OnSetAside, SetAside


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence, and where in it a word stands, if that is known.

    Attributes
    ----------
    id
        Unique within one run.
    text
        The sentence.
    label
        The sense in which its word is used; None where it is not told.
    word
        The word that it was chosen for; None for any.
    index
        Which of its blank-separated words that is, from 0; None to look for it.
    start
        The character at which it begins; goes before ``index``.
    """

    id: str
    text: str
    label: str | None = None
    word: str | None = None
    index: int | None = None
    start: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentenceColumns(Columns):
    """The text, and what may stand beside it."""

    sense: str = "label"

    def read(self) -> tuple[str, ...]:
        """Name all columns that are read where they are there."""
        names = (self.text, self.id, self.sense, "word", "position", "start")
        return tuple(name for name in names if name is not None)


def read_sentences(
    source: str | Path,
    *,
    text_column: str = "text",
    label_column: str = "label",
    id_column: str = "id",
    on_set_aside: OnSetAside | None = None,
) -> Iterator[Sentence]:
    """Read sentences one at a time.

    Parameters
    ----------
    source
        A table (csv, tsv, jsonl, parquet, each also as .gz) with a column of texts, and
        where there are any, columns of senses (``label``), the ``word`` that a row is
        about, its ``position`` among the blank-separated words, or its ``start`` in
        characters; else a text file with one sentence per line.
    text_column, label_column, id_column
        The columns of a table.
    on_set_aside
        Told of each row that cannot be read; without it, the first one is an error.

    Raises
    ------
    ReadingError
        If there is no such file, or it cannot be read.
    """
    path = Path(source)
    if str(source) != "-" and not path.is_file():
        raise ReadingError(
            f"SENTENCES must be a file: a table ({KINDS}) or a text with one sentence "
            f"per line; {source} is not a file. Check the path."
        )
    if not is_table(path):
        return _lines(path)
    columns = _SentenceColumns(text=text_column, id=id_column, sense=label_column)
    return _rows(Table(path=path, columns=columns), columns, on_set_aside)


def _lines(path: Path) -> Iterator[Sentence]:
    with open_text(path, newline="\n") as stream:
        for number, line in enumerate(stream.lines, start=1):
            if line.strip():
                yield Sentence(id=str(number), text=line.strip())


def _rows(
    table: Table, columns: _SentenceColumns, on_set_aside: OnSetAside | None
) -> Iterator[Sentence]:
    for row in table.rows():
        outcome: Document | Sentence | SetAside = table.document(row)
        if isinstance(outcome, Document) and isinstance(row, Row):
            outcome = _with_places(row, columns, outcome)
        if isinstance(outcome, Sentence):
            yield outcome
        elif isinstance(outcome, SetAside):
            _set_aside(outcome, on_set_aside)


def _with_places(
    row: Row, columns: _SentenceColumns, document: Document
) -> Sentence | SetAside:
    try:
        return Sentence(
            id=document.id,
            text=document.text,
            label=_text(row.values.get(columns.sense)),
            word=_text(row.values.get("word")),
            index=_number(row.values.get("position")),
            start=_number(row.values.get("start")),
        )
    except ValueError:
        reason = "has a position or start that is no whole number"
        return SetAside(id=document.id, source=document.source, reason=reason)


def _text(value: object) -> str | None:
    text = str(value).strip() if value is not None else ""
    return text or None


def _number(value: object) -> int | None:
    return int(str(value)) if value not in (None, "") else None


def _set_aside(outcome: SetAside, on_set_aside: OnSetAside | None) -> None:
    if on_set_aside is None:
        raise ReadingError(
            f"every sentence must be readable; {outcome.source} {outcome.reason}. Fix "
            "it or remove it."
        )
    on_set_aside(outcome)
