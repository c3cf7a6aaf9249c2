"""How every picture of the benchmarks is made, so that it is the same byte by byte."""

from pathlib import Path
from typing import Any


def pyplot() -> Any:
    """Give matplotlib's plotting, set up to draw without a screen."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "longshot", "svg.fonttype": "none"})
    from matplotlib import pyplot as plot

    return plot


def save(figure: Any, path: Path) -> None:
    """Write a picture, on white, and let go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    pyplot().close(figure)
