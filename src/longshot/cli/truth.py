"""True labels, to tell how many came out right."""

from pathlib import Path

from longshot.reading.labelled import read_labels


def read_truth(path: Path, *, label_column: str, id_column: str) -> dict[str, str]:
    """Read true labels by their documents' ids from a table.

    Raises
    ------
    LongshotError
        If it is no table, cannot be read, or lacks a column.
    """
    return read_labels(
        path, label_column=label_column, id_column=id_column, argument="--truth"
    )
