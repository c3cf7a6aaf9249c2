"""Accuracy over examples per class, a panel for each data set."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.results import Result
from benchmarks.accuracy.summary import Cells, cells_of
from benchmarks.accuracy.table import set_names
from benchmarks.accuracy.ways import WAYS, set_title
from benchmarks.data.splits import MOST
from benchmarks.output.pictures import pyplot, save

STYLES: dict[str, dict[str, Any]] = {
    "predict_pile": {"color": "#0072b2", "marker": "o", "lw": 3.0},
    "predict": {"color": "#56b4e9", "marker": "s", "lw": 3.0},
    "names": {"color": "#000000", "marker": "x", "lw": 0.0, "mew": 2.0},
    "tf-idf": {"color": "#e69f00", "marker": "^", "ls": "--"},
    "nearest": {"color": "#cc79a7", "marker": "v", "ls": ":"},
    "truncated": {"color": "#d55e00", "marker": "D", "ls": "-"},
    "self-training": {"color": "#009e73", "marker": "P", "ls": "-."},
    "spreading": {"color": "#7f7f7f", "marker": "X", "ls": "--"},
    "setfit": {"color": "#000000", "marker": "*", "lw": 0.0, "ms": 13.0},
}
"""Okabe and Ito's colours, which people with other colour vision tell apart; marks and
dashes say the same once more. What is not named here stands in the tables alone."""

LIMITS = {"whole": ("#000000", "--"), "predict": ("#0072b2", "--")}
LIMIT_TITLES = {
    "whole": "limit: document vectors, four fifths of all labels",
    "predict": "limit: longshot, four fifths of all labels",
}


PANEL_INCHES, LINE_INCHES = 3.7, 0.22
MARGIN = 3.0
"""Above the best and below the worst mean, in points; a band may leave the panel."""


def draw_accuracy(results: Sequence[Result], path: Path) -> None:
    """Write the picture; an ``.svg`` is the same byte by byte for the same results."""
    plot = pyplot()
    names = set_names(results)
    n_columns = min(2, len(names))
    n_rows = -(-len(names) // n_columns)
    figure, panels = plot.subplots(
        n_rows,
        n_columns,
        figsize=(5.2 * n_columns, PANEL_INCHES * n_rows),
        squeeze=False,
    )
    for panel in panels.flat[len(names) :]:
        panel.set_visible(False)
    for name, panel in zip(names, panels.flat, strict=False):
        _draw_panel(panel, name, cells_of(results, name))
    handles = _handles(panels.flat)
    legend_inches = LINE_INCHES * (-(-len(handles) // n_columns) + 1)
    height = PANEL_INCHES * n_rows + legend_inches
    figure.set_figheight(height)
    figure.tight_layout(rect=(0, legend_inches / height, 1, 1))
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="lower center",
        ncols=n_columns,
        frameon=False,
        fontsize=10,
    )
    save(figure, path)


def _draw_panel(panel: Any, name: str, cells: Cells) -> None:
    shots = sorted({one for _, one in cells if one != MOST})
    places = {one: place for place, one in enumerate(shots)}
    for way in reversed(STYLES):
        _draw_way(panel, way, cells, places)
    panel.set_ylim(*_reach(cells))
    for way, (colour, dashes) in LIMITS.items():
        if limit := cells.get((way, MOST)):
            panel.axhline(
                limit.accuracy, color=colour, ls=dashes, lw=1.3, label=LIMIT_TITLES[way]
            )
    panel.set_title(set_title(name), loc="left", fontsize=13, fontweight="bold")
    panel.set_xticks(
        list(places.values()), [str(one) if one else "names\nonly" for one in shots]
    )
    panel.set_xlabel("examples per class", fontsize=11)
    panel.set_ylabel("accuracy in %", fontsize=11)
    panel.tick_params(labelsize=11)
    panel.grid(axis="y", color="#dddddd", lw=0.8)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)


def _draw_way(panel: Any, way: str, cells: Cells, places: Mapping[int, int]) -> None:
    found = {one: cells[way, one] for one in places if (way, one) in cells}
    if not found:
        return
    at = [places[one] for one in found]
    means = [cell.accuracy for cell in found.values()]
    style = {"lw": 1.6, "ms": 6.0} | STYLES[way]
    panel.plot(at, means, label=WAYS[way].title, zorder=_depth(way), **style)
    panel.fill_between(
        at,
        [cell.accuracy - cell.half_width for cell in found.values()],
        [cell.accuracy + cell.half_width for cell in found.values()],
        color=style["color"],
        alpha=0.18,
        lw=0,
    )


def _reach(cells: Cells) -> tuple[float, float]:
    drawn = [
        cell.accuracy
        for (way, shots), cell in cells.items()
        if way in (LIMITS if shots == MOST else STYLES)
    ]
    return max(min(drawn) - MARGIN, 0.0), min(max(drawn) + MARGIN, 100.5)


def _handles(panels: Iterable[Any]) -> dict[str, Any]:
    """Give what the legend names, longshot first."""
    found = {
        label: handle
        for panel in panels
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    titles = [*(WAYS[way].title for way in STYLES), *LIMIT_TITLES.values()]
    return {title: found[title] for title in titles if title in found}


def _depth(way: str) -> float:
    return 2.0 + (len(STYLES) - list(STYLES).index(way)) / 10
