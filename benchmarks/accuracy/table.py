"""Results as the tables of docs/classifier.md."""

import math
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.accuracy.results import Result
from benchmarks.accuracy.summary import Cell, Cells, cells_of, differences
from benchmarks.accuracy.ways import (
    OURS,
    WAYS,
    in_order,
    set_title,
    shots_title,
)
from benchmarks.data.splits import MOST
from benchmarks.output.tables import table

SHOTS_OF_SECONDS = 8
"""Examples per class at which calibration and seconds of all ways are told."""


def tables(results: Sequence[Result]) -> str:
    """Give all tables: accuracy by data set, then calibration and seconds."""
    cells = {name: cells_of(results, name) for name in set_names(results)}
    parts = [_accuracy(results, name, found) for name, found in cells.items()]
    return "\n\n".join([*parts, *_calibration(cells), *_seconds(cells)])


def set_names(results: Sequence[Result]) -> list[str]:
    """Name the data sets, as they first occur."""
    return list(dict.fromkeys(one.set_name for one in results))


def all_shots(cells: Cells) -> list[int]:
    """Give the numbers of examples per class, ascending, four fifths last."""
    shots = {one for _, one in cells}
    return sorted(shots, key=lambda one: (one == MOST, one))


def _accuracy(results: Sequence[Result], name: str, cells: Cells) -> str:
    shots = all_shots(cells)
    rows: list[list[str]] = []
    for way in in_order([way for way, _ in cells]):
        told = [_told(cells.get((way, one))) for one in shots]
        rows.append([_title(way), *told])
    ahead = [_ahead(results, name, cells, one) for one in shots]
    if any(ahead):
        rows.append(["with the pile, ahead of the best of the others", *ahead])
    columns = [f"{set_title(name)}, accuracy in %", *map(shots_title, shots)]
    return f"{table(columns, rows)}\n\n{_numbers(results, name, cells)}"


def _numbers(results: Sequence[Result], name: str, cells: Cells) -> str:
    """Tell how many splits there are, and how many documents each judges."""
    measured = [one for one in results if one.set_name == name and one.way != "setfit"]
    few = [one for one in measured if one.shots != MOST] or measured
    counts = sorted({one.n_judged for one in few})
    judged = f"{counts[0]:,}" + (f" to {counts[-1]:,}" if counts[1:] else "")
    n_splits = max(cell.n_splits for cell in cells.values())
    splits = "1 split" if n_splits == 1 else f"{n_splits} splits"
    return f"{splits}; {judged} documents judged in each."


def _ahead(results: Sequence[Result], name: str, cells: Cells, shots: int) -> str:
    others = {
        way: cell.accuracy
        for (way, one), cell in cells.items()
        if one == shots and way not in OURS and way != "setfit"
    }
    if shots == MOST or not others:
        return ""
    best = max(others, key=others.__getitem__)
    found = differences(results, name, shots, "predict_pile", best)
    if found is None:
        return ""
    mean, half = found
    return f"{mean:+.1f}{f' ± {half:.1f}' if half else ''}"


def _told(cell: Cell | None) -> str:
    if cell is None:
        return ""
    interval = f" ± {cell.half_width:.1f}" if cell.half_width else ""
    return f"{cell.accuracy:.1f}{interval}"


def _title(way: str) -> str:
    return f"**{WAYS[way].title}**" if way in OURS else WAYS[way].title


def _calibration(cells: Mapping[str, Cells]) -> Iterator[str]:
    """Give longshot's calibration error by examples per class."""
    sets = {name: found for name, found in cells.items() if _has(found, OURS)}
    shots = sorted(
        {one for found in sets.values() for one in all_shots(found)} - {MOST}
    )
    if not sets:
        return
    columns = ["calibration error in %: alone, with the pile", *map(set_title, sets)]
    rows = [
        [shots_title(one), *(_errors(found, one) for found in sets.values())]
        for one in shots
    ]
    yield table(columns, rows)


def _has(cells: Cells, ways: Sequence[str]) -> bool:
    return any(way in ways for way, _ in cells)


def _errors(cells: Cells, shots: int) -> str:
    found = [cells.get((way, shots)) for way in OURS]
    return ", ".join(f"{cell.calibration_error:.1f}" for cell in found if cell)


def _seconds(cells: Mapping[str, Cells]) -> Iterator[str]:
    """Give every way's calibration error and seconds at one number of examples."""
    shots = SHOTS_OF_SECONDS
    sets = [name for name, found in cells.items() if shots in all_shots(found)]
    if not sets:
        return
    rows = []
    for way in in_order([way for found in cells.values() for way, _ in found]):
        found = [cells[name].get((way, shots)) for name in sets]
        if any(found):
            rows.append([_title(way), *map(_error_and_seconds, found)])
    title = f"{shots} examples per class: calibration error, seconds"
    yield table([title, *map(set_title, sets)], rows)


def _error_and_seconds(cell: Cell | None) -> str:
    if cell is None:
        return ""
    error = f"{cell.calibration_error:.1f} %, "
    return f"{'' if math.isnan(cell.calibration_error) else error}{cell.seconds:.1f} s"
