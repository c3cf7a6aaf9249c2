"""A study's files: numbers as csv, figures, and a report that stands alone."""

import csv
import io
from dataclasses import asdict, fields
from pathlib import Path

from longshot.contextuality.results import Row, Study
from longshot.report.contextual_figures import figures
from longshot.report.contextual_page import page
from longshot.report.drawing import rendered
from longshot.report.files import make_folder, whole_file


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


def write_figures(folder: Path, study: Study) -> list[Path]:
    """Write every figure as PNG and SVG into a folder.

    Raises
    ------
    OutputError
        If one cannot be written.
    MissingExtraError
        If matplotlib is not installed.
    """
    make_folder(folder)
    written = []
    for name, figure in figures(study):
        for kind in ("svg", "png"):
            path = folder / f"{name}.{kind}"
            with whole_file(path) as file:
                file.write(rendered(figure, kind))
            written.append(path)
    return written


def write_report(path: Path, study: Study) -> None:
    """Write a page that needs nothing beside itself.

    Whatever comes from sentences, labels and names is escaped, and figures are images,
    so that no text can act.

    Raises
    ------
    OutputError
        If it cannot be written.
    MissingExtraError
        If matplotlib is not installed.
    """
    text = page(study)
    with whole_file(path) as file:
        file.write(text.encode())
