"""An evaluation's figures as a table, or everything as JSON."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from longshot.evaluation.intervals import Figure
from longshot.evaluation.results import MEASURES, Evaluation
from longshot.report.files import whole_file
from longshot.report.tables import Row, check_table_ending, write_table

JSON = ".json"


def check_numbers_ending(path: Path) -> None:
    """Find out whether there is a format of this ending.

    Raises
    ------
    SettingError
        If there is none.
    """
    if path.suffix != JSON:
        check_table_ending(path)


def write_numbers(path: Path, found: Evaluation) -> None:
    """Write all figures as a table, one per row, or everything as JSON.

    Raises
    ------
    SettingError
        If there is no format of the file's ending.
    OutputError
        If it cannot be written.
    """
    if path.suffix != JSON:
        write_table(path, list(number_rows(found)))
        return
    text = json.dumps(_plain(asdict(found)), ensure_ascii=False, indent=1)
    with whole_file(path) as file:
        file.write(f"{text}\n".encode(errors="replace"))


def number_rows(found: Evaluation) -> Iterator[Row]:
    """Give each figure with its limits as a row."""
    for point in found.points:
        for measure in MEASURES:
            figure = getattr(point, measure)
            yield _row(point.learner, point.shots, measure, figure)
    closely = found.closely
    for one in closely.classes:
        for measure in ("recall", "precision", "f1"):
            figure = getattr(one, measure)
            yield _row(closely.learner, closely.shots, measure, figure, one.label)
    for pair in found.comparisons:
        learner = f"{pair.learner} - {pair.other}"
        yield _row(learner, pair.shots, "accuracy", pair.difference, p=pair.p_value)


def _row(
    learner: str,
    shots: int,
    measure: str,
    figure: Figure,
    label: str | None = None,
    *,
    p: float | None = None,
) -> Row:
    return {
        "learner": learner,
        "shots": shots,
        "measure": measure,
        "class": label,
        "value": _known(figure.value),
        "low": _known(figure.low),
        "high": _known(figure.high),
        "p_value": p,
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _plain(value: Any) -> Any:
    """Make lists of arrays, and null of what is not known: JSON has no nan."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _known(value) if isinstance(value, float) else value
