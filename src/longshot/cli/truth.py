"""True labels, to tell how many came out right."""

from pathlib import Path

from longshot.errors import ReadingError


def read_truth(path: Path) -> dict[str, str]:
    """Read a csv with the columns ``id`` and ``label``.

    Raises
    ------
    ReadingError
        If the file cannot be read, or lacks a column.
    """
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["id"]: row["label"] for row in csv.DictReader(file)}
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise ReadingError(
            f"--truth must be a csv in UTF-8 with the columns id and label; {path} is "
            f"not ({type(error).__name__}: {error}). Check the file."
        ) from error
