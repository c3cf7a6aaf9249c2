"""The table of speeds as a picture: how many times as fast as each other way."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.output.pictures import pyplot, save

BAR_HEIGHT = 0.8
COLOURS = ("#3b6ea5", "#d08c3f", "#6a9f58")


def draw_ratios(
    seconds: Mapping[str, Mapping[str, float]], path: Path, *, base: str
) -> None:
    """Write a picture of how much faster `base` is than every other way.

    Parameters
    ----------
    seconds
        The median seconds of each way, by data set.
    path
        The file to write; an ``.svg`` is the same byte by byte for the same figures.
    base
        The way that the others are compared with.
    """
    ways = [way for way in next(iter(seconds.values())) if way != base][::-1]
    figure, axes = pyplot().subplots(figsize=(8, 0.6 * len(ways) + 1))
    height = BAR_HEIGHT / len(seconds)
    for number, (name, medians) in enumerate(seconds.items()):
        places = [place - number * height for place in range(len(ways))]
        ratios = [medians.get(way, 0.0) / medians[base] for way in ways]
        bars = axes.barh(places, ratios, height, label=name, color=COLOURS[number % 3])
        labels = [f"{ratio:.1f} ×" if ratio else "not run" for ratio in ratios]
        axes.bar_label(bars, labels, padding=3, fontsize=7)
    middle = height * (len(seconds) - 1) / 2
    axes.set_yticks([place - middle for place in range(len(ways))], ways)
    axes.set_xlabel(f"{base} is so many times as fast")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper right")
    save(figure, path)
