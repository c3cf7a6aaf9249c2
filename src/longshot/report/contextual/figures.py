"""The laboratory's figures: maps of a word's uses, and curves over layers.

Drawn with matplotlib; the same study always gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from longshot.contextuality.results import (
    DEFAULT,
    SENSE_READING,
    SENSES_CENTRED,
    Reading,
    Row,
    Study,
    WordMap,
)
from longshot.report.drawing import (
    COLOURS,
    MARKERS,
    draw_line,
    new_figure,
    plain,
    rendered,
)
from longshot.report.files import make_folder, whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Curve(NamedTuple):
    """A number that is drawn over layers, and what is written above it."""

    measure: str
    reading: Reading
    corrected: bool
    title: str

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Choose its rows."""
        key = (self.measure, self.reading, self.corrected)
        return [row for row in rows if (row.measure, row.reading, row.corrected) == key]


CURVES: tuple[Curve, ...] = (
    Curve("self_similarity", "word", True, "self-similarity (corrected)"),
    Curve("intra_sentence_similarity", "word", True, "intra-sentence (corrected)"),
    Curve("max_explainable_variance", "word", True, "explainable var. (corrected)"),
    Curve(
        "nearest_neighbour",
        SENSE_READING,
        SENSES_CENTRED,
        "nearest neighbour has the sense",
    ),
)
_PANELS_PER_ROW = 3
_LEAST_SPREAD = 1e-4


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


def figures(study: Study) -> "Iterator[tuple[str, Figure]]":
    """Draw all figures of a study, each with a name for its file.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    words = dict.fromkeys(row.word for row in study.rows)
    for number, word in enumerate(words):
        maps = [map_ for map_ in study.maps if map_.word == word]
        yield f"map-{number}-{_file_name(word)}", draw_maps(maps)
        rows = [row for row in study.rows if row.word == word]
        yield f"layers-{number}-{_file_name(word)}", draw_curves(rows)


def draw_maps(maps: Sequence[WordMap]) -> "Figure":
    """Draw one word's uses on a plane, one panel per model, coloured by sense."""
    n_columns = min(len(maps), _PANELS_PER_ROW)
    n_rows = -(-len(maps) // n_columns)
    figure = new_figure(4.6 * n_columns, 4.4 * n_rows)
    for i, map_ in enumerate(maps):
        panel = figure.add_subplot(n_rows, n_columns, i + 1)
        _draw_map(panel, map_)
    return figure


def draw_curves(rows: Sequence[Row], curves: Sequence[Curve] = CURVES) -> "Figure":
    """Draw each measure over the layers of each model, with its interval."""
    there = [curve for curve in curves if curve.of(rows)]
    figure = new_figure(4.2 * len(there), 3.6)
    for i, curve in enumerate(there):
        panel = figure.add_subplot(1, len(there), i + 1)
        _draw_curves(panel, curve.of(rows), curve.title)
    return figure


def _draw_map(panel: Any, map_: WordMap) -> None:
    _draw_uses(panel, map_)
    if len(map_.alone):
        panel.scatter(
            *map_.alone.T,
            s=170,
            marker="*",
            color="black",
            label=plain(f'"{map_.word}" by itself'),
        )
    spread = float(np.ptp(map_.points, axis=0).max()) if len(map_.points) else 0.0
    if spread < _LEAST_SPREAD:
        _tell_that_all_are_one(panel)
    panel.set_title(plain(_title(map_)), fontsize=10)
    panel.set_xticks([])
    panel.set_yticks([])
    panel.legend(fontsize=8, loc="best", framealpha=0.8)


def _draw_uses(panel: Any, map_: WordMap) -> None:
    """Draw one point for each use, in the colour and sign of its sense."""
    senses = np.array(map_.senses)
    for i, sense in enumerate(dict.fromkeys(sorted(map_.senses))):
        of_sense = map_.points[senses == sense]
        panel.scatter(
            *of_sense.T,
            s=26,
            alpha=0.75,
            color=COLOURS[i % len(COLOURS)],
            marker=MARKERS[i % len(MARKERS)],
            linewidths=0,
            label=plain(f"{sense} ({len(of_sense)})"),
        )


def _tell_that_all_are_one(panel: Any) -> None:
    panel.set_xlim(-1, 1)
    panel.set_ylim(-1, 1)
    panel.text(
        0.5,
        0.62,
        "one point: every use\nhas the same vector",
        ha="center",
        transform=panel.transAxes,
        color="#555555",
    )


def _title(map_: WordMap) -> str:
    told = "" if map_.are_told else ", senses found"
    layer = "mean of last layers" if map_.layer == DEFAULT else f"layer {map_.layer}"
    return f"{short_name(map_.model)} ({layer}{told})"


def _draw_curves(panel: Any, rows: Sequence[Row], title: str) -> None:
    for i, model in enumerate(dict.fromkeys(row.model for row in rows)):
        of_model = [row for row in rows if row.model == model and row.layer != DEFAULT]
        layers = [int(row.layer) for row in of_model]
        draw_line(panel, i, layers, of_model, label=short_name(model), markersize=4)
    panel.set_title(title, fontsize=10)
    panel.set_xlabel("layer (0 = input embeddings)")
    panel.xaxis.get_major_locator().set_params(integer=True)
    panel.grid(alpha=0.25)
    panel.legend(fontsize=8)


def short_name(model: str) -> str:
    """Give a model's name without the folders of its files.

    Examples
    --------
    >>> short_name("glove:/data/glove.6B.50d.txt")
    'glove:glove.6B.50d.txt'
    """
    family, colon, files = model.rpartition(":")
    names = [part.rstrip("/").rpartition("/")[2] for part in files.split(",")]
    return f"{family}{colon}{','.join(names)}" if colon else model


def _file_name(word: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in word)[:40]
