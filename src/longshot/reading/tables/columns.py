"""Which columns of a table are read, and whether a table has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from longshot.errors import ExamplesError, ReadingError, one_line

USUAL_TEXT = "text"
_USUAL_ID = "id"
_SHOWN_COLUMNS = 30
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """The names of the columns that are read.

    Attributes
    ----------
    text
        Must be there; None where a table names its documents and holds no texts.
    id
        Need not be there under its usual name; must be, if the person named another.
    label
        Must be there; None where documents without labels are read.
    others
        Columns that are read where they are there.
    argument
        What the person named the table as, for errors.
    """

    text: str | None = USUAL_TEXT
    id: str = _USUAL_ID
    label: str | None = None
    others: tuple[str, ...] = ()
    argument: str = "DOCUMENTS"

    @property
    def required(self) -> dict[str, str]:
        """The columns that must be there, each with the option that names another."""
        required = {self.text: "--text-column"} if self.text is not None else {}
        if self.label is not None:
            required[self.label] = "--label-column"
        if self.id != _USUAL_ID:
            required[self.id] = "--id-column"
        return required

    @property
    def names(self) -> tuple[str | None, ...]:
        """The columns that name something: they hold what longshot itself writes."""
        return (self.id, self.label)

    def read(self) -> tuple[str, ...]:
        """Name all columns that are read where they are there."""
        return tuple(dict.fromkeys((*self.required, self.id, *self.others)))

    def require(self, present: Sequence[str], *, table: str) -> None:
        """Check a table's columns.

        Raises
        ------
        ReadingError, ExamplesError
            If a column is missing, or is there twice.
        """
        for column, option in self.required.items():
            if column not in present:
                raise self._error(
                    f'a column "{column}"; {table} has: {listed(present)}. '
                    f"{self._which(column, option)}"
                )
        for column in self.read():
            if present.count(column) > 1:
                raise self._error(
                    f'one column "{column}"; {table} has it {present.count(column)} '
                    "times. Rename the others."
                )

    def hold_paths(self, table: str) -> ReadingError | ExamplesError:
        """Give the error of a table whose column of texts names files."""
        what_to_do = (
            "Name the folder of the files as DOCUMENTS."
            if self.label is None
            else (
                'Call the column "path" and leave out --text-column: the files are '
                "then read."
            )
        )
        return self._kind(
            f'{self.argument} must hold texts; the column "{self.text}" of {table} '
            f"holds names of files. {what_to_do}"
        )

    @property
    def _kind(self) -> type[ReadingError] | type[ExamplesError]:
        return ReadingError if self.label is None else ExamplesError

    def _which(self, column: str, option: str) -> str:
        if column == self.text != self.label and self.label is not None:
            return f'Choose it with {option}, or call a column of file names "path".'
        return f"Choose it with {option}."

    def _error(self, rest: str) -> ReadingError | ExamplesError:
        return self._kind(f"{self.argument} must have {rest}")


def listed(columns: Iterable[str]) -> str:
    """Name columns in a line of bounded length, whatever they are called."""
    names = [one_line(name)[:_SHOWN_CHARACTERS] for name in columns]
    more = len(names) - _SHOWN_COLUMNS
    shown = names[:_SHOWN_COLUMNS] + ([f"and {more:,} more"] if more > 0 else [])
    return ", ".join(shown) or "no columns"
