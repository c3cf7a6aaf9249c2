"""How ``longshot classify`` gives its rows: as documents are decided, or in the end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from longshot.cli.classify.options import ClassifyOptions, Format
from longshot.cli.classify.printing import print_explanations, print_predictions
from longshot.cli.output.consoles import on_terminal, put, say
from longshot.records import Prediction
from longshot.report.classified.given import GivenLabels
from longshot.report.classified.rows import explained_row, prediction_row
from longshot.report.growing import (
    GrowingTable,
    can_grow,
    growing_table,
    partial_path,
)
from longshot.report.tables import Row, as_csv, as_jsonl, write_table


@dataclass(frozen=True, kw_only=True, slots=True)
class Giving:
    """How predictions are given.

    Attributes
    ----------
    given
        The labels that stand as they are.
    out, format
        The file; where there is none, the format to print.
    explain
        Whether all that spoke for each label is wanted.
    keep_formulas
        Whether csv and tsv hold cells as they are, though a spreadsheet may compute
        some.
    as_they_come
        Whether each document is decided by itself, so that rows need not wait.
    for_report, for_labels
        Whether passages, or labels, are needed after the rows were given.
    """

    given: GivenLabels
    out: Path | None
    format: Format
    explain: bool
    keep_formulas: bool
    as_they_come: bool
    for_report: bool
    for_labels: bool

    @classmethod
    def of(cls, asked: ClassifyOptions, given: GivenLabels) -> "Giving":
        """Tell how predictions are given, as the options ask."""
        return cls(
            given=given,
            out=asked.out,
            format=asked.format or ("table" if on_terminal() else "csv"),
            explain=asked.explain,
            keep_formulas=asked.keep_formulas,
            as_they_come=not asked.pile,
            for_report=asked.report is not None,
            for_labels=asked.truth is not None,
        )

    def collect(self, predictions: Iterable[Prediction]) -> list[Prediction]:
        """Take in all predictions, and where it can be, give each as it comes.

        Returns
        -------
        list of Prediction
            All of them; where they were given already, what is needed afterwards.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        if not self._row_by_row:
            return list(predictions)
        if self.out is None:
            return list(self._kept(self._printed(predictions)))
        say("finished rows are in {} until all are there", partial_path(self.out))
        growing = growing_table(self.out, keep_formulas=self.keep_formulas)
        with growing as table, _told_where_stopped(table, self.out):
            kept = list(self._kept(self._added(predictions, table)))
        say("labels are in {}", self.out)
        return kept

    def finish(self, predictions: Sequence[Prediction]) -> None:
        """Write or print all rows at once, where they were not given already.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        if self._row_by_row:
            return
        if self.out is not None:
            rows = [self._row(one) for one in predictions]
            write_table(self.out, rows, keep_formulas=self.keep_formulas)
            say("labels are in {}", self.out)
        elif self.format == "table":
            print_predictions([self.given.standing(one) for one in predictions])
            if self.explain:
                print_explanations(predictions)
        else:
            rows = [self._row(one) for one in predictions]
            put(self._text(rows), encoding="utf-8")

    @property
    def _row_by_row(self) -> bool:
        if not self.as_they_come:
            return False
        return self.format != "table" if self.out is None else can_grow(self.out)

    def _row(self, prediction: Prediction) -> Row:
        as_row = explained_row if self.explain else prediction_row
        return self.given.marked(as_row(prediction), prediction)

    def _added(
        self, predictions: Iterable[Prediction], table: GrowingTable
    ) -> Iterator[Prediction]:
        for one in predictions:
            table.add(self._row(one))
            yield one

    def _printed(self, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        for number, one in enumerate(predictions):
            put(self._text([self._row(one)], header=not number), encoding="utf-8")
            yield one

    def _text(self, rows: Sequence[Row], *, header: bool = True) -> str:
        if self.format == "jsonl":
            return as_jsonl(rows)
        return as_csv(rows, header=header, keep_formulas=self.keep_formulas)

    def _kept(self, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        """Keep what is needed afterwards; passages take the most room."""
        for one in predictions:
            if self.for_report:
                yield one
            elif self.for_labels:
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
