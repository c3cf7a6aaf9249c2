"""A study's numbers as csv."""

import csv
import io
from dataclasses import asdict, fields
from pathlib import Path

from longshot.contextuality.results import Row, Study
from longshot.report.files import whole_file


def write_numbers(path: Path, study: Study) -> None:
    """Write all numbers as csv, one per line.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Row)])
    writer.writeheader()
    writer.writerows(asdict(row) for row in study.rows)
    with whole_file(path) as file:
        file.write(text.getvalue().encode())
